"""Ops that draw at random: what was drawn is read off the recorded result.

NOTE [What a zero hides]
A dropout's result is the input times a mask, so that an element that became 0 was dropped. Of an input of 0 (after a
relu that is every second one) nothing can be read: its result is 0 whatever was drawn. Forward that makes no
difference. Backward the gradient of such an element is masked (`numpy.ma`): what stands there is a guess, and whoever
compares leaves it out. Where a whole channel was drawn for at once, any other element of it tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..call import Array, Call
from ..operation import Operation

_DRAWN = "(drawn)"
"""The argument that holds what was drawn, of a call in which it was put."""


class Drawing(Operation):
    """A row of an op that draws; see NOTE [What a zero hides]."""

    draws = True

    def read(self, call: Call) -> Array:
        """What was drawn, as the recorded result shows it; NaN where it cannot be told."""
        raise NotImplementedError

    def drawn(self, call: Call) -> Array:
        """What was drawn: read off the result, or what `settled` has put in."""
        found = call.get(_DRAWN)
        return self.read(call) if found is None else np.asarray(found)

    def settled(self, call: Call) -> Call:
        """The same call with what was drawn put in, so that other arguments can be put in and nothing is drawn anew."""
        arguments: Mapping[str, Any] = {**call.arguments, _DRAWN: self.drawn(call)}
        return Call(call.name, call.function, arguments, call.keys, call.outputs, call.mutated)


def open_where(sent: Array, unknown: Array) -> Array:
    """A gradient that is masked where what was drawn is unknown, and a plain array where it is known everywhere."""
    masked: Array = np.ma.masked_array(sent, np.broadcast_to(unknown, sent.shape))
    return masked if np.any(unknown) else sent


def guessed(drawn: Array, guess: float) -> Array:
    """What was drawn, with a guess where that cannot be told."""
    return np.where(np.isnan(drawn), guess, drawn)
