"""What can be said of an op without a row: what goes in, what comes out, and PyTorch's own formula for its gradient."""

from __future__ import annotations

from collections.abc import Sequence

from ...events import Event
from ..notation.expression import Call, Equals, EquationLine, Row, Text
from ..table.case import Operand
from .explanation import Explanation
from .formulas import formula_of
from .page import numbers_line

UNCHECKED = "It is not checked in numpy."


def forward_without_row(
    event: Event, caption: str, operands: Sequence[Operand], made: Operand, reason: str = ""
) -> Explanation:
    """An op's inputs and its output. reason: why its row does not fit, as the end of a sentence."""
    call = Call(event.name, tuple(operand.expression for operand in operands))
    lines = [EquationLine(Equals((made.expression, call))), *(numbers_line(operand) for operand in (*operands, made))]
    note = f"{_missing(event.name, reason)} {UNCHECKED}"
    return Explanation(caption, tuple(lines), (note,), worked=False)


def gradient_without_row(
    node: str, caption: str, arrived: Sequence[Operand], operands: Sequence[Operand], sent: Operand, reason: str = ""
) -> Explanation:
    """What arrived, what was sent, and how PyTorch computes it: `grad` in its formula is what arrived."""
    lines = [EquationLine(sent.expression), *(numbers_line(operand) for operand in (*arrived, *operands, sent))]
    formula = formula_of(node)
    if formula is None:
        return Explanation(caption, tuple(lines), (f"{_missing(node, reason)} {UNCHECKED}",), worked=False)
    written = [
        EquationLine(Equals((Text(f"gradient of {names}"), Text(text))), "" if i else f"PyTorch's formula for {node}.")
        for i, (names, text) in enumerate(formula.gradients)
    ]
    signature = EquationLine(Row((Text(formula.signature),)), "The op as PyTorch's core knows it.")
    return Explanation(caption, (*lines, *written, signature), (f"grad is what arrived. {UNCHECKED}",), worked=False)


def _missing(name: str, reason: str) -> str:
    return f"There is no equation for {name} here: {reason}." if reason else f"There is no equation for {name}."
