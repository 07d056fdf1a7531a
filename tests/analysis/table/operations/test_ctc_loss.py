"""CTC beside torch: lengths and targets in every form, sequences that no alignment fits, and the equations."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.table.call import UnfitError
from engine.analysis.table.kinds.alignments import align
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.equations import call_holds

few = settings(max_examples=25, deadline=None)


def logarithms(shape: list[int], seed: int) -> Tensor:
    """Logarithms of random probabilities that are differentiated."""
    found = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return found.log_softmax(-1).requires_grad_()


@few
@given(
    st.integers(1, 6), st.integers(1, 3), st.integers(2, 4), st.data(), st.sampled_from(["none", "mean", "sum"]),
    st.booleans(),
)  # fmt: skip
def test_lengths_and_targets_in_every_form(
    steps: int, count: int, classes: int, data: st.DataObject, reduction: str, zero: bool
) -> None:
    seed, blank = data.draw(st.integers(0, 10**6)), data.draw(st.integers(0, classes - 1))
    labels = st.integers(0, classes - 1).filter(lambda label: label != blank)
    targets = torch.tensor(
        data.draw(st.lists(st.lists(labels, min_size=3, max_size=3), min_size=count, max_size=count))
    )
    inner = torch.tensor(data.draw(st.lists(st.integers(1, steps), min_size=count, max_size=count)))
    outer = torch.tensor(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    logs = logarithms([steps, count, classes], seed)
    options = {"blank": blank, "reduction": reduction, "zero_infinity": zero}
    agree(F.ctc_loss, logs, targets, inner, outer, **options)
    agree(F.ctc_loss, logs, targets, tuple(inner.tolist()), tuple(outer.tolist()), **options)
    joined = torch.cat([row[:length] for row, length in zip(targets, outer, strict=True)])
    agree(F.ctc_loss, logs, joined, inner, outer, **options)
    agree(F.ctc_loss, logarithms([7, classes], seed), targets[0], torch.tensor(7), torch.tensor(3), **options)


@pytest.mark.parametrize("zero", [False, True])
def test_what_no_alignment_fits(zero: bool) -> None:
    agree(F.ctc_loss, logarithms([2, 1, 3], 0), torch.tensor([[1, 1]]), (2,), (2,), zero_infinity=zero)
    impossible = logarithms([4, 1, 4], 0).detach()
    impossible[:, :, 3] = -torch.inf
    agree(F.ctc_loss, impossible.clone().requires_grad_(), torch.tensor([[1, 2]]), (4,), (2,), zero_infinity=zero)
    impossible[:, :, 1] = -torch.inf
    agree(F.ctc_loss, impossible.clone().requires_grad_(), torch.tensor([[1, 2]]), (4,), (2,), zero_infinity=zero)


def test_lengths_that_do_not_fit() -> None:
    call = agree(F.ctc_loss, logarithms([2, 1, 3], 0), torch.tensor([[1]]), (2,), (1,))
    found = a_row("ctc_loss")
    with pytest.raises(UnfitError, match="target_lengths"):
        found[0].forward(call.replaced("target_lengths", np.array([1, 1])))


def test_alignments_are_all_paths_that_collapse_to_the_labels() -> None:
    logs, labels = logarithms([4, 3], 5).detach().numpy(), [1, 1]
    whole = 0.0
    for path in itertools.product(range(3), repeat=4):
        kept = [label for label, _ in itertools.groupby(path) if label != 0]
        if kept == labels:
            whole += float(np.exp(sum(logs[t, label] for t, label in enumerate(path))))
    found = align(logs, np.array(labels), 0)
    assert found.cost == pytest.approx(-np.log(whole), rel=1e-12)
    np.testing.assert_allclose(found.occupancy(logs).sum(axis=1), 1.0, rtol=1e-12)


CALLS = [
    "F.ctc_loss(torch.stack([x, t, w, x + w]).log_softmax(2), torch.tensor([[1, 2], [2, 0]]), (4, 3), (2, 1), {})",
    "F.ctc_loss(torch.stack([x, t]).log_softmax(2), torch.tensor([1, 1, 2]), (2, 2), (2, 1), zero_infinity=True)",
    "F.ctc_loss(torch.cat([x, t]).log_softmax(1), torch.tensor([1, 2]), torch.tensor(4), torch.tensor(2))",
]


@pytest.mark.parametrize("call", [CALLS[0].format("0, reduction='none'"), CALLS[0].format(0), *CALLS[1:]])
def test_each_elements_equation_comes_to_the_recorded_number(recorded: Callable[..., Trace], call: str) -> None:
    assert call_holds(recorded, call) > 3
