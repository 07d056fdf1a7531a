"""The call tree: iteration > phase > module call > event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.tree import RowKind, tree
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def test_hello_reads_like_the_script(recorded: Record) -> None:
    rows = tree(recorded("hello", "--double"), 0)
    forward = next(i for i, row in enumerate(rows) if row.text == "forward")
    backward = next(i for i, row in enumerate(rows) if row.text == "backward")
    assert [(row.depth, row.text) for row in rows[forward:backward]] == [
        (1, "forward"),
        (2, "net"),
        (3, "hidden_layer"), (4, "linear"), (3, "sigmoid"),
        (3, "output_layer"), (4, "linear"), (3, "sigmoid"),
        (2, "criterion"), (3, "mse_loss"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["hello", "autograd", "lenet"])
def test_rows_nest_and_hold_every_event_once(recorded: Record, name: str) -> None:
    trace = recorded(name)
    for iteration in trace.iterations():
        rows = tree(trace, iteration.number)
        events = [row.begin for row in rows if row.kind == RowKind.EVENT]
        assert events == [event.position for event in trace.events(iteration=iteration.number)]
        for index, row in enumerate(rows):
            if row.parent is None:
                assert index == 0
                continue
            parent = rows[row.parent]
            assert row.parent < index
            assert row.depth == parent.depth + 1
            assert parent.begin <= row.begin < row.end <= parent.end


def test_an_iteration_that_is_not_there_has_no_rows(recorded: Record) -> None:
    assert tree(recorded("hello", "--double"), 99) == []
