"""Conditions and texts of log points, at events made by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

from engine.analysis.breakpoints.condition import condition, filled, holds, needs_outcome
from engine.analysis.breakpoints.happening import Figures, Happening
from engine.analysis.breakpoints.judge import Judge, check, is_late
from engine.errors import GradstepError
from engine.values import statistics
from engine.wire.breakpoints import Breakpoint, What

ARRAYS = {1: np.array([1.0, -3.0]), 2: np.array(0.25), 3: np.array([np.nan, 1.0])}


class Around:
    """A run of which little is known."""

    def line(self, site: int | None) -> tuple[str, int] | None:
        return None if site is None else ("/s.py", site)

    def begun(self, here: Happening) -> Iterable[tuple[str, str, str]]:
        return [("hidden", "Linear", "net")] if here.position == 0 else []

    def module(self, call: int | None) -> str:
        return "" if call is None else "hidden"

    def tensor_of(self, value: int) -> int | None:
        return None

    def tensor_name(self, tensor: int) -> str:
        return "w"

    def owner_of_gradient(self, value: int, here: Happening) -> int | None:
        return None

    def maker(self, here: Happening) -> str:
        return "linear"

    def figures(self, value: int) -> Figures | None:
        array = ARRAYS.get(value)
        return None if array is None else Figures(statistics(array), array.shape, lambda: array)

    def loss(self, position: int) -> float:
        return 0.25 if position > 3 else math.nan


def event(position: int, name: str = "linear", kind: str = "op", made: int | None = 1, read: int = 2) -> Happening:
    """An event that is over."""
    inputs, outputs = [("0", read, None, 0)], [("0", made, None, 0)]
    return Happening(position, kind, name, f"torch.{name}", 2, "forward", 1, 7, inputs, outputs, None, None, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ('name == "linear" and iteration == 3', True),
        ('name == "relu" or phase == "forward"', True),
        ("not position > 4", False),
        ('module == "hidden"', True),
        ("line == 7", True),
        ('kind == "op" and "line" != name', True),  # texts that are names of facts too
        ("value.min == -3", True),
        ("value.largest > 2.5 and value.nans == 0", True),
        ("value.norm**2 < 10.001", True),
        ("value > 0", False),  # one of two elements
        ("max(value) < 1.5", True),
        ("loss < 0.3", True),
        ("grad.max > 0", False),  # an op has no gradient
        ("1 <= iteration < 3", False),
    ],
)
def test_a_condition_is_asked_of_an_event(text: str, expected: bool) -> None:
    assert holds(text, event(5), Around()) is expected


def test_what_has_no_answer_does_not_hold() -> None:
    assert not holds("loss > 0", event(1), Around())
    assert not holds("value > 0", event(5, made=9), Around())


@pytest.mark.parametrize("text", ["loss >", "__import__('os')", "open('x')", "los > 1", "x.y", "loss = 1", "lambda: 1"])
def test_what_is_no_condition_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(GradstepError) as refused:
        condition(text)
    assert refused.value.hint


def test_a_log_text_is_filled_in() -> None:
    text = "{name} at {position}: {value.max:.2f}, {loss}, {grad.max}."
    assert filled(text, event(5), Around()) == "linear at 5: 1.00, 0.25, ?."
    with pytest.raises(GradstepError, match="no way to write a number"):
        check(Breakpoint(What.OP, log="{loss:zz}"))


def test_only_conditions_on_what_is_made_wait_until_the_event_is_over() -> None:
    assert not needs_outcome('op == "value" and loss > 1')
    assert needs_outcome("value.max > 1")
    assert is_late(Breakpoint(What.OP, "linear", condition="grad.norm > 1"))
    assert is_late(Breakpoint(What.NOT_FINITE))
    assert not is_late(Breakpoint(What.NODE, "*"))


@pytest.mark.parametrize(
    "wrong",
    [Breakpoint(What.CONDITION), Breakpoint(What.LINE), Breakpoint(What.DATA), Breakpoint(What.OP, "a", every=0)],
)
def test_a_breakpoint_that_cannot_be_is_refused(wrong: Breakpoint) -> None:
    with pytest.raises(GradstepError):
        check(wrong)


def test_nan_is_blamed_on_who_made_it_only() -> None:
    judge = Judge([Breakpoint(What.NOT_FINITE)], [0], Around(), 0)
    assert not judge.over(event(1, "mul"), None).stops
    assert judge.over(event(2, "sqrt", made=3), None).stops
    assert not judge.over(event(3, "sum", made=3, read=3), None).stops
    assert not judge.over(event(4, "empty", made=3), None).stops  # whatever lay in memory


def test_a_hit_counts_when_the_event_is_over() -> None:
    judge = Judge([Breakpoint(What.OP, "linear", first=2, every=2)], [0], Around(), 0)
    stops = []
    for position in range(1, 7):
        announced = judge.stops_before(event(position), None)
        assert judge.stops_before(event(position), None) is announced
        assert not judge.over(event(position), None).stops
        stops.append(announced)
    assert stops == [False, True, False, True, False, True]
