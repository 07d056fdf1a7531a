"""Gradients that shrink or grow from layer to layer on their way back."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, same, sentence
from ....counting import from_one
from ....events import Event, Kind
from ...flow import ACCUMULATE
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_LEAST_LAYERS = 4
_RATIO = 1e4
_CHAIN = frozenset({"SigmoidBackward0", "TanhBackward0", "ReluBackward0"})


def _sizes(run: Run, number: int) -> list[tuple[Event, Bilingual, float]]:
    """Root mean square of the gradient of each layer's weights, first layer first; (event, name, size)."""
    symbols = run.roles(number).of_tensor
    found: dict[int, tuple[Event, Bilingual, float]] = {}
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


def _chain(run: Run, number: int) -> list[tuple[Event, Bilingual, float]]:
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
        count = from_one(number)
        for sizes, of_weights in ((_sizes(run, number), True), (_chain(run, number), False)):
            if len(sizes) < _LEAST_LAYERS + (not of_weights) or sizes[0][2] * _RATIO > sizes[-1][2]:
                continue
            first, last = sizes[0], sizes[-1]
            what = Bilingual("weights", "个权重") if of_weights else Bilingual("activations", "个激活值")
            names = f" ({first[1].english} and {last[1].english})" if of_weights else ""
            names_zh = f"（{first[1].chinese} 和 {last[1].chinese}）" if of_weights else ""
            times = last[2] / first[2]
            helps = not of_weights or "sigmoid" in _activations(run, number)
            yield Seen(
                sentence(
                    f"In iteration {count} the gradient is {first[2]:.3g} at the first of {len(sizes)} {what.english} "
                    f"and {last[2]:.3g} at the last{names}: {times:.2g} times smaller.",
                    f"在第 {count} 次迭代中，{len(sizes)} {what.chinese}里第一个的梯度是 {first[2]:.3g}，"
                    f"最后一个的是 {last[2]:.3g}{names_zh}：前者只有后者的 {times:.2g} 分之一。",
                ),
                Sure.LIKELY,
                (first[0].position, last[0].position),
                "nn.ReLU()" if helps else "",
                Bilingual(
                    "The same run with relu in place of the hidden activations.",
                    "其他不变，把隐藏层的激活函数换成 relu，再运行一次。",
                ),
                "activation=relu" if helps else "",
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
            first, last, count = sizes[0], sizes[-1], from_one(number)
            times = first[2] / last[2]
            yield Seen(
                sentence(
                    f"In iteration {count} the gradient that arrives at {first[1].english} is {first[2]:.3g}, and "
                    f"{last[2]:.3g} at {last[1].english}, the last of {len(sizes)} layers: {times:.2g} times larger.",
                    f"在第 {count} 次迭代中，传到 {first[1].chinese} 的梯度是 {first[2]:.3g}，"
                    f"传到最后一层（共 {len(sizes)} 层）{last[1].chinese} 的是 {last[2]:.3g}："
                    f"前者是后者的 {times:.2g} 倍。",
                ),
                Sure.LIKELY,
                (first[0].position, last[0].position),
                "nn.utils.clip_grad_norm_(net.parameters(), 1.0)",
                Bilingual("The same run with clipped gradients.", "其他不变，裁剪梯度，再运行一次。"),
            )
            return


def _arriving(run: Run, number: int) -> list[tuple[Event, Bilingual, float]]:
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
            found.append((sent[value], same(f"z{layer}"), known.norm / run.value(value).numel ** 0.5))
        layer += 1
    return found
