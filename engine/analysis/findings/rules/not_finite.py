"""Where NaN and infinity began: the first op that made one from finite numbers, and why."""

from __future__ import annotations

from collections.abc import Iterator

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
    where = "" if reached is None else f"; it reaches {reached[0]} at step {reached[1]}"
    why, code = _reason(run, origin)
    bad = _bad_outputs(run, origin)
    counts = run.statistics(bad[0]) if bad else None
    kind = "NaN" if counts is not None and counts.nans else "infinity"
    yield Seen(
        f"{origin.name} at {run.at(origin)} (step {origin.position}) made the first {kind} from finite numbers: "
        f"{why}{where}.",
        Sure.CERTAIN if reached is not None else Sure.MAYBE,
        (origin.position, *([] if reached is None else [reached[1]])),
        code,
        "The same run with the input of this op limited.",
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


def _reached(run: Run, origin: Event) -> tuple[str, int] | None:
    """What of the training it got into: the loss, a gradient or a parameter, with the position."""
    for loss in run.losses:
        if loss.position > origin.position and loss.value is not None and run.has_bad(loss.value):
            return "the loss", loss.op.position if loss.op is not None else loss.position
    for steps in run.boxes.values():
        for step in steps:
            if step.event.position >= origin.position and _bad_outputs(run, step.event):
                return f"the gradient of {run.name(step.event.tensor or 0)}", step.event.position
    for events in run.updates.values():
        for event in events:
            if event.position >= origin.position and _bad_outputs(run, event):
                return run.name(event.tensor or 0), event.position
    return None


def _matters(origin: Event) -> bool:
    return origin.kind == Kind.OP and origin.name in ("div", "log", "sqrt", "exp", "pow", "acos", "asin")


def _reason(run: Run, event: Event) -> tuple[str, str]:
    """Why, from the numbers that went in; and a line that prevents it."""
    stats = [run.statistics(slot.value) for slot in event.inputs if slot.value is not None]
    low = min((known.min for known in stats if known is not None), default=0.0)
    high = max((known.max for known in stats if known is not None), default=0.0)
    zeros = [known is not None and known.zeros > 0 for known in stats]
    name = event.name.rstrip("_")
    dtype = next((run.value(slot.value).dtype for slot in event.outputs if slot.value is not None), "")
    if name in ("log", "log2", "log10", "log1p"):
        return (f"the smallest input is {low:.4g}, and log of 0 is -inf, of less NaN"), "x.clamp(min=1e-8).log()"
    if name in ("sqrt", "rsqrt"):
        return f"the smallest input is {low:.4g}", "(x + 1e-8).sqrt()"
    if name in ("div", "rdiv", "reciprocal", "true_divide") and zeros and zeros[-1]:
        both = len(zeros) > 1 and zeros[0]
        return ("0 is divided by 0" if both else "something is divided by 0"), "x / (y + 1e-8)"
    if name in ("exp", "expm1", "cosh", "sinh", "pow", "square", "cumprod", "prod"):
        return f"the largest input is {high:.4g}, too large for {dtype}", "x.clamp(max=50).exp()"
    if event.kind == Kind.NODE:
        return _node_reason(run, event), ""
    if event.kind == Kind.UPDATE:
        lr = event.arguments.get("lr")
        return f"the step (lr {lr}) leaves the range of {dtype}", "optimizer = SGD(net.parameters(), lr=...)  # smaller"
    if dtype == "float16":
        return "float16 ends at 65504", "use bfloat16, or torch.amp.GradScaler"
    return f"its inputs lie between {low:.4g} and {high:.4g}", ""


def _node_reason(run: Run, event: Event) -> str:
    node = run.trace.node(event.node) if event.node is not None else None
    op = run.event(node.op) if node is not None else None
    if op is None:
        return "its derivative has no value there"
    known = [run.statistics(slot.value) for slot in op.inputs if slot.value is not None]
    low = min((found.min for found in known if found is not None), default=0.0)
    at_zero = any(found is not None and found.zeros > 0 for found in known)
    inputs = "an input that is 0" if at_zero else f"inputs from {low:.4g}"
    return f"the derivative of {op.name} at {run.at(op)}, with {inputs}, has no finite value"
