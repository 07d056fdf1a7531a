"""The tensors that went into a failing event: what the script calls them, what they are to the op, who made them."""

from __future__ import annotations

from ...bilingual import NOTHING, Bilingual
from ...events import Event, Kind, Slot
from ...trace.reader import Trace
from ..names import ValueNames
from .failure import Operand

_LOOK_BACK = 5000
"""Events before the failing one among which the maker of an operand is looked for."""

_SHORT = 32
"""Characters of an expression that stands for a name."""

_WEIGHING = {"0": ("input", "输入"), "1": ("weight", "权重"), "2": ("bias", "偏置")}
_LOSS = {"0": ("prediction", "预测值"), "1": ("target", "目标值"), "weight": ("class weights", "类别权重")}
_PAIR = {"0": ("left operand", "左操作数"), "1": ("right operand", "右操作数")}
_NORM = {"0": ("input", "输入"), "1": ("running mean", "滑动均值"), "2": ("running variance", "滑动方差")}
_TABLE = {"0": ("indices", "索引"), "1": ("weight", "权重")}
_GRAD = {"0": ("output", "输出"), "1": ("input", "输入")}

_ROLES: dict[str, dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d"), _WEIGHING),
    **dict.fromkeys(("cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"), _LOSS),
    **dict.fromkeys(("binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div"), _LOSS),
    **dict.fromkeys(("matmul", "mm", "bmm", "mv", "dot", "add", "sub", "mul", "div", "pow"), _PAIR),
    **dict.fromkeys(("add_", "sub_", "mul_", "div_", "eq", "ne", "lt", "le", "gt", "ge"), _PAIR),
    **dict.fromkeys(("batch_norm", "instance_norm"), _NORM),
    "embedding": _TABLE,
    "grad": _GRAD,
}
_KEYWORDS = {
    "input": ("input", "输入"),
    "weight": ("weight", "权重"),
    "bias": ("bias", "偏置"),
    "target": ("target", "目标值"),
    "other": ("right operand", "右操作数"),
    "index": ("index", "索引"),
}


def operands(trace: Trace, event: Event) -> dict[str, Operand]:
    """The operands of an event, by the argument's name or place."""
    names = ValueNames(trace)
    kinds = {slot.name: slot.value for slot in event.inputs}
    makers = _makers(trace, event, {value for value in kinds.values() if value is not None})
    found = {}
    for slot in event.inputs:
        if slot.value is not None:
            found[slot.name] = _operand(trace, names, event, slot, slot.value, makers.get(slot.value))
    return found


def maker(trace: Trace, value: int, before: int) -> tuple[Event, int] | None:
    """The op that made a value, and which of its outputs it is. before: a position after it."""
    return _made(trace, before, {value}).get(value)


def _makers(trace: Trace, event: Event, values: set[int]) -> dict[int, tuple[Event, int]]:
    return {} if event.kind is not Kind.OP else _made(trace, event.position, values)


def _made(trace: Trace, before: int, values: set[int]) -> dict[int, tuple[Event, int]]:
    """The first op of those looked through that gave each value."""
    found: dict[int, tuple[Event, int]] = {}
    for event in trace.events(begin=max(0, before - _LOOK_BACK), end=before):
        for i, slot in enumerate(event.outputs):
            if event.kind is Kind.OP and slot.value in values and slot.value is not None:
                found.setdefault(slot.value, (event, i))
    return found


def _operand(
    trace: Trace, names: ValueNames, event: Event, slot: Slot, value: int, made: tuple[Event, int] | None
) -> Operand:
    known = trace.value(value)
    tensor = None if known.tensor is None else trace.tensor(known.tensor)
    name = "" if tensor is None else tensor.name
    if not name and event.call is None:
        name = names.argument(event, slot.name)
    if not name and made is not None:
        name = names.variable(made[0], made[1]) or _short_expression(names, made[0])
    named = tensor is not None and tensor.kind != "input"
    return Operand(
        name,
        _role(event, slot.name),
        NOTHING if made is None or named else _origin(trace, made[0]),
        value,
        known.shape,
        known.dtype,
        known.device,
        None if event.kind is Kind.NODE else requires_grad(trace, value, made, name),
    )


def requires_grad(trace: Trace, value: int, made: tuple[Event, int] | None, name: str) -> bool:
    """Whether a value requires grad. made: its maker, see `maker`. name: of the variable that holds it, or "".

    A tensor that torch.tensor(..., requires_grad=True) made is told by the call; one that was told so later, by its
    name, from the moment when autograd met it.
    """
    known = trace.value(value)
    tensor = None if known.tensor is None else trace.tensor(known.tensor)
    if tensor is not None:
        return tensor.requires_grad
    if made is None:
        return False
    if made[0].outputs[made[1]].node is not None or made[0].arguments.get("requires_grad") is True:
        return True
    return any(
        leaf.requires_grad and leaf.name == name and leaf.shape == known.shape for leaf in trace.tensors() if name
    )


def _short_expression(names: ValueNames, made: Event) -> str:
    """The expression that called an op directly, if it is short: "torch.zeros(5, 3)"."""
    text = names.expression(made.site) if made.call is None else ""
    return text if len(text) <= _SHORT else ""


def _role(event: Event, slot: str) -> Bilingual:
    if event.kind is Kind.NODE:
        return Bilingual("arriving gradient", "传来的梯度")
    place, _, inner = slot.partition(".")
    if inner and event.name not in ("grad",):
        return Bilingual(f"item {inner}", f"第 {inner} 项")
    known = _ROLES.get(event.name, {}).get(place) or _KEYWORDS.get(place)
    if known is None:
        known = ("input", "输入") if place == "0" else (f"argument {place}", f"参数 {place}")
    return Bilingual(*known)


def _origin(trace: Trace, event: Event) -> Bilingual:
    site = trace.site(event.site)
    if site is None:
        return Bilingual(f"result of {event.name}", f"{event.name} 的结果")
    return Bilingual(f"{event.name}, line {site.line}", f"{event.name}，第 {site.line} 行")
