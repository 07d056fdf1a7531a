"""Each kind of breakpoint has a row in the table and in the documentation; so has each name of a condition."""

from pathlib import Path

import pytest

from engine.analysis.breakpoints import kinds
from engine.analysis.breakpoints.facts import NAMES
from engine.analysis.breakpoints.kind import KINDS
from engine.wire.breakpoints import What

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "breakpoints.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", What)
def test_a_kind_is_made_and_documented(what: What) -> None:
    assert kinds
    assert KINDS[what].title
    assert f"\n| `{what}` |" in TEXT


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_documented(name: str) -> None:
    assert f"\n| `{name}` |" in TEXT
