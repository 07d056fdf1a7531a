"""Explains a value that somebody changed by hand: what it was, what it is now, and what follows for its gradient."""

from __future__ import annotations

from ...bilingual import Bilingual
from ...events import Event
from ..notation.expression import EquationLine, Expression, Row, Text
from ..roles import Roles
from ..symbols import expression_of, text_of
from ..table.case import Operand
from .explanation import Explanation
from .page import numbers_line
from .values_of import Values

_GRADIENT = {
    "kept": Bilingual(
        "Its gradient still goes on to what made it, as in o + (new − o).detach().",
        "它的梯度仍会传给产生它的运算，如同 o + (new − o).detach()。",
    ),
    "cut": Bilingual(
        "It is a constant from here on: what made it gets no gradient from it.",
        "从这里起它是常数：产生它的运算不会从它得到梯度。",
    ),
}


def edited(event: Event, roles: Roles, values: Values) -> Explanation:
    """The page of an edit."""
    said = event.arguments
    target, text = str(said.get("target", "")), str(said.get("text", ""))
    notes = [Bilingual("It was changed by hand; no op computed it.", "它是手动修改的，不是由运算算出的。")]
    if (gradient := _GRADIENT.get(str(said.get("gradient", "")))) is not None:
        notes.append(gradient)
    if not event.outputs:
        old, new = said.get("lr"), said.get("new_lr")
        return Explanation(
            Bilingual(f"edit: {target}", f"修改：{target}"), (EquationLine(_line(f"{old} → {new}")),), tuple(notes)
        )
    lines: list[EquationLine] = []
    symbol = roles.symbol(event.outputs[0].value or 0) or target
    for slot, when in ((event.inputs[0], Bilingual("before", "之前")), (event.outputs[0], Bilingual("now", "现在"))):
        if slot.value is not None:
            operand = Operand(slot.name, symbol, slot.value, values.array(slot.value))
            line = numbers_line(operand)
            lines.append(EquationLine(line.expression, when))
    changed = f"{text_of(symbol)} = {text}"
    return Explanation(Bilingual(f"edit: {changed}", f"修改：{changed}"), tuple(lines), tuple(notes))


def _line(text: str) -> Expression:
    return Row((expression_of("lr"), Text(f" {text}")))
