"""Losses of many terms: what stands under Σ by a name is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_text
from engine.trace.reader import Trace
from tests.helpers.equations import english


def page_of(trace: Trace, name: str) -> Explanation:
    """The page of the first op of that name."""
    return explain(trace, next(event for event in trace.events() if event.name == name).position)


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("smooth_l1_loss(a, t)", "smooth(e) is e²/(2·1) where |e| is up to 1, and abs(e) - 1/2 beyond."),
        ("smooth_l1_loss(a, t, beta=0.0)", "smooth(e) is abs(e)."),
        ("huber_loss(a, t, delta=2.0)", "huber(e) is 1/2·e² where |e| is up to 2, and 2·(abs(e) - 2/2) beyond."),
    ],
)
def test_a_formula_in_two_parts_is_said(recorded: Callable[..., Trace], call: str, note: str) -> None:
    source = f"""
        import torch
        a, t = torch.randn(5), torch.randn(5)
        loss = torch.nn.functional.{call}
    """
    assert english(page_of(recorded(source=source), call.partition("(")[0]).notes) == (note,)


def test_two_terms_need_no_name(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        a, t = torch.tensor([1.0, 5.0]), torch.tensor([0.5, 0.0])
        loss = torch.nn.functional.smooth_l1_loss(a, t)
    """
    page = page_of(recorded(source=source), "smooth_l1_loss")
    assert english(page.notes) == ()
    assert to_text(page.lines[-1].expression).endswith("= 1/2·((1 - 0.5)²/(2·1) + abs(5 - 0) - 1/2) = 2.3125")


def test_the_first_term_is_written_out_under_its_name(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        a, p, n = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[3.0]] * 3), torch.tensor([[1.0]] * 3)
        loss = torch.nn.functional.triplet_margin_loss(a, p, n, eps=0.0)
    """
    page = page_of(recorded(source=source), "triplet_margin_loss")
    first, mean = (to_text(line.expression) for line in page.lines[-2:])
    assert first == "ℓ₀ = max(0, 1 + d(a, p) - d(a, n)) = max(0, 1 + 3 - 1) = 3"
    assert "= 1/3·Σ[i] ℓᵢ = 1/3·(3 + 3 + 1) = 2.333333" in mean
