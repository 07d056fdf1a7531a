"""Whatever the engine refuses, and the window may show, is said in both languages; the window shows its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from engine.bilingual import Bilingual
from engine.errors import EnglishError, GradstepError, SessionError

ROOT = Path(__file__).resolve().parents[1]
ENGLISH_ONLY = ("engine/cli", "engine/dap", "engine/wire/encoding.py", "engine/wire/channel.py", "engine/errors.py")
"""What the window never shows: the command line, editors, and what our processes say to each other."""

OURS = {"GradstepError", "SessionError", "TraceError", "WatchError", "LessonError", "NoAnswer"}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """What is written in each of our files."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for folder in ("engine", "app")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "bilingual.py"
    }


def test_only_what_the_window_never_shows_is_in_english_alone(trees: dict[str, ast.Module]) -> None:
    for path, tree in trees.items():
        if not path.startswith(ENGLISH_ONLY):
            alone = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "EnglishError"]
            assert not alone, f"{path}: lines {alone} raise an error that has no Chinese"


def test_the_window_shows_no_error_as_a_plain_str(trees: dict[str, ast.Module]) -> None:
    """`str(error)` is English: what the window shows goes through `say`."""
    for path, tree in trees.items():
        handlers = (
            [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)] if path[:4] == "app/" else []
        )
        for handler in handlers:
            kinds = {node.id for node in ast.walk(handler.type or ast.Pass()) if isinstance(node, ast.Name)}
            shown = [
                node.lineno
                for node in ast.walk(handler)
                if isinstance(node, ast.Call) and ast.unparse(node) == f"str({handler.name})"
            ]
            assert not (kinds & OURS and shown), f"{path}: lines {shown}"


def test_an_error_is_english_as_a_str_and_tells_both() -> None:
    error = SessionError(Bilingual("It runs.", "它在运行。"), Bilingual("Pause it.", "请暂停它。"))
    assert str(error) == "It runs. Pause it."
    assert error.told == Bilingual("It runs. Pause it.", "它在运行。请暂停它。")
    assert isinstance(EnglishError("No such port."), GradstepError)
    assert str(EnglishError("No such port.", "Ports go up to 65535.")) == "No such port. Ports go up to 65535."
