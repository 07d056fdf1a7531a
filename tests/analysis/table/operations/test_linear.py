"""linear: its row against torch, its equations against the recorded numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import fresh
from tests.helpers.equations import equations_hold

Record = Callable[..., Trace]
SIZES = st.integers(0, 4)


@settings(max_examples=40, deadline=None)
@given(st.lists(SIZES, max_size=3), SIZES, SIZES, st.booleans())
def test_linear(batch: list[int], inputs: int, units: int, bias: bool) -> None:
    agree(F.linear, fresh(*batch, inputs), fresh(units, inputs), fresh(units) if bias else None)
    agree(F.linear, input=fresh(*batch, inputs), weight=fresh(units, inputs))


def test_a_weight_without_units_and_whole_numbers() -> None:
    agree(F.linear, fresh(2, 3, 4), fresh(4))
    agree(F.linear, fresh(4), fresh(4), fresh())
    agree(F.linear, torch.arange(6).reshape(2, 3), torch.arange(12).reshape(4, 3), torch.arange(4))
    agree(torch.nn.Linear(3, 2, dtype=torch.float64), fresh(5, 3))


SCRIPTS = {
    "rows": "F.linear(torch.randn(6, 5, requires_grad=True), W, b)",
    "small": "F.linear(torch.randn(2, 5, requires_grad=True)[:, :3], W[:, :3], b)",
    "vector": "F.linear(torch.randn(5, requires_grad=True), W)",
    "batches": "F.linear(torch.randn(2, 3, 5, requires_grad=True), W, b)",
}


@pytest.mark.parametrize("expression", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_equations_come_to_the_recorded_numbers(recorded: Record, expression: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            import torch.nn.functional as F
            W, b = torch.randn(3, 5, requires_grad=True), torch.randn(3, requires_grad=True)
            z = {expression}
            (z * torch.randn(z.shape)).sum().backward()
        """
    )
    assert equations_hold(trace, "linear").gradients.total() >= 10


def test_a_batch_is_summed_over(recorded: Record) -> None:
    trace = recorded(
        source="""
            import torch
            x = torch.tensor([[1.0], [2.0]])
            w = torch.tensor([[3.0]], requires_grad=True)
            z = torch.nn.functional.linear(x, w)
            (z * torch.tensor([[10.0], [20.0]])).sum().backward()
        """
    )
    pages = [explain(trace, event.position) for event in trace.events() if event.kind == Kind.NODE]
    texts = [to_text(line.expression) for page in pages for line in page.lines]
    assert any(text.endswith("= 10·1 + 20·2 = 50") for text in texts), texts
    assert any("2 rows of the batch" in note.english for page in pages for note in page.notes)
