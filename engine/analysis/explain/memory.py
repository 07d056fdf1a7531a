"""Explains the gradient of an LSTM's memory where it comes back from the state that was made of it: h = o · tanh(c)."""

from __future__ import annotations

import numpy as np

from ...bilingual import Bilingual
from ...events import Event, Node
from ..notation.expression import Call, Number, Partial, Power, Product, Sub, Symbol
from ..quantities import Quantity
from ..symbols import words_of
from ..table.case import Index, MissingNumbersError, Worked
from .explanation import Explanation
from .page import element_of, page
from .values_of import Values


def memory_gradient(
    event: Event, node: Node, op: Event, quantity: Quantity, values: Values, element: Index | None, reveal: bool
) -> Explanation | None:
    """dC/dc = dC/dtanh(c) · (1 - tanh²(c)), for a node of tanh inside an op that made c too; else None."""
    memory = next((made for made in values.results(op) if made.value == quantity.target), None)
    arrived = [slot.value for slot in event.inputs if slot.value is not None]
    if not node.name.startswith("TanhBackward") or memory is None or len(arrived) != 1 or quantity.value is None:
        return None
    gradient, passed = values.gradient(quantity.value, quantity.symbol), values.gradient(arrived[0], "g")
    try:
        index, _ = element_of(memory, element)
        if not memory.array.shape == gradient.array.shape == passed.array.shape:
            return None
        symbol, number = Call("tanh", (memory.at(index),)), Call("tanh", (memory.number(index),))
        upstream = Partial(Symbol("C"), symbol, "gradient", passed.ref)
        worked = Worked(
            Product((upstream, Sub(Number(1), Power(symbol, Number(2))))),
            Product((passed.number(index), Sub(Number(1), Power(number, Number(2))))),
            passed.value_at(index) * (1.0 - float(np.tanh(memory.value_at(index))) ** 2),
            note=Bilingual(
                f"Inside {op.name} the state is a gate times tanh of the memory, so this comes back through tanh.",
                f"在 {op.name} 内部，状态是门乘以记忆的 tanh，因此梯度经过 tanh 传回。",
            ),
        )
        words = words_of(quantity.symbol)
        caption = Bilingual(f"backward of {op.name}: {words.english}", f"{op.name} 的反向：{words.chinese}")
        return page(caption, gradient, index, worked, reveal=reveal)
    except MissingNumbersError:
        return None
