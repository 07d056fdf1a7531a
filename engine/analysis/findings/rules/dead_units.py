"""Units that pass nothing on: relu that is always 0, sigmoid and tanh at their ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import Bilingual, sentence
from ....counting import from_one
from ....events import Event
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run
from ..silence import is_zero, silence

_RELUS = ("relu", "relu_")
_ENOUGH = 8
"""Outputs that must have been seen of a unit before its silence means something."""
_WIDE = 8
"""Units below which a layer may well have a few that are silent."""
_END = 0.01
"""How near to the ends of its range an output is saturated."""
_LEAKY = Bilingual("The same run with leaky_relu in this place.", "其他不变，把这里换成 leaky_relu，再运行一次。")


def _by_place(run: Run, names: tuple[str, ...]) -> Iterator[list[tuple[Event, np.ndarray]]]:
    """Forward ops of these names with their outputs, place by place, over a few iterations."""
    found: dict[tuple[int | None, int], list[tuple[Event, np.ndarray]]] = {}
    for number in run.samples:
        counts: dict[int | None, int] = {}
        for event in run.flow(number).ops:
            if event.name not in names:
                continue
            occurrence = counts[event.site] = counts.get(event.site, 0) + 1
            array = run.array(event.outputs[0].value)
            if array is not None and array.dtype.kind == "f":
                found.setdefault((event.site, occurrence), []).append((event, array))
    yield from found.values()


@rule(
    "dead-relu",
    title=("Dead relu units", "relu 单元死亡"),
    why=(
        "A unit that is 0 for every sample passes no gradient back, so nothing ever brings it to life again.",
        "对所有样本都输出 0 的单元不会回传梯度，因此再也无法恢复。",
    ),
    attempt=(
        "Use a smaller learning rate, another initialisation, or leaky_relu.",
        "减小学习率、换一种初始化，或使用 leaky_relu。",
    ),
)
def dead_relu(run: Run) -> Iterator[Seen]:
    """All units of a layer, or half of a wide one, are 0 for all samples looked at; or all died on the way."""
    for places in _by_place(run, _RELUS):
        arrays = [array for _, array in places]
        dead, units, outputs = _silent(arrays)
        if (
            units == 0
            or outputs * units < 2
            or (dead < units and (dead * 2 < units or outputs < _ENOUGH or units < _WIDE))
        ):
            yield from _died(run, places[-1][0])
            continue
        event = places[0][0]
        op, since, until = run.op(event), from_one(event.iteration), from_one(places[-1][0].iteration)
        yield Seen(
            sentence(
                f"{dead} of {units} units of {op.english} are 0 for all {outputs} outputs seen in iterations {since} "
                f"to {until}.",
                f"{op.chinese} 的 {units} 个单元中有 {dead} 个，在第 {since} 到第 {until} 次迭代里看到的全部 "
                f"{outputs} 个输出都是 0。",
            ),
            Sure.CERTAIN if dead == units else Sure.LIKELY,
            tuple(event.position for event, _ in places),
            "F.leaky_relu(z, 0.01)",
            _LEAKY,
            "relu=leaky_relu",
        )


def _died(run: Run, last: Event) -> Iterator[Seen]:
    """Whether a relu died on the way: see NOTE [Silence]. last: its event in the last iteration looked at."""
    if last.iteration != run.samples[-1] or last.outputs[0].node is None or not is_zero(run, last.outputs[0].value):
        return
    occurrence = sum(
        event.site == last.site and event.name in _RELUS and event.position <= last.position
        for event in run.flow(last.iteration).ops
    )
    places: list[Event] = []
    for number in run.numbers:
        here = [event for event in run.flow(number).ops if event.site == last.site and event.name in _RELUS]
        places += here[occurrence - 1 : occurrence]
    silent = silence(run, places)
    if silent:
        op, since = run.op(last), from_one(silent[0].iteration)
        yield Seen(
            sentence(
                f"{op.english} is 0 for all outputs since iteration {since}, and the gradients of the "
                "parameters before it are exactly 0 since then.",
                f"自第 {since} 次迭代起，{op.chinese} 的输出全部为 0，它之前各参数的梯度也从此恰好为 0。",
            ),
            Sure.CERTAIN,
            tuple(event.position for event in silent[:4]),
            "F.leaky_relu(z, 0.01)",
            _LEAKY,
            "relu=leaky_relu",
        )


def _silent(arrays: list[np.ndarray]) -> tuple[int, int, int]:
    """(units that are always 0, units, outputs seen of each). The units of a matrix are its columns."""
    alive: np.ndarray | None = None
    outputs = 0
    for array in arrays:
        axes = tuple(axis for axis in range(array.ndim) if axis != 1) if array.ndim > 1 else tuple(range(array.ndim))
        now = np.atleast_1d((array != 0).any(axis=axes))
        if alive is not None and alive.shape != now.shape:
            return 0, 0, 0
        alive = now if alive is None else alive | now
        outputs += array.size // max(now.size, 1)
    return (0, 0, 0) if alive is None else (int((~alive).sum()), int(alive.size), outputs)


@rule(
    "saturated",
    title=("Saturated units", "单元饱和"),
    why=(
        "At its ends the curve of sigmoid or tanh is flat: its slope multiplies the gradient by nearly 0.",
        "sigmoid 或 tanh 的两端几乎是平的：它的斜率使梯度几乎变为 0。",
    ),
    attempt=(
        "Scale the inputs, start with smaller weights, or normalise before it.",
        "缩放输入、使用更小的初始权重，或在其之前做归一化。",
    ),
)
def saturated(run: Run) -> Iterator[Seen]:
    """Nine of ten outputs of a hidden sigmoid or tanh lie within a hundredth of an end, in all iterations looked at."""
    for places in _by_place(run, ("sigmoid", "tanh")):
        event = places[0][0]
        sizes = [array.size for _, array in places]
        if min(sizes) < 4 or not _is_hidden(run, event):
            continue
        shares = [_at_ends(array, event.name) for _, array in places]
        if min(shares) >= 0.9:
            op, since, until = run.op(event), from_one(event.iteration), from_one(places[-1][0].iteration)
            yield Seen(
                sentence(
                    f"{min(shares):.0%} or more of the outputs of {op.english} lie within {_END} of an end, in "
                    f"iterations {since} to {until}.",
                    f"在第 {since} 到第 {until} 次迭代中，{op.chinese} 至少有 {min(shares):.0%} 的输出"
                    f"与值域端点的距离不到 {_END}。",
                ),
                Sure.LIKELY,
                tuple(event.position for event, _ in places),
                "",
                Bilingual(
                    "The same run with inputs divided by their standard deviation.",
                    "其他不变，把输入除以各自的标准差，再运行一次。",
                ),
            )


def _at_ends(array: np.ndarray, name: str) -> float:
    high = np.abs(array.astype(float)) if name == "tanh" else np.abs(2 * array.astype(float) - 1)
    return float((high > 1 - (_END if name == "tanh" else 2 * _END)).mean())


def _is_hidden(run: Run, event: Event) -> bool:
    """Whether a later layer weighs the activation."""
    flow = run.flow(event.iteration)
    wanted = {slot.value for slot in event.outputs}
    for after in flow.ops:
        if after.position > event.position and any(slot.value in wanted for slot in after.inputs):
            if after.name in ("linear", "addmm", "matmul", "mm") or after.name.startswith("conv"):
                return True
            if after.name in ("flatten", "view", "reshape", "dropout") or "pool" in after.name:
                wanted.update(slot.value for slot in after.outputs)
    return False
