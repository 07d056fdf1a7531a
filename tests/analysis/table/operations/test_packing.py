"""Sequences of different lengths: each row beside torch, and a tagger with a packed LSTM checked whole."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.against_torch import agree
from tests.helpers.checked_programs import not_agreeing
from tests.helpers.drawn_tensors import filled
from tests.helpers.equations import calls_hold

some = settings(max_examples=20, deadline=None)
lengths = st.lists(st.integers(1, 4), min_size=1, max_size=4)

TAGGER = """
import torch, torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
torch.manual_seed(0)
embed, head = nn.Embedding(20, 4), nn.Linear(6, 5)
lstm = nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True)
optimizer = torch.optim.Adagrad([*embed.parameters(), *lstm.parameters(), *head.parameters()], lr=0.05)
for _ in range(2):
    rows = [torch.randint(1, 20, (n,)) for n in (3, 5, 2)]
    x = pad_sequence(rows, batch_first=True)
    packed = pack_padded_sequence(embed(x), torch.tensor([3, 5, 2]), batch_first=True, enforce_sorted=False)
    h, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True)
    loss = nn.functional.cross_entropy(head(h).reshape(-1, 5), torch.where(x > 0, x % 5, -100).reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("side", ["right", "left"])
@some
@given(lengths=lengths, width=st.integers(0, 2))
def test_filled_up_to_the_longest(batch_first: bool, side: str, lengths: list[int], width: int) -> None:
    sequences = [filled(seed, (length, *[2] * width)) for seed, length in enumerate(lengths)]
    agree(torch.nn.utils.rnn.pad_sequence, sequences, batch_first, -1.5, side)


@pytest.mark.parametrize("batch_first", [False, True])
@some
@given(lengths=lengths)
def test_packed(batch_first: bool, lengths: list[int]) -> None:
    counts = sorted(lengths, reverse=True)
    shape = (len(counts), counts[0], 2) if batch_first else (counts[0], len(counts), 2)
    agree(torch._pack_padded_sequence, filled(0, shape), torch.tensor(counts), batch_first)


@pytest.mark.parametrize("batch_first", [False, True])
@some
@given(lengths=lengths, longer=st.integers(0, 2))
def test_taken_apart(batch_first: bool, lengths: list[int], longer: int) -> None:
    sizes = sorted(lengths, reverse=True)
    total = len(sizes) + longer if longer else -1
    agree(torch._pad_packed_sequence, filled(0, (sum(sizes), 3)), torch.tensor(sizes), batch_first, -2.0, total)


def test_a_tagger_is_checked_whole(recorded) -> None:
    trace = recorded(source=TAGGER)
    unchecked = [name for iteration in (0, 1) for name, _ in not_agreeing(trace, iteration)]
    assert set(unchecked) <= {"empty_like"}  # torch makes room for an order that it then fills in
    assert {event.name for event in trace.events(1)} >= {
        "pad_sequence",
        "_pack_padded_sequence",
        "_pad_packed_sequence",
    }


def test_their_equations_come_to_what_was_recorded(recorded) -> None:
    calls_hold(recorded, {
        "pad_sequence": "torch.nn.utils.rnn.pad_sequence([c, d], padding_value=0.5)",
        "_pack_padded_sequence": "torch._pack_padded_sequence(x, torch.tensor([2, 1]), True)",
        "_pad_packed_sequence": "torch._pad_packed_sequence(torch.cat([x, t]), torch.tensor([3, 1]), True, 0.0, 4)",
    })  # fmt: skip
