"""Where NaN and infinity began: the first op that made one from finite numbers, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import NOTHING, Bilingual, same, sentence
from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_ON_PURPOSE = frozenset({
    "masked_fill", "masked_fill_", "full", "full_like", "fill_", "tensor", "as_tensor", "from_numpy", "empty",
    "empty_like", "new_empty", "new_full", "Tensor", "where", "triu", "tril", "copy_", "setitem", "empty_strided",
    "generate_square_subsequent_mask", "masked_scatter", "scatter",
})  # fmt: skip
"""Ops that put an infinity where the script says so, or whose numbers mean nothing yet."""


@rule(
    "not-finite",
    title=("NaN or infinity", "出现 NaN 或无穷大"),
    why=(
        "One NaN in the loss makes every gradient NaN, and after the next update every weight.",
        "损失中只要出现一个 NaN，所有梯度都会变成 NaN，下一次更新后所有权重也会。",
    ),
    attempt=(
        "Keep the op's input away from where it has no value: clamp it, add a small number, or use the stable "
        "function.",
        "让该运算的输入远离没有定义的地方：使用 clamp、加一个小数，或使用数值稳定的函数。",
    ),
    explained_by=("learning-rate-too-high",),
)
def not_finite(run: Run) -> Iterator[Seen]:
    """The first event with finite inputs and an output that is not, and whether it reached the loss or a parameter."""
    origin = _origin(run)
    if origin is None:
        return
    reached = _reached(run, origin)
    if reached is None and not _matters(origin):
        return
    where = NOTHING
    if reached is not None:
        got, step = reached
        where = Bilingual(f"; it reaches {got.english} at step {step}", f"；第 {step} 步时它传到了{got.chinese}")
    why, code = _reason(run, origin)
    bad = _bad_outputs(run, origin)
    counts = run.statistics(bad[0]) if bad else None
    kind = same("NaN") if counts is not None and counts.nans else Bilingual("infinity", "无穷大")
    op = run.op(origin)
    yield Seen(
        sentence(
            f"{op.english} (step {origin.position}) made the first {kind.english} from finite numbers: "
            f"{why.english}{where.english}.",
            f"{op.chinese}（第 {origin.position} 步）由有限的数得出了第一个 {kind.chinese}："
            f"{why.chinese}{where.chinese}。",
        ),
        Sure.CERTAIN if reached is not None else Sure.MAYBE,
        (origin.position, *([] if reached is None else [reached[1]])),
        code,
        Bilingual("The same run with the input of this op limited.", "其他不变，限制该运算的输入范围，再运行一次。"),
    )


def _bad_outputs(run: Run, event: Event) -> list[int]:
    return [slot.value for slot in event.outputs if slot.value is not None and run.has_bad(slot.value)]


def _origin(run: Run) -> Event | None:
    for event in run.events:
        if event.name in _ON_PURPOSE or not event.outputs:
            continue
        if _bad_outputs(run, event) and not any(
            slot.value is not None and run.has_bad(slot.value) for slot in event.inputs
        ):
            return event
    return None


def _reached(run: Run, origin: Event) -> tuple[Bilingual, int] | None:
    """What of the training it got into: the loss, a gradient or a parameter, with the position."""
    for loss in run.losses:
        if loss.position > origin.position and loss.value is not None and run.has_bad(loss.value):
            return Bilingual("the loss", "损失"), loss.op.position if loss.op is not None else loss.position
    for steps in run.boxes.values():
        for step in steps:
            if step.event.position >= origin.position and _bad_outputs(run, step.event):
                name = run.name(step.event.tensor or 0)
                said = Bilingual(f"the gradient of {name.english}", f" {name.chinese} 的梯度")
                return said, step.event.position
    for events in run.updates.values():
        for event in events:
            if event.position >= origin.position and _bad_outputs(run, event):
                name = run.name(event.tensor or 0)
                return Bilingual(name.english, f" {name.chinese}"), event.position
    return None


def _matters(origin: Event) -> bool:
    return origin.kind == Kind.OP and origin.name in ("div", "log", "sqrt", "exp", "pow", "acos", "asin")


def _reason(run: Run, event: Event) -> tuple[Bilingual, str]:
    """Why, from the numbers that went in; and a line that prevents it."""
    stats = [run.statistics(slot.value) for slot in event.inputs if slot.value is not None]
    low = min((known.min for known in stats if known is not None), default=0.0)
    high = max((known.max for known in stats if known is not None), default=0.0)
    zeros = [known is not None and known.zeros > 0 for known in stats]
    name = event.name.rstrip("_")
    dtype = next((run.value(slot.value).dtype for slot in event.outputs if slot.value is not None), "")
    if name in ("log", "log2", "log10", "log1p"):
        why = Bilingual(
            f"the smallest input is {low:.4g}, and log of 0 is -inf, of less NaN",
            f"最小的输入是 {low:.4g}，而 0 的对数是 -inf，负数的对数是 NaN",
        )
        return why, "x.clamp(min=1e-8).log()"
    if name in ("sqrt", "rsqrt"):
        return Bilingual(f"the smallest input is {low:.4g}", f"最小的输入是 {low:.4g}"), "(x + 1e-8).sqrt()"
    if name in ("div", "rdiv", "reciprocal", "true_divide") and zeros and zeros[-1]:
        both = len(zeros) > 1 and zeros[0]
        zero = Bilingual("0 is divided by 0", "出现了 0 除以 0")
        return zero if both else Bilingual("something is divided by 0", "除数为 0"), "x / (y + 1e-8)"
    if name in ("exp", "expm1", "cosh", "sinh", "pow", "square", "cumprod", "prod"):
        why = Bilingual(
            f"the largest input is {high:.4g}, too large for {dtype}",
            f"最大的输入是 {high:.4g}，结果超出了 {dtype} 的范围",
        )
        return why, "x.clamp(max=50).exp()"
    if event.kind == Kind.NODE:
        return _node_reason(run, event), ""
    if event.kind == Kind.UPDATE:
        lr = event.arguments.get("lr")
        why = Bilingual(f"the step (lr {lr}) leaves the range of {dtype}", f"这一步（lr 为 {lr}）超出了 {dtype} 的范围")
        return why, f"lr={lr / 10:g}" if isinstance(lr, int | float) else ""
    if dtype == "float16":
        return Bilingual("float16 ends at 65504", "float16 的上限是 65504"), "scaler = torch.amp.GradScaler()"
    why = Bilingual(f"its inputs lie between {low:.4g} and {high:.4g}", f"它的输入在 {low:.4g} 到 {high:.4g} 之间")
    return why, ""


def _node_reason(run: Run, event: Event) -> Bilingual:
    node = run.trace.node(event.node) if event.node is not None else None
    op = run.event(node.op) if node is not None else None
    if op is None:
        return Bilingual("its derivative has no value there", "它的导数在该处没有定义")
    known = [run.statistics(slot.value) for slot in op.inputs if slot.value is not None]
    low = min((found.min for found in known if found is not None), default=0.0)
    at_zero = any(found is not None and found.zeros > 0 for found in known)
    if at_zero:
        inputs = Bilingual("an input that is 0", "有输入为 0")
    else:
        inputs = Bilingual(f"inputs from {low:.4g}", f"的输入最小为 {low:.4g}")
    made = run.op(op)
    return Bilingual(
        f"the derivative of {made.english}, with {inputs.english}, has no finite value",
        f"{made.chinese} {inputs.chinese}，其导数在该处不是有限值",
    )
