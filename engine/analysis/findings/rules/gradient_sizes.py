"""Gradients that shrink or grow from layer to layer on their way back."""

from __future__ import annotations

from collections.abc import Iterator

from ....events import Event, Kind
from ...flow import ACCUMULATE
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_LEAST_LAYERS = 4
_RATIO = 1e4
_CHAIN = frozenset({"SigmoidBackward0", "TanhBackward0", "ReluBackward0"})


def _sizes(run: Run, number: int) -> list[tuple[Event, str, float]]:
    """Root mean square of the gradient of each layer's weights, first layer first; (event, name, size)."""
    symbols = run.roles(number).of_tensor
    found: dict[int, tuple[Event, str, float]] = {}
    for event in run.flow(number).events:
        symbol = symbols.get(event.tensor or 0, "")
        if event.name != ACCUMULATE or not (symbol[:1] == "w" and symbol[1:].isdigit()) or not event.inputs:
            continue
        value = event.inputs[0].value
        known = None if value is None else run.statistics(value)
        if value is not None and known is not None and known.norm > 0 and not known.nans + known.infs:
            name = run.name(event.tensor or 0)
            found.setdefault(int(symbol[1:]), (event, name, known.norm / run.value(value).numel ** 0.5))
    return [found[layer] for layer in sorted(found)]


def _chain(run: Run, number: int) -> list[tuple[Event, str, float]]:
    """The same for what arrives at a chain of activations without layers between them."""
    found = []
    for event in run.flow(number).events:
        if event.kind == Kind.NODE and event.name in _CHAIN and event.inputs and event.inputs[0].value is not None:
            value = event.inputs[0].value
            known = run.statistics(value)
            if known is not None and known.norm > 0 and not known.nans + known.infs:
                found.append((event, run.at(event), known.norm / run.value(value).numel ** 0.5))
    return found[::-1]


@rule(
    "vanishing-gradient",
    title=("The gradient vanishes on its way back", "梯度在回传途中消失"),
    why=(
        "Each layer multiplies the gradient by its slope and weights; the first layers hardly learn.",
        "每一层都会用斜率和权重乘以梯度；最前面的几层几乎学不到东西。",
    ),
    attempt=(
        "Use relu, normalisation or skip connections, and an initialisation made for the activation.",
        "使用 relu、归一化或残差连接，并采用适合该激活函数的初始化。",
    ),
    explained_by=("not-finite",),
)
def vanishing_gradient(run: Run) -> Iterator[Seen]:
    """The first layer's gradient is ten thousand times smaller than the last one's."""
    for number in run.samples:
        for sizes, what in ((_sizes(run, number), "weights"), (_chain(run, number), "activations")):
            if len(sizes) < _LEAST_LAYERS + (what == "activations") or sizes[0][2] * _RATIO > sizes[-1][2]:
                continue
            first, last = sizes[0], sizes[-1]
            names = f" ({first[1]} and {last[1]})" if what == "weights" else ""
            yield Seen(
                f"In iteration {number} the gradient is {first[2]:.3g} at the first of {len(sizes)} {what} and "
                f"{last[2]:.3g} at "
                f"the last{names}: {last[2] / first[2]:.2g} times smaller.",
                Sure.LIKELY,
                (first[0].position, last[0].position),
                "nn.ReLU()" if what == "activations" or "sigmoid" in _activations(run, number) else "",
                "The same run with relu in place of the hidden activations.",
                "activation=relu" if what == "activations" or "sigmoid" in _activations(run, number) else "",
            )
            return


def _activations(run: Run, number: int) -> set[str]:
    return {event.name for event in run.flow(number).ops}


@rule(
    "exploding-gradient",
    title=("The gradient grows on its way back", "梯度在回传途中爆炸"),
    why=(
        "The first layers get steps that are far too large, while the last ones hardly move.",
        "最前面的层得到的步长过大，而最后的层几乎不动。",
    ),
    attempt=(
        "Clip the gradients, use smaller initial weights or normalisation.",
        "裁剪梯度，使用更小的初始权重或归一化。",
    ),
)
def exploding_gradient(run: Run) -> Iterator[Seen]:
    """What arrives at the first layer's z is ten thousand times larger than what arrives at the last one's."""
    for number in run.samples:
        sizes = _arriving(run, number)
        if len(sizes) >= _LEAST_LAYERS and sizes[0][2] > _RATIO * sizes[-1][2]:
            first, last = sizes[0], sizes[-1]
            yield Seen(
                f"In iteration {number} the gradient that arrives at {first[1]} is {first[2]:.3g}, and {last[2]:.3g} "
                "at "
                f"{last[1]}, the last of {len(sizes)} layers: {first[2] / last[2]:.2g} times larger.",
                Sure.LIKELY,
                (first[0].position, last[0].position),
                "nn.utils.clip_grad_norm_(net.parameters(), 1.0)",
                "The same run with clipped gradients.",
            )
            return


def _arriving(run: Run, number: int) -> list[tuple[Event, str, float]]:
    """Root mean square of dC/dz of each layer, first layer first; (event, "z1", size)."""
    gradients = run.roles(number).by_role
    sent = {
        slot.value: event
        for event in run.flow(number).events
        if event.kind == Kind.NODE
        for slot in (*event.outputs, *event.inputs)
    }
    found = []
    layer = 1
    while (value := gradients.get(f"dC/dz{layer}")) is not None:
        known = run.statistics(value)
        if value in sent and known is not None and known.norm > 0 and not known.nans + known.infs:
            found.append((sent[value], f"z{layer}", known.norm / run.value(value).numel ** 0.5))
        layer += 1
    return found
