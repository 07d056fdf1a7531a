"""Every event of the examples, and nearly every one of the model zoo, is explained with a row and checked in numpy."""

from __future__ import annotations

import pytest

from engine.analysis.verdict.report import check
from tests.helpers.coverage import Coverage, example_traces, source_traces
from tests.helpers.zoo import zoo

ZOO_SHARE = 0.95


def test_all_events_of_the_examples_are_checked_and_agree() -> None:
    coverage = Coverage()
    for _, trace in example_traces():
        coverage.add(trace)
    for counts in (coverage.ops, coverage.gradients, coverage.updates):
        assert counts.events > 500
        assert not counts.differing
        assert not counts.reasons
        assert counts.rows == counts.events


def test_the_zoo_is_checked_and_agrees() -> None:
    coverage = Coverage()
    for name, trace in source_traces(zoo()):
        coverage.add(trace)
        report = check(trace, [0])
        assert report.agrees, name
    for counts in (coverage.ops, coverage.gradients, coverage.updates):
        assert counts.events > 700
        assert not counts.differing
        assert counts.share_checked >= ZOO_SHARE, counts.reasons
        assert counts.rows >= ZOO_SHARE * counts.events


WRONG = """
import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x * FACTOR

torch.manual_seed(0)
w = torch.randn(4, 3, requires_grad=True)
loss = Square.apply(torch.randn(5, 4) @ w).sum()
loss.backward()
"""


@pytest.mark.parametrize(("factor", "is_right"), [("2", True), ("1", False), ("-2", False), ("2.002", False)])
def test_a_wrong_backward_is_found_and_named(factor: str, is_right: bool) -> None:
    for _, trace in source_traces({"square": WRONG.replace("FACTOR", factor)}):
        report = check(trace)
        assert report.agrees is is_right
        if not is_right:
            (verdict,) = report.differences
            assert "Square" in verdict.what.english
            assert verdict.line is not None
            assert trace.source(1) is not None
            assert WRONG.splitlines()[verdict.line[1] - 1].strip().startswith("def backward")
