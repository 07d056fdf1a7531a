"""What reaches a terminal: text and colours, no commands."""

from __future__ import annotations

import io

from engine.cli.terminal import Terminal


def test_names_of_a_stranger_s_trace_send_no_commands() -> None:
    terminal = Terminal(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert terminal.plain("a\033[2Jb\033]0;title\x07\x9b1A\r") == "a?[2Jb?]0;title??1A?"
    assert terminal.plain("\033[31m∂C/∂w\033[0m\n\tη") == "\033[31m∂C/∂w\033[0m\n\tη"


def test_only_a_terminal_has_an_edge(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert Terminal(stream).cut_at > 10_000
    monkeypatch.setattr(stream, "isatty", lambda: True)
    assert Terminal(stream).cut_at == Terminal(stream).width == 44
