"""A scaling that knows rows which were kept back for testing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ....bilingual import sentence
from ....errors import GradstepError
from ....events import Event
from ...data.rows import DataRows, Followed, Part, data_rows
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_STATISTICS = ("mean", "std", "var", "std_mean", "var_mean", "amax", "amin", "max", "min", "median", "quantile")
_SCALES = ("sub", "div", "true_divide", "__sub__", "__truediv__", "sub_", "div_", "mul", "mul_")
_PASSES = (*_SCALES, "add", "sqrt", "clamp", "clip", "clamp_min", "maximum", "reciprocal", "add_", "clamp_")
_MOST_ITERATIONS = 40

Rows = NDArray[np.int64]


@rule(
    "test-rows-in-statistics",
    title=("The scaling knows the test rows", "缩放用到了测试行"),
    why=(
        "Mean or deviation were taken over rows that are kept back for testing, so the test is not of unseen data.",
        "均值或标准差是在留作测试的行上算出的，因此测试用的不再是没见过的数据。",
    ),
    attempt=(
        "Take mean and deviation of the training rows, and scale the test rows with these.",
        "只在训练行上求均值和标准差，再用它们缩放测试行。",
    ),
)
def rows_in_statistics(run: Run) -> Iterator[Seen]:
    """In the set-up: a statistic, also over rows of a named part that no batch draws from, by which rows are scaled."""
    followed = Followed(run.trace)
    taken = [event for event in followed.set_up if event.name in _STATISTICS and event.inputs and event.outputs]
    if not taken:
        return
    try:
        data = data_rows(run.trace, _MOST_ITERATIONS, followed)
    except GradstepError:
        return
    pool = data.pool
    kept_back = [part for part in data.parts if not np.isin(part.rows, pool).any()]
    for event in taken if kept_back else ():
        rows = _rows_of(followed, data, event.inputs[0].value)
        if rows is None or len(rows) < 2 or not _is_over_rows(run, event):
            continue
        scaled = _scaled_by(followed, event)
        part = next((part for part in kept_back if np.isin(rows, part.rows).any()), None)
        if part is None or scaled is None:
            continue
        yield _seen(run, event, scaled, part, rows)
        return


def _seen(run: Run, event: Event, scaled: Event, part: Part, rows: Rows) -> Seen:
    op, by = run.op(event), run.op(scaled)
    count = int(np.isin(rows, part.rows).sum())
    return Seen(
        sentence(
            f"{op.english} is taken over {len(rows)} rows, of which {count} are in {part.name}, and {by.english} "
            "scales with it. No batch is drawn from these rows.",
            f"{op.chinese} 是在 {len(rows)} 行上求的，其中 {count} 行属于 {part.name}，{by.chinese} 用它来缩放。"
            "没有批次取自这些行。",
        ),
        Sure.LIKELY,
        (event.position, scaled.position),
    )


def _rows_of(followed: Followed, data: DataRows, value: int | None) -> Rows | None:
    found = None if value is None else followed.back(value)
    return None if found is None or found[0] != data.root else found[1]


def _is_over_rows(run: Run, event: Event) -> bool:
    """Whether a statistic went over the rows, and did not leave a number for each."""
    source, made = (run.value(slots[0].value or 0).shape for slots in (event.inputs, event.outputs))
    return not made or made[0] != source[0] or len(made) < len(source) - 1


def _scaled_by(followed: Followed, event: Event) -> Event | None:
    """The op of the set-up that scales with what came of a statistic."""
    known = {slot.value for slot in event.outputs}
    for other in followed.set_up:
        if other.position <= event.position or other.name not in _PASSES:
            continue
        used = [place for place, slot in enumerate(other.inputs) if slot.value in known]
        if other.name in _SCALES and used and used[-1] > 0:
            return other
        if used:
            known |= {slot.value for slot in other.outputs}
    return None
