"""The samples of an iteration one by one: what went in, what the network made of it, and what it should have been.

Answers of a classifier come from what its loss reads (`answers`). Of any other loss, also one that a script writes
itself, the answer and the target are the two tensors of one shape whose difference it takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...events import Event
from ...trace.reader import Trace
from ..flow import Flow, flow_of
from ..roles import roles_of
from .answers import Answers, answers, is_of_classes

Numbers = NDArray[np.float64]

_PAIRED = (
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "poisson_nll_loss"),
    *("binary_cross_entropy_with_logits", "soft_margin_loss", "kl_div", "sub", "rsub", "__sub__", "__rsub__"),
)
"""Ops that compare their first two tensors place by place."""

_MOST_CLASSES = 10
_DEEPEST = 12


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """One row a sample.

    inputs: shape (samples, features), None where what went in has another number of rows. outputs, targets: shape
    (samples, numbers); of a classifier the probabilities, and None. classes: the right class of each sample, where the
    targets are such. answers: of a classifier. source, output: value ids of x and of what the loss compares.
    """

    inputs: Numbers | None
    outputs: Numbers
    targets: Numbers | None
    classes: NDArray[np.int64] | None
    answers: Answers | None
    source: int | None
    output: int

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.outputs)

    @property
    def errors(self) -> Numbers | None:
        """Prediction less target, shape (samples, numbers); None of a classifier."""
        return None if self.targets is None else self.outputs - self.targets


def samples(trace: Trace, iteration: int) -> Samples:
    """The samples of an iteration. Raises GradstepError where its loss does not say what is compared with what."""
    flow = flow_of(trace, iteration)
    known = roles_of(flow).by_role
    source = known.get("x")
    if is_of_classes(trace, iteration):
        found = answers(trace, iteration)
        inputs = _rows(trace, source, len(found.targets))
        return Samples(inputs, found.probabilities, None, found.targets, found, source, found.value)
    pair = _compared(flow, known.get("C"))
    if pair is None:
        raise GradstepError(
            Bilingual(
                "The loss of this iteration does not say what is compared with what.",
                "这次迭代的损失没有说明拿什么和什么相比。",
            ),
            Bilingual(
                "That takes a loss of torch, or the difference of prediction and target.",
                "这需要 torch 的损失函数，或预测与目标之差。",
            ),
        )
    output, target = pair
    made, wanted = trace.array(output), trace.array(target)
    if made is None or wanted is None or not made.size:
        raise GradstepError(
            Bilingual("The numbers of this iteration are not in the trace.", "记录中没有这次迭代的数。"),
            Bilingual("Choose another iteration.", "请选择另一次迭代。"),
        )
    count = made.shape[0] if made.ndim else 1
    outputs = made.astype(np.float64).reshape(count, -1)
    targets = np.broadcast_to(wanted, made.shape).astype(np.float64).reshape(count, -1)
    inputs = _rows(trace, source, count)
    return Samples(inputs, outputs, targets, _classes(targets), None, source, output)


def _rows(trace: Trace, value: int | None, count: int) -> Numbers | None:
    """What went in, one row a sample."""
    array = None if value is None else trace.array(value)
    if array is None or not array.size or array.dtype.kind not in "fiub":
        return None
    if array.ndim and array.shape[0] == count:
        return array.reshape(count, -1).astype(np.float64)
    return array.reshape(1, -1).astype(np.float64) if count == 1 else None


def _classes(targets: Numbers) -> NDArray[np.int64] | None:
    """Targets that are few whole numbers, or rows with a single 1, as classes."""
    if targets.shape[1] > 1:
        is_one_hot = bool(((targets == 0) | (targets == 1)).all() and (targets.sum(axis=1) == 1).all())
        return np.asarray(targets.argmax(axis=1), np.int64) if is_one_hot else None
    flat = targets[:, 0]
    if not np.isfinite(flat).all() or (flat != np.round(flat)).any() or flat.min() < 0 or flat.max() >= _MOST_CLASSES:
        return None
    return flat.astype(np.int64) if set(flat.tolist()) <= {0.0, 1.0} else None


def _compared(flow: Flow, loss: int | None) -> tuple[int, int] | None:
    """(prediction, target): the value ids that a loss compares, found by going back from it."""
    waiting = [] if loss is None else [loss]
    for _ in range(_DEEPEST):
        further: list[int] = []
        for value in waiting:
            made = flow.made.get(value)
            if made is None:
                continue
            pair = _pair(flow, made[0])
            if pair is not None:
                return pair
            further += [slot.value for slot in made[0].inputs if slot.value is not None]
        waiting = further
    return None


def _pair(flow: Flow, event: Event) -> tuple[int, int] | None:
    values = [slot.value for slot in event.inputs if slot.value is not None][:2]
    if event.name not in _PAIRED or len(values) < 2:
        return None
    is_made = [_comes_from_a_leaf(flow, value) for value in values]
    if is_made == [True, False]:
        return values[0], values[1]
    return (values[1], values[0]) if is_made == [False, True] else None


def _comes_from_a_leaf(flow: Flow, value: int) -> bool:
    """Whether a parameter had a part in it: a target has none."""
    made = flow.made.get(value)
    if made is None:
        return value in flow.leaves
    return made[1].node is not None
