"""What a classifier answers: the probability of each class for each sample of an iteration's batch, and the targets.

The loss says which value the answers are, and what makes probabilities of them: softmax of what cross_entropy reads,
the exponential of what nll_loss reads, sigmoid of the logits of a binary loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...events import Event
from ...trace.reader import Trace
from ..flow import flow_of
from ..roles import roles_of

_OF_CLASSES = ("cross_entropy", "nll_loss")
_BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """probabilities: shape (samples, classes). targets: shape (samples,), the class that is right.

    loss: name of the op. value: id of what it read.
    """

    probabilities: NDArray[np.float64]
    targets: NDArray[np.int64]
    loss: str
    value: int

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.probabilities.shape[1])

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the class with the largest probability is the target, by sample."""
        found: NDArray[np.bool_] = np.argmax(self.probabilities, axis=1) == self.targets
        return found

    def given_to_target(self) -> NDArray[np.float64]:
        """The probability that the right class got, by sample."""
        found: NDArray[np.float64] = self.probabilities[np.arange(len(self.targets)), self.targets]
        return found


def is_of_classes(trace: Trace, iteration: int) -> bool:
    """Whether the loss of an iteration is one of classes, or is made of one."""
    return classifying(trace, iteration) is not None


def answers(trace: Trace, iteration: int) -> Answers:
    """The answers of an iteration. Raises GradstepError where its loss is none of classes, or numbers are missing."""
    event = classifying(trace, iteration)
    if event is None:
        raise GradstepError(
            Bilingual(
                "The loss of this iteration does not say what the answers are.", "这次迭代的损失没有说明答案是什么。"
            ),
            Bilingual(
                "That takes cross_entropy, nll_loss or a binary cross-entropy.",
                "这需要 cross_entropy、nll_loss 或二分类交叉熵。",
            ),
        )
    value, target = (slot.value for slot in event.inputs[:2])
    read = trace.array(value) if value is not None else None
    wanted = trace.array(target) if target is not None else None
    if value is None or read is None or wanted is None or not read.size:
        raise GradstepError(
            Bilingual("The answers of this iteration are not in the trace.", "记录中没有这次迭代的回答。"),
            Bilingual("Choose another iteration.", "请选择另一次迭代。"),
        )
    found = probabilities(event.name, read)
    targets = _targets(wanted, found.shape)
    if targets is None:
        raise GradstepError(Bilingual("The targets of this iteration are no classes.", "这次迭代的目标不是类别。"))
    return Answers(found, targets, event.name, value)


def right_of(trace: Trace, event: Event) -> NDArray[np.bool_] | None:
    """Whether each answer that a loss read is right; None where it is no loss of classes, or numbers are missing."""
    if event.name not in (*_OF_CLASSES, *_BINARY) or len(event.inputs) < 2:
        return None
    read, wanted = (None if slot.value is None else trace.array(slot.value) for slot in event.inputs[:2])
    if read is None or wanted is None or not read.size:
        return None
    try:
        found = probabilities(event.name, read)
    except GradstepError:
        return None
    targets = _targets(wanted, found.shape)
    return None if targets is None else np.asarray(np.argmax(found, axis=1) == targets)


def probabilities(loss: str, read: NDArray[np.generic]) -> NDArray[np.float64]:
    """Of what a loss reads, the probabilities, shape (samples, classes). Raises GradstepError for other shapes."""
    wide = read.astype(np.float64)
    with np.errstate(all="ignore"):
        if loss in _OF_CLASSES:
            if wide.ndim != 2:
                raise GradstepError(
                    Bilingual("Only answers of one row a sample are shown here.", "这里只显示每个样本一行的回答。")
                )
            if loss == "nll_loss":
                return np.asarray(np.exp(wide))
            shifted = np.exp(wide - wide.max(axis=1, keepdims=True))
            return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
        if wide.size != wide.shape[0] if wide.ndim else True:
            raise GradstepError(Bilingual("Only one answer a sample is shown here.", "这里只显示每个样本一个的回答。"))
        chance = wide.reshape(-1)
        if loss == "binary_cross_entropy_with_logits":
            chance = 1.0 / (1.0 + np.exp(-chance))
        return np.stack((1.0 - chance, chance), axis=1)


def _targets(wanted: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.int64] | None:
    """The right class of each sample: an index, a row of probabilities, or 0 and 1."""
    samples, classes = shape
    if wanted.ndim == 2 and wanted.shape == shape and classes > 2:
        return np.asarray(np.argmax(wanted, axis=1), np.int64)
    flat = wanted.reshape(-1).astype(np.float64)
    whole = np.round(flat).astype(np.int64)
    is_fit = flat.size == samples and np.isfinite(flat).all() and whole.min() >= 0 and whole.max() < classes
    return whole if is_fit else None


def classifying(trace: Trace, iteration: int) -> Event | None:
    """The loss of classes that C is, or that C is made of (a weighted sum, a share of it); None where two differ."""
    if trace.iteration(iteration) is None:
        return None
    flow = flow_of(trace, iteration)
    waiting = [roles_of(flow).by_role.get("C")]
    seen: set[int] = set()
    found: list[Event] = []
    while waiting:
        value = waiting.pop()
        if value is None or value in seen or value not in flow.made:
            continue
        seen.add(value)
        event, _ = flow.made[value]
        if event.name in (*_OF_CLASSES, *_BINARY) and len(event.inputs) >= 2:
            found.append(event)
            continue
        waiting += [slot.value for slot in event.inputs]
    return found[0] if len({(event.name, event.site) for event in found}) == 1 else None
