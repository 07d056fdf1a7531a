"""Readable symbols for forward values without a role: the script's own name, "p1", "relu(z1)", "z1 - t"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..events import Event, Kind, Slot
from .families import VIEWS
from .flow import Flow
from .layers import Use
from .names import ValueNames
from .symbols import MAX_LENGTH

_LIKE_A_ROLE = re.compile(r"[zawbpxtCy]\d*|parameter")
_SIGNS = {
    "add": "+", "sub": "-", "rsub": "-", "mul": "·", "div": "/", "truediv": "/", "pow": "^",
    "matmul": "@", "mm": "@", "mv": "@",
}  # fmt: skip


def step_symbols(
    flow: Flow, of_value: Mapping[int, tuple[str, ...]], pooled: Mapping[int, Use], names: ValueNames
) -> dict[int, str]:
    """What to call each value that a forward op made.

    The role if it has one; "p1" for what is pooled from layer 1; the variable that it is assigned to, unless that
    sounds like a role; what was done to what ("relu(z1)") if that is short; else the op's name. A name that comes again
    gets a number, as in "mean[2]".
    """
    symbols: dict[int, str] = {}
    taken = {role: 1 for roles in of_value.values() for role in roles}
    for event in flow.ops:
        for place, slot in enumerate(event.outputs):
            value = slot.value
            if value is None or value in symbols:
                continue
            if value in of_value:
                symbols[value] = of_value[value][0]
                continue
            symbol = (
                pooled[value].role("p") if value in pooled else _symbol(event, place, symbols, of_value, names, flow)
            )
            symbols[value] = _numbered(symbol, taken)
    return symbols


def _symbol(
    event: Event,
    place: int,
    symbols: Mapping[int, str],
    of_value: Mapping[int, tuple[str, ...]],
    names: ValueNames,
    flow: Flow,
) -> str:
    name = names.variable(event, place)
    if name and len(name) <= MAX_LENGTH and not _LIKE_A_ROLE.fullmatch(name):
        return name
    spelled = _spelled(event, symbols, of_value, names, flow) if len(event.outputs) == 1 else ""
    return spelled if spelled and len(spelled) <= MAX_LENGTH else event.name.strip("_")


def _spelled(
    event: Event, symbols: Mapping[int, str], of_value: Mapping[int, tuple[str, ...]], names: ValueNames, flow: Flow
) -> str:
    """The op with its arguments' symbols, "" where one has none."""
    operands = [
        _operand(slot, symbols, of_value)
        or _written(event, slot, names)
        or _prepared(slot, symbols, of_value, names, flow)
        for slot in event.inputs
    ]
    if not operands or not all(operands) or max(map(len, operands)) > MAX_LENGTH:
        return ""
    name = event.name.rstrip("_")
    sign = _SIGNS.get(name)
    if sign is not None:
        other = event.arguments.get("1")
        if len(operands) == 1 and isinstance(other, int | float) and not isinstance(other, bool):
            operands.append(f"{other:g}")
        if len(operands) != 2:
            return ""
        if name == "rsub":
            operands.reverse()
        gap = "" if sign == "^" else " "
        return f"{gap}{sign}{gap}".join(_grouped(operand) for operand in operands)
    if name in VIEWS and len(operands) == 1 and name in ("view", "reshape", "flatten"):
        return f"flatten({operands[0]})"
    return f"{name}({', '.join(operands)})"


def _operand(slot: Slot, symbols: Mapping[int, str], of_value: Mapping[int, tuple[str, ...]]) -> str:
    if slot.value is None:
        return ""
    return of_value[slot.value][0] if slot.value in of_value else symbols.get(slot.value, "")


def _written(event: Event, slot: Slot, names: ValueNames) -> str:
    """The script's own name for data: "x" in `b * x`. Not one that could be taken for a role."""
    name = names.argument(event, slot.name)
    return name if name in ("x", "y", "t") or (name.isidentifier() and not _LIKE_A_ROLE.fullmatch(name)) else ""


def _prepared(
    slot: Slot, symbols: Mapping[int, str], of_value: Mapping[int, tuple[str, ...]], names: ValueNames, flow: Flow
) -> str:
    """Data that was worked out just before, where autograd is used and takes no part in it: "x^2" in `c * x ** 2`."""
    made = flow.made.get(slot.value) if slot.value is not None else None
    if made is None or made[0].kind != Kind.OP or flow.is_step(made[0]) or len(made[0].outputs) != 1:
        return ""
    return _spelled(made[0], symbols, of_value, names, flow)


def _grouped(operand: str) -> str:
    return f"({operand})" if " " in operand and not operand.endswith(")") else operand


def _numbered(symbol: str, taken: dict[str, int]) -> str:
    """A name with a number if it was taken before: how often is counted in `taken`."""
    if not symbol.isidentifier():
        return symbol
    taken[symbol] = taken.get(symbol, 0) + 1
    return symbol if taken[symbol] == 1 else f"{symbol}[{taken[symbol]}]"
