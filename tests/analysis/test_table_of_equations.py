"""The table of equations takes one row an op."""

from __future__ import annotations

import pytest

from engine.analysis.explain import explainer
from engine.analysis.explain.case import Forward, Worked
from engine.analysis.explain.table import BACKWARD, FORWARD, forward


def test_a_second_row_for_an_op_is_refused() -> None:
    def again(case: Forward) -> Worked:
        return Worked(None, None, 0.0)

    assert explainer.FAMILIES
    with pytest.raises(ValueError, match="linear has an equation already"):
        forward("linear")(again)


def test_what_can_go_back_can_go_forward() -> None:
    assert BACKWARD.keys() <= FORWARD.keys()
