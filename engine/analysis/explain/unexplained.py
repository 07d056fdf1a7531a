"""What can be said of an op without a row: what goes in, what comes out, and PyTorch's own formula for its gradient."""

from __future__ import annotations

from collections.abc import Sequence

from ...bilingual import NOTHING, Bilingual, sentences
from ...events import Event
from ..notation.expression import Call, Equals, EquationLine, Row, Text
from ..table.case import Operand
from .explanation import Explanation
from .formulas import formula_of
from .page import numbers_line

UNCHECKED = Bilingual("It is not checked in numpy.", "没有用 NumPy 检查。")


def forward_without_row(
    event: Event, caption: Bilingual, operands: Sequence[Operand], made: Operand, reason: Bilingual = NOTHING
) -> Explanation:
    """An op's inputs and its output. reason: why its row does not fit, as the end of a sentence."""
    call = Call(event.name, tuple(operand.expression for operand in operands))
    lines = [EquationLine(Equals((made.expression, call))), *(numbers_line(operand) for operand in (*operands, made))]
    return Explanation(caption, tuple(lines), (sentences(_missing(event.name, reason), UNCHECKED),), worked=False)


def gradient_without_row(
    node: str,
    caption: Bilingual,
    arrived: Sequence[Operand],
    operands: Sequence[Operand],
    sent: Operand,
    reason: Bilingual = NOTHING,
    last: Bilingual = UNCHECKED,
) -> Explanation:
    """What arrived, what was sent, and how PyTorch computes it: `grad` in its formula is what arrived.

    last: the sentence at the end.
    """
    lines = [EquationLine(sent.expression), *(numbers_line(operand) for operand in (*arrived, *operands, sent))]
    formula = formula_of(node)
    if formula is None:
        return Explanation(caption, tuple(lines), (sentences(_missing(node, reason), last),), worked=False)
    written = [
        EquationLine(
            Equals((Text(Bilingual(f"gradient of {names}", f"{names} 的梯度")), Text(text))),
            NOTHING if i else Bilingual(f"PyTorch's formula for {node}.", f"PyTorch 给 {node} 的公式。"),
        )
        for i, (names, text) in enumerate(formula.gradients)
    ]
    signature = EquationLine(
        Row((Text(formula.signature),)), Bilingual("The op as PyTorch's core knows it.", "PyTorch 内核中的这个运算。")
    )
    grad = Bilingual("grad is what arrived.", "grad 是传来的梯度。")
    return Explanation(caption, (*lines, *written, signature), (sentences(grad, last),), worked=False)


def _missing(name: str, reason: Bilingual) -> Bilingual:
    return (
        Bilingual(
            f"There is no equation for {name} here: {reason.english}.", f"这里没有 {name} 的公式：{reason.chinese}。"
        )
        if reason
        else Bilingual(f"There is no equation for {name}.", f"没有 {name} 的公式。")
    )
