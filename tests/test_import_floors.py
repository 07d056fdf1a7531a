"""What import-linter cannot say: the child's half needs only numpy and torch, and engine imports itself relatively."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Everything that is loaded into the learner's own interpreter: the child, the recorder and the floors under them.
CHILD_SIDE = ("child", "recorder", "trace", "wire", "events", "values", "limits", "errors")
OF_THE_LEARNER = {"numpy", "torch"}


def files_of(part: str) -> list[Path]:
    """The source files of a part of engine, which is a folder or one file."""
    return [*(ROOT / "engine" / part).rglob("*.py"), *(ROOT / "engine").glob(f"{part}.py")]


def absolute_imports(file: Path) -> Iterator[str]:
    """The full names of what a file imports absolutely, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize("part", CHILD_SIDE)
def test_the_childs_half_needs_only_what_the_learner_has(part: str) -> None:
    wanted = {name.partition(".")[0] for file in files_of(part) for name in absolute_imports(file)}
    assert wanted - sys.stdlib_module_names - OF_THE_LEARNER == set()


def test_the_childs_half_exists() -> None:
    assert [part for part in CHILD_SIDE if not files_of(part)] == []


def test_engine_imports_itself_relatively() -> None:
    ours = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in (ROOT / "engine").rglob("*.py")
        for name in absolute_imports(file)
        if name.partition(".")[0] in {"engine", "app", "gradstep"}
    }
    assert ours == set()
