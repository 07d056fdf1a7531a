"""What a script writes becomes lines."""

from __future__ import annotations

from app.models.console_text import TextPart, text_parts


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(part.how, part.text) for part in text_parts(text)]


def test_lines_begin_anew() -> None:
    assert _pairs("a\nb\n") == [("append", "a"), ("new", "b"), ("new", "")]
    assert _pairs("more") == [("append", "more")]
    assert _pairs("") == []


def test_a_return_overwrites_as_progress_bars_want() -> None:
    assert _pairs("\r10 %\r20 %") == [("replace", "10 %"), ("replace", "20 %")]
    assert _pairs("done\r\nnext") == [("append", "done"), ("new", "next")]
    assert _pairs("50 %\r") == [("append", "50 %")]


def test_terminal_colours_are_dropped() -> None:
    assert text_parts("\x1b[1;31mred\x1b[0m \x1b]0;title\x07plain") == [TextPart("append", "red plain")]
