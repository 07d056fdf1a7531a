"""The same batch again and again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import Bilingual, sentence
from ....counting import from_one
from ....events import Event
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run


@rule(
    "same-batch",
    title=("Every iteration picks the same batch", "每次迭代取的都是同一个批次"),
    why=(
        "A batch is taken anew each time, yet always the same one: the rest of the data is never seen.",
        "每次都重新取批次，却总是同一个：其余数据从未被用到。",
    ),
    attempt=("Shuffle, and make the loader's iterator once.", "打乱数据，并且只创建一次加载器的迭代器。"),
)
def same_batch(run: Run) -> Iterator[Seen]:
    """The input is a new value in each iteration, made by an op of that iteration, with equal numbers."""
    numbers = [number for number in run.numbers if number >= 0][:4]
    if len(numbers) < 3 or any("x[2]" in run.roles(number).by_role for number in numbers):
        # Of an iteration that looks at several parts, the first is not all that it sees.
        return
    inputs = [run.roles(number).by_role.get("x") for number in numbers]
    made = [run.makers.get(value) for value in inputs if value is not None]
    if len(set(inputs)) != len(numbers) or len(made) != len(numbers):
        return
    events = [
        event for event in made if event is not None and event.name in ("stack", "index_select", "getitem", "cat")
    ]
    arrays = [run.array(value) for value in inputs]
    first = arrays[0]
    if not all(_is_part(run, event) for event in events):
        return
    if len(events) != len(numbers) or first is None or first.ndim < 1 or first.size < 2:
        return
    if all(array is not None and np.array_equal(array, first) for array in arrays):
        op, since, until = run.op(events[0]), from_one(numbers[0]), from_one(numbers[-1])
        yield Seen(
            sentence(
                f"{op.english} makes the batch anew in iterations {since} to {until}, always with the same "
                f"{first.shape[0]} samples.",
                f"第 {since} 到第 {until} 次迭代中，{op.chinese} 每次都重新取批次，"
                f"但取到的总是同样的 {first.shape[0]} 个样本。",
            ),
            Sure.MAYBE,
            tuple(event.position for event in events),
            "loader = DataLoader(data, batch_size=..., shuffle=True)",
            Bilingual("The same run with shuffled batches.", "其他不变，打乱批次，再运行一次。"),
        )


def _is_part(run: Run, event: Event) -> bool:
    """Whether an op puts samples together, or takes some rows of more: `x[:, :-1]` takes all."""
    if event.name in ("stack", "cat") or not event.inputs or event.inputs[0].value is None:
        return True
    source, taken = (run.value(slots[0].value or 0).shape for slots in (event.inputs, event.outputs))
    return bool(source) and bool(taken) and (len(taken) < len(source) or taken[0] < source[0])
