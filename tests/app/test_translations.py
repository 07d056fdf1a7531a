"""Every text of the window can be found by the translators' tool, is translated, and is in the file that Qt reads."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.translations import ROOT, TEXTS, compile_texts

CODE = sorted((ROOT / "app").rglob("*.py"))
SHOWING = {
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "QGroupBox", "QMenu", "setText", "setToolTip",
    "setStatusTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setTitle",
    "addItem", "addTab", "addRow", "addMenu", "addAction", "setTabText", "setSuffix", "setPrefix", "showMessage",
}  # fmt: skip
"""Calls whose text a user reads."""
NAMES = {"Gradstep", "loss > 10 and iteration > 3"}
"""Texts that are the same in every language: names, and code."""
WORD = re.compile(r"[A-Za-z]{3,}")
PLACEHOLDER = re.compile(r"%\d|%n|\{\d\}")


def is_marked(call: ast.AST) -> bool:
    """Whether this is a call of tr or translate."""
    return isinstance(call, ast.Call) and (called(call) == "tr" or is_translate(call))


def is_translate(call: ast.Call) -> bool:
    """Whether this is Qt's `translate`, and not that of a painter or a text, or a mark on what is translated later."""
    first = call.args[0] if len(call.args) == 2 else None
    is_named = called(call) in ("translate", "QT_TRANSLATE_NOOP")
    return is_named and isinstance(first, ast.Constant) and isinstance(first.value, str)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def shown_literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Literals that go into a widget without having been translated, each with its line."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and called(call) in SHOWING:
            for argument in call.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.lineno, argument.value


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_users_read_is_given_to_translators(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [(line, text) for line, text in shown_literals(tree) if WORD.search(text) and text not in NAMES]
    assert bare == []
    inside = [call.lineno for text in ast.walk(tree) if isinstance(text, ast.JoinedStr)
              for call in ast.walk(text) if is_marked(call)]  # fmt: skip
    assert inside == [], "the translators' tool does not look into f-strings"


def marked_literals() -> set[tuple[str, str]]:
    """All texts that the code marks, each with its context: the class, or the first argument of translate."""
    found = set()
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            found |= {(owner.name, text_of(call.args[0])) for call in ast.walk(owner)
                      if isinstance(call, ast.Call) and called(call) == "tr"}  # fmt: skip
        found |= {(text_of(call.args[0]), text_of(call.args[1])) for call in ast.walk(tree)
                  if isinstance(call, ast.Call) and is_translate(call)}  # fmt: skip
    return found


def text_of(argument: ast.expr) -> str:
    assert isinstance(argument, ast.Constant), f"line {argument.lineno}: only a literal can be translated"
    assert isinstance(argument.value, str)
    return argument.value


def translated() -> dict[tuple[str, str], ElementTree.Element]:
    """The messages of the file, by context and text."""
    found = {}
    for context in ElementTree.parse(TEXTS).getroot().iter("context"):
        for message in context.iter("message"):
            found[context.findtext("name", ""), message.findtext("source", "")] = message
    return found


def test_the_file_has_all_texts_of_the_code_and_no_others() -> None:
    there, wanted = set(translated()), marked_literals()
    assert (sorted(wanted - there), sorted(there - wanted)) == ([], []), "run: python scripts/translations.py"


def test_every_text_is_translated_with_the_same_places_for_numbers() -> None:
    missing, other = [], []
    for (_, source), message in translated().items():
        found = message.find("translation")
        text = "" if found is None else "".join(found.itertext())
        if found is None or found.get("type") or not text.strip():
            missing.append(source)
        elif sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(source)):
            other.append(source)
    assert (missing, other) == ([], [])


def test_the_file_that_qt_reads_is_up_to_date(tmp_path: Path) -> None:
    compile_texts(TEXTS, tmp_path / "fresh.qm")
    assert (tmp_path / "fresh.qm").read_bytes() == TEXTS.with_suffix(".qm").read_bytes()
