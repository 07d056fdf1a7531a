"""Tables to fill in: how much is blank follows from the level, which from the seed."""

from __future__ import annotations

import pytest

from engine.lessons.blanks import LEVELS, Tables, tables


@pytest.fixture
def trace(play):
    """The run of the first lesson."""
    return play("hello").traces["once"]


def blank(found: Tables) -> list[str]:
    return [line.symbol for line in (*found.forward, *found.backward) if line.is_blank]


def test_levels(trace) -> None:
    found = [tables(trace, 0, level, seed=1) for level in LEVELS]
    assert [len(blank(one)) for one in found] == [0, 5, 10, 19, 19]
    assert [line.result for line in found[0].forward] == ["1.124", "0.75473", "1.7391", "0.85057", "0.022329"]
    assert found[0].forward[0].formula == "w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14)"
    assert found[3].forward[0].formula == "w⁽¹⁾·x + b⁽¹⁾"
    assert found[4].forward[0].formula == ""
    assert [line.symbol for line in found[0].backward][:2] == ["∂C/∂a⁽²⁾", "σ′(z⁽²⁾)"]


def test_the_seed_decides(trace) -> None:
    assert blank(tables(trace, 0, 2, seed=1)) == blank(tables(trace, 0, 2, seed=1))
    assert len({tuple(blank(tables(trace, 0, 2, seed=seed))) for seed in range(5)}) == 5


@pytest.mark.parametrize("seed", range(6))
def test_no_formula_gives_a_blank_away(trace, seed: int) -> None:
    found = tables(trace, 0, 2, seed)
    lines = (*found.forward, *found.backward)
    hidden = {line.result.lstrip("−") for line in lines if line.is_blank}
    shown = " ".join(line.formula for line in lines)
    assert [number for number in hidden if number in shown.split("·") or f"({number}" in shown] == []
    assert "____" in shown
