"""Every letter that the program can show is in a font that it carries, so that no machine shows a box in its place."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QRawFont

from app.assets import resources_dir
from app.theme import CODE_FAMILIES, MATH_FAMILIES, UI_FAMILIES

ROOT = resources_dir().parent
REGULAR = {
    "Inter": "Inter-Regular.otf",
    "Gradstep Signs": "GradstepSigns-Regular.ttf",
    "JetBrains Mono": "JetBrainsMono-Regular.ttf",
    "STIX Two Math": "STIXTwoMath-Regular.ttf",
}
TEXTS = (".md", ".ts", ".json", ".toml", ".py")


def literals(file: Path) -> Iterator[str]:
    """The texts in a module, other than its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree)
                  if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def is_drawn(letter: str) -> bool:
    """Whether a font has to have it: neither Chinese, which the system's fonts have, nor a sign without a shape."""
    is_chinese = "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"
    return not is_chinese and unicodedata.category(letter) not in ("Cc", "Cf", "Cn", "Zl", "Zp")


@pytest.fixture(scope="module")
def letters() -> dict[str, str]:
    """Each letter with a file that has it."""
    found: dict[str, str] = {}
    modules = [file for folder in ("app", "engine") for file in (ROOT / folder).rglob("*.py")]
    texts = [(file, text) for file in modules for text in literals(file)]
    resources = [file for file in resources_dir().rglob("*") if file.suffix in TEXTS]
    texts += [(file, file.read_text(encoding="utf-8")) for file in resources]
    for file, text in texts:
        for letter in filter(is_drawn, set(text)):
            found.setdefault(letter, str(file.relative_to(ROOT)))
    return found


@pytest.mark.parametrize("families", [UI_FAMILIES, CODE_FAMILIES, MATH_FAMILIES], ids=["ui", "code", "math"])
@pytest.mark.usefixtures("qapp")
def test_the_shipped_fonts_have_every_letter(families: tuple[str, ...], letters: dict[str, str]) -> None:
    assert {"∂", "ᵀ", "✕", "η", "a"} <= set(letters)
    fonts = [QRawFont(str(resources_dir() / "fonts" / REGULAR[name]), 16.0) for name in families if name in REGULAR]
    lacking = {letter: file for letter, file in letters.items()
               if not any(font.supportsCharacter(ord(letter)) for font in fonts)}  # fmt: skip
    assert lacking == {}
