"""What stands side by side in the engine's code is really the same in English and in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.chinese import english_left, has_chinese

ENGINE = Path(__file__).resolve().parents[1] / "engine"
FILES = sorted(ENGINE.rglob("*.py"))
PAIRS = frozenset({"Bilingual", "sentence", "UnfitError"})
WORDS = re.compile("[a-z]{2,} [a-z]{2,}|^[A-Za-z][a-z]+$")


def pairs(file: Path) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(English, Chinese) of each pair that is written out in a file."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PAIRS:
            assert len(call.args) == 2 or any(isinstance(argument, ast.Starred) for argument in call.args)
            if len(call.args) == 2:
                yield call.args[0], call.args[1]


def words(text: ast.expr) -> str | None:
    """What is written out of a text, with {} for what is put in; None for one that is put together elsewhere."""
    if isinstance(text, ast.Constant):
        return str(text.value)
    if isinstance(text, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in text.values)
    return None


def put_in(text: ast.expr) -> set[str]:
    """Names of the variables that an f-string puts in, without constants; a part in two languages by its name."""
    holes = [part.value for part in getattr(text, "values", []) if isinstance(part, ast.FormattedValue)]
    names = {name.id for hole in holes for name in ast.walk(hole) if isinstance(name, ast.Name)}
    return {name.removesuffix("_zh") for name in names if not name.isupper()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ENGINE)))
def test_both_say_something_and_with_the_same_names_put_in(file: Path) -> None:
    for english, chinese in pairs(file):
        ours, theirs = words(english), words(chinese)
        if ours is None or theirs is None:
            continue
        assert not has_chinese(ours)
        assert english_left(theirs) == [], theirs
        assert has_chinese(theirs) or not WORDS.search(ours), f"{ours} | {theirs}"
        assert put_in(english) == put_in(chinese), f"{ours} | {theirs}"
        ends = theirs.rstrip()[-1:]
        assert not ours.endswith(".") or ends in "。）", theirs
        assert not re.search("[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]", theirs), theirs
