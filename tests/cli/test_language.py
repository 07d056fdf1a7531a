"""One way to ask for Chinese: --language, of every command that speaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

COMMANDS = ("op", "explain", "check", "doctor", "why", "lessons", "glossary")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_speaks_chinese_takes_it_alike(run: Run, command: str) -> None:
    assert "--language {en,zh}" in " ".join(run(command, "-h").out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_there_is_no_other_way(run: Run, hello_path: Path, command: str) -> None:
    arguments = {"lessons": (), "op": ("relu",), "glossary": ("leaf",), "explain": (hello_path, "z1")}
    given = arguments.get(command, (hello_path,))
    assert run(command, *given, "--chinese").code == 2
    assert run(command, *given, "--language", "de").code == 2


def test_the_default_is_english_everywhere(run: Run, hello_path: Path) -> None:
    for given in (
        ("op", "relu"),
        ("explain", hello_path, "z1"),
        ("doctor", hello_path),
        ("lessons",),
        ("glossary", "leaf"),
    ):
        assert run(*given).out == run(*given, "--language", "en").out != run(*given, "--language", "zh").out


def test_what_an_equation_is_about_is_in_chinese_with_its_symbol(run: Run, hello_path: Path) -> None:
    assert run("explain", hello_path, "new w1", "--language", "zh").lines[0] == "SGD：新 w⁽¹⁾"
