"""Updates that are missing, or that use a gradient of another forward pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ....bilingual import NOTHING, Bilingual, sentence
from ....events import Event, Kind, Phase
from ...families import LOSSES
from ..boxes import Change
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Loss, Run

_LOSS_NAME = re.compile(r"loss|cost|err|mse|^[clej]$")


@rule(
    "step-without-backward",
    title=("step() without backward()", "调用了 step() 却没有 backward()"),
    why=(
        "step() does not compute gradients; without backward() it finds none and changes nothing.",
        "step() 不计算梯度；没有 backward() 就没有梯度，什么也不会改变。",
    ),
    attempt=("Call backward() on the loss before step().", "在 step() 之前对损失调用 backward()。"),
)
def step_without_backward(run: Run) -> Iterator[Seen]:
    """Forward passes of parameters, no autograd node ever ran, and the source steps an optimizer."""
    steps = run.script.steps()
    if not steps or run.updates or any(event.kind == Kind.NODE for event in run.events):
        return
    tracked = [event for event in run.events if any(slot.node is not None for slot in event.outputs)]
    if tracked and not any(call.name == "backward" for call in run.script.calls):
        last = tracked[-1]
        op = run.op(last)
        yield Seen(
            sentence(
                f"The forward pass ends with {op.english}; no backward pass ever ran, so the step at line "
                f"{steps[0].line} had no gradients and changed nothing.",
                f"前向传播以{op.chinese} 结束；反向传播从未运行，因此第 {steps[0].line} 行的 step() 没有梯度，"
                "什么也没有改变。",
            ),
            Sure.CERTAIN,
            (last.position,),
            "loss.backward()",
            Bilingual(
                "The same run with loss.backward() before the step.",
                "其他不变，在 step() 之前调用 loss.backward()，再运行一次。",
            ),
        )


@rule(
    "never-updated",
    title=("Gradients are computed, but nothing is updated", "计算了梯度，但没有任何参数被更新"),
    why=(
        "backward() only fills .grad; the weights change when an optimizer steps or the script writes to them.",
        "backward() 只填充 .grad；只有优化器 step 或脚本写入时，权重才会改变。",
    ),
    attempt=("Update the parameters after backward().", "在 backward() 之后更新参数。"),
    explained_by=("zero-grad-before-step", "step-before-backward", "gradients-add-up", "rebound-parameter"),
)
def never_updated(run: Run) -> Iterator[Seen]:
    """A loop of backward passes at one line that empties gradients, and never an update."""
    if run.updates or run.script.steps():
        return
    emptied = [t for t, steps in run.boxes.items() if any(step.change == Change.EMPTY for step in steps)]
    fills = {t: [s.event for s in run.boxes[t] if s.change == Change.FILL] for t in emptied if t not in run.data}
    repeated = {t: events for t, events in fills.items() if len(events) > 2 and len({e.site for e in events}) == 1}
    if repeated:
        first = next(iter(repeated.values()))
        at, names = run.at(first[0]), run.listed(list(repeated))
        yield Seen(
            sentence(
                f"{len(first)} backward passes at {at.english} filled {names.english}.grad; no update ever followed.",
                f"{at.chinese}的 {len(first)} 次反向传播填充了 {names.chinese} 的 .grad，但之后从未有过更新。",
            ),
            Sure.LIKELY,
            tuple(event.position for event in first[:4]),
            "optimizer.step()",
            Bilingual(
                "The same run with optimizer.step() after each backward().",
                "其他不变，在每次 backward() 之后调用 optimizer.step()，再运行一次。",
            ),
        )


@rule(
    "stale-gradient",
    title=("The update uses the gradient of an earlier forward pass", "更新使用的是之前一次前向传播的梯度"),
    why=(
        "The parameter moves between forward and backward, by a gradient that belongs to older numbers.",
        "参数在前向与反向传播之间发生变化，所用的梯度属于更早的数值。",
    ),
    attempt=("Put step() after backward().", "把 step() 放到 backward() 之后。"),
)
def stale_gradient(run: Run) -> Iterator[Seen]:
    """Forward reads a parameter, an update changes it, then that same forward pass's backward fills its gradient."""
    for tensor, steps in run.boxes.items():
        for one, other in pairwise(step for step in steps if step.change != Change.EMPTY):
            if one.change != Change.TAKE or other.change != Change.FILL:
                continue
            used = _use_of(run, other.event)
            if used is not None and used.position < one.event.position < other.event.position:
                name, op, updated, filled = run.name(tensor), run.op(used), run.at(one.event), run.at(other.event)
                yield Seen(
                    sentence(
                        f"{name.english} went into {op.english}, was updated at {updated.english}, and got this pass's "
                        f"gradient only afterwards, at {filled.english}.",
                        f"{name.chinese} 先进入了{op.chinese}，又在{updated.chinese}被更新，"
                        f"之后才在{filled.chinese}得到这次传播的梯度。",
                    ),
                    Sure.LIKELY,
                    (one.event.position, used.position, other.event.position),
                    "loss.backward(); optimizer.step()",
                    Bilingual(
                        f"The same run with {updated.english} moved after {filled.english}.",
                        f"其他不变，把{updated.chinese}移到{filled.chinese}之后，再运行一次。",
                    ),
                )
                return


def _use_of(run: Run, fill: Event) -> Event | None:
    """The forward op whose node sent the gradient that a box was filled with last."""
    for position in range(fill.position - 1, max(fill.position - 4, -1), -1):
        event = run.event(position)
        if event is None or event.kind != Kind.NODE or event.node is None:
            return None
        if any(slot.node == fill.node for slot in event.outputs):
            node = run.trace.node(event.node)
            op = None if node is None else run.event(node.op)
            return op if op is not None and op.phase == Phase.FORWARD else None
    return None


@rule(
    "rebound-parameter",
    title=("The parameter was replaced by a computed tensor", "参数被一个计算出来的张量取代了"),
    why=(
        "`w = w - ...` makes a new tensor that is no leaf: its .grad stays None and an optimizer never sees it.",
        "`w = w - ...` 会生成一个非叶子张量：它的 .grad 始终为 None，优化器也看不到它。",
    ),
    attempt=("Change it in place, outside autograd.", "在自动微分之外就地修改它。"),
)
def rebound_parameter(run: Run) -> Iterator[Seen]:
    """A tracked difference of a leaf and something made of its gradient, assigned to the leaf's own name."""
    filled = {
        slot.value: tensor
        for tensor, steps in run.boxes.items()
        for step in steps
        for slot in step.event.outputs
        if slot.value is not None
    }
    for event in run.events:
        if event.kind != Kind.OP or event.name not in ("sub", "add") or len(event.inputs) != 2:
            continue
        if event.outputs[0].node is None or event.inputs[0].value is None:
            continue
        step = event.inputs[1].value
        made = run.makers.get(step) if step is not None else None
        gradients = {step} if made is None else {slot.value for slot in made.inputs}
        tensors = {filled[value] for value in gradients if value in filled}
        variable = run.names.variable(event)
        named = [t for t in tensors if variable and run.tensors[t].name.rpartition(".")[2] == variable]
        if named:
            at = run.at(event)
            yield Seen(
                sentence(
                    f"{variable} at {at.english} is now the result of {event.name}, no longer the parameter that has "
                    "the gradient: autograd was on, so the update itself became part of the graph.",
                    f"{at.chinese}的 {variable} 现在是 {event.name} 的结果，不再是拥有梯度的那个参数："
                    "自动微分处于开启状态，因此更新本身成了计算图的一部分。",
                ),
                Sure.CERTAIN,
                (event.position,),
                f"with torch.no_grad(): {variable} -= lr * {variable}.grad",
                Bilingual(
                    "The same run with the update in place under torch.no_grad().",
                    "其他不变，在 torch.no_grad() 下就地更新，再运行一次。",
                ),
            )
            return


@rule(
    "wrong-direction",
    title=("The update goes up the slope", "更新方向是上坡的"),
    why=(
        "The gradient points to where C grows; to make C smaller, subtract it.",
        "梯度指向 C 增大的方向；要使 C 变小，应当减去梯度。",
    ),
    attempt=("Subtract the gradient instead of adding it.", "应当减去梯度，而不是加上梯度。"),
)
def wrong_direction(run: Run) -> Iterator[Seen]:
    """Every plain update moves along the gradient, and the loss rises."""
    if any(not _is_to_fall(run, loss) for loss in run.losses):
        return
    known = [loss for loss in run.curve if loss.number is not None]
    rises = len(known) > 1 and (known[-1].number or 0.0) > (known[0].number or 0.0)
    along: list[Event] = []
    for tensor, steps in run.boxes.items():
        held = None
        for step in steps:
            if step.change == Change.FILL:
                held = step.event.outputs[0].value if step.event.outputs else None
            elif step.change == Change.EMPTY:
                held = None
            elif tensor not in run.data:
                sign = _along(run, step.event, held)
                if sign is None:
                    continue
                if sign < 0:
                    return
                along.append(step.event)
    if not along or not (rises or (len(known) < 2 and len(along) > 1)):
        return
    first = along[0]
    curve = NOTHING
    if len(known) > 1:
        began, ended = f"{known[0].number:.4g}", f"{known[-1].number:.4g}"
        curve = Bilingual(f"; C went from {began} to {ended}", f"；C 从 {began} 变为 {ended}")
    settings = first.arguments
    op, name = run.op(first), run.name(first.tensor or 0)
    yield Seen(
        sentence(
            f"{op.english} moved {name.english} along its gradient, in each of {len(along)} updates{curve.english}.",
            f"{op.chinese} 的 {len(along)} 次更新每次都让 {name.chinese} 沿梯度方向移动{curve.chinese}。",
        ),
        Sure.LIKELY if settings.get("maximize") or not rises else Sure.CERTAIN,
        tuple(event.position for event in along[:4]),
        "w -= lr * w.grad" if "lr" not in settings else "maximize=False",
        Bilingual(
            "The same run with the sign of the update turned around.", "其他不变，把更新的符号反过来，再运行一次。"
        ),
    )


def _is_to_fall(run: Run, loss: Loss) -> bool:
    """Whether what a backward pass began with is a loss by its op or by the script's name for it, and no reward."""
    if loss.op is None:
        return False
    return loss.op.name in LOSSES or _LOSS_NAME.search(run.names.variable(loss.op).lower()) is not None


def _along(run: Run, event: Event, held: int | None) -> float | None:
    """Cosine of the angle between an update and the gradient it used; None where that is not known or too vague."""
    old, new, gradient = (
        run.array(value) for value in (event.inputs[0].value, event.outputs[0].value if event.outputs else None, held)
    )
    if old is None or new is None or gradient is None or old.shape != gradient.shape or old.dtype.kind != "f":
        return None
    moved = new.astype(float) - old.astype(float)
    slope = gradient.astype(float)
    size = float((moved**2).sum() * (slope**2).sum()) ** 0.5
    if not size > 0:
        return None
    cosine = float((moved * slope).sum()) / size
    return cosine if abs(cosine) > 0.9 else None
