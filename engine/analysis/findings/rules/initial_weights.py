"""Weights that start alike, so that all units of a layer stay alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import Bilingual, sentence
from ....events import Event
from ...flow import ACCUMULATE
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_ROUNDING = 1e-5


@rule(
    "same-start",
    title=("All units of a layer start with the same weights", "同一层的所有单元初始权重相同"),
    why=(
        "Equal weights get equal gradients, so the units stay copies of one another: the layer is one unit wide.",
        "相同的权重得到相同的梯度，所以这些单元始终是彼此的副本：这一层只相当于一个单元。",
    ),
    attempt=("Start with random weights.", "使用随机的初始权重。"),
)
def same_start(run: Run) -> Iterator[Seen]:
    """A hidden layer's weights are the same for every unit, and so are its gradients (or they are all 0)."""
    for number in run.samples[:1]:
        found = run.roles(number)
        layers = {tensor: int(role[1:]) for tensor, role in found.of_tensor.items() if _is_weight(role)}
        last = max(layers.values(), default=0)
        for event in run.flow(number).events:
            if event.name != ACCUMULATE or not 0 < layers.get(event.tensor or 0, 0) < last:
                continue
            weights, gradient = _weights(run, event, number), run.array(event.inputs[0].value)
            if weights is None or gradient is None or not (_all_alike(weights) and _all_alike(gradient, _ROUNDING)):
                continue
            name, units = run.name(event.tensor or 0), weights.shape[0]
            if not weights.any() and not gradient.any():
                told = Bilingual("0, and so is every gradient: nothing can move", "都是 0，梯度也一样：什么都不会改变")
            else:
                told = Bilingual("the same for all, and so are their gradients", "完全相同，梯度也完全相同")
            yield Seen(
                sentence(
                    f"The {units} units of {name.english} start with weights that are {told.english}.",
                    f"{name.chinese} 的 {units} 个单元的初始权重{told.chinese}。",
                ),
                Sure.CERTAIN,
                (event.position,),
                "nn.init.kaiming_uniform_(layer.weight)",
                Bilingual("The same run with random initial weights.", "其他不变，改用随机的初始权重，再运行一次。"),
            )
            return


def _is_weight(role: str) -> bool:
    return role[:1] == "w" and role[1:].isdigit()


def _weights(run: Run, event: Event, number: int) -> np.ndarray | None:
    """The parameter as the iteration's forward pass used it."""
    flow = run.flow(number)
    value = next((value for value, tensor in flow.leaves.items() if tensor == event.tensor), None)
    return run.array(value)


def _all_alike(array: np.ndarray, tolerance: float = 0.0) -> bool:
    """Whether each unit (row of `Linear.weight`) has the same numbers, and there are several.

    tolerance: of the largest magnitude; torch may sum the terms of two rows in different order.
    """
    if array.ndim < 2 or array.shape[0] < 2:
        return False
    spread = np.abs(array.astype(float) - array[:1])
    return bool(spread.max(initial=0.0) <= tolerance * np.abs(array.astype(float)).max(initial=0.0))
