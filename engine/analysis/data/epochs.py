"""A run epoch by epoch: its mean loss, its accuracy, and how much of the data it has seen.

NOTE [Where an epoch ends]
A script does not say where its epochs end. The batch that is smaller because the data did not divide evenly tells;
so does a sweep in which each row came once; else as many iterations are an epoch as would go through all rows once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import GradstepError
from ...events import Event
from ...trace.reader import Trace
from ..moved.answers import right_of
from ..roles import roles
from .rows import DataRows, data_rows

Progress = Callable[[int, int], None]
_AT_ONCE = 64
_MOST_SEARCHED = 32
"""So many iterations are searched for what makes C; others have to look like one of these."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """number: from 0. begin, end: its iterations, begin <= k < end. mean, last: of C, NaN where it is not known.

    accuracy: share of right answers in its batches, None where the loss is none of classes. seen, repeated, never: rows
    of the data that it saw at all, more than once, and not; None where batches cannot be followed back.
    """

    number: int
    begin: int
    end: int
    mean: float
    last: float
    accuracy: float | None
    seen: int | None
    repeated: int | None
    never: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """The table. length: iterations an epoch. rows: of the data, None where batches cannot be followed back."""

    table: tuple[Epoch, ...]
    length: int
    rows: DataRows | None


def epochs(trace: Trace, went_on: Progress | None = None) -> Epochs:
    """Raises GradstepError if the trace cannot be read."""
    try:
        rows = data_rows(trace)
    except GradstepError:
        rows = None
    iterations = [one for one in trace.iterations() if one.number >= 0]
    length = 1 if rows is None else epoch_length(rows)
    losses, right = _numbers(trace, went_on)
    pool = None if rows is None else rows.pool
    table = []
    for number, begin in enumerate(range(0, len(iterations), length)):
        end = min(begin + length, len(iterations))
        costs = np.array([losses.get(k, np.nan) for k in range(begin, end)])
        known = costs[np.isfinite(costs)]
        answers = [right[k] for k in range(begin, end) if k in right]
        counts = None if rows is None or pool is None else rows.seen(begin, end)[pool]
        table.append(
            Epoch(
                number,
                begin,
                end,
                float(known.mean()) if len(known) else np.nan,
                float(known[-1]) if len(known) else np.nan,
                float(np.concatenate(answers).mean()) if answers else None,
                None if counts is None else int((counts > 0).sum()),
                None if counts is None else int((counts > 1).sum()),
                None if counts is None else int((counts == 0).sum()),
            )
        )
    return Epochs(tuple(table), length, rows)


def epoch_length(rows: DataRows) -> int:
    """Iterations an epoch; see NOTE [Where an epoch ends]."""
    sizes = [len(one) for _, one in rows.batches]
    by_size = length_by_sizes(sizes)
    if by_size is not None:
        return by_size
    pool = rows.pool
    drawn: set[int] = set()
    for place, (_, batch) in enumerate(rows.batches):
        drawn.update(batch.tolist())
        if len(drawn) != sum(sizes[: place + 1]):
            break
        if len(drawn) == len(pool):
            return place + 1
    return max(1, -(-len(pool) // max(sizes)))


def length_by_sizes(sizes: Sequence[int]) -> int | None:
    """Iterations an epoch, told by the batch that is smaller because the data did not divide evenly; else None.

    sizes: of each iteration's batch.
    """
    if not sizes or len(set(sizes)) != 2:
        return None
    full = max(sizes)
    length = next(place for place, size in enumerate(sizes) if size < full) + 1
    is_so = all((size < full) == ((place + 1) % length == 0) for place, size in enumerate(sizes))
    return length if is_so and length > 1 else None


def _numbers(trace: Trace, went_on: Progress | None) -> tuple[dict[int, float], dict[int, np.ndarray]]:
    """C by iteration; where the loss is one of classes, whether each answer was right."""
    iterations = [one for one in trace.iterations() if one.number >= 0]
    makers: list[Event] = []
    searched = 0
    losses: dict[int, float] = {}
    right: dict[int, np.ndarray] = {}
    for place, one in enumerate(iterations):
        if went_on is not None and place % _AT_ONCE == 0:
            went_on(place, len(iterations))
        alike = (trace.find_op(event.name, event.site, one.begin, one.end) for event in makers)
        other = next((event for event in alike if event is not None), None)
        if other is None and searched < _MOST_SEARCHED:
            searched += 1
            other = _loss(trace, one.number)
            makers += [] if other is None else [other]
        value = other.outputs[0].value if other is not None and other.outputs else None
        array = None if value is None else trace.array(value)
        if other is None or array is None or array.size != 1:
            continue
        losses[one.number] = float(array.reshape(-1)[0])
        answered = right_of(trace, other)
        if answered is not None:
            right[one.number] = answered
    return losses, right


def _loss(trace: Trace, iteration: int) -> Event | None:
    """The op that made C."""
    value = roles(trace, iteration).by_role.get("C")
    for event in trace.events(iteration=iteration) if value is not None else []:
        if any(slot.value == value for slot in event.outputs):
            return event
    return None
