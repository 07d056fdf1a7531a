"""What a condition or a log point's text may name: the facts of one event."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from ...counting import from_one
from ...events import Kind
from .happening import Figures, Happening, Surroundings

NAMES: dict[str, str] = {
    "name": 'what the event is called: "linear", "AddmmBackward0", "SGD"',
    "op": "the op's name; for an autograd node that of the op that made it",
    "function": 'what was called: "torch.nn.functional.linear"',
    "module": "path of the module that is called",
    "kind": '"op", "node", "grad" or "update"',
    "phase": '"setup", "zero", "forward", "backward", "update" or "other"',
    "tensor": "the parameter that is updated, or whose gradient is handled",
    "iteration": "number of the iteration, from 1; 0 in the set-up",
    "position": "number of events before this one",
    "line": "line of the source",
    "loss": "the last number without dimensions that the forward pass made, NaN before there is one",
    "value": "what the event made (its first result)",
    "grad": "the gradient that a node sends, or that an update goes by",
}
"""Name -> its meaning, for people. `value` and `grad` also have statistics: `value.max`, `grad.norm`."""

OF_THE_OUTCOME = frozenset({"value", "grad"})
STATISTICS = ("min", "max", "mean", "std", "norm", "zeros", "nans", "infs", "largest")

Fact = str | int | float | Figures


class Facts:
    """Answers names for one event; works out only what is asked for."""

    def __init__(self, here: Happening, around: Surroundings) -> None:
        self._here = here
        self._around = around

    def find(self, name: str) -> Fact | None:
        """What a name stands for ("loss", "value.max"), None if it stands for nothing at this event."""
        first, _, rest = name.partition(".")
        found = self._find(first)
        if not rest:
            return found
        if not isinstance(found, Figures) or rest not in STATISTICS:
            return None
        return found.largest if rest == "largest" else float(getattr(found.statistics, rest))

    def near(self, name: str) -> Sequence[str]:
        """Names there are that look like it, best first."""
        return get_close_matches(name, NAMES, 2)

    def _find(self, name: str) -> Fact | None:
        here, around = self._here, self._around
        match name:
            case "op":
                return around.maker(here) if here.kind == Kind.NODE else here.name
            case "module":
                return around.module(here.call)
            case "tensor":
                return "" if here.tensor is None else around.tensor_name(here.tensor)
            case "line":
                place = around.line(here.site)
                return 0 if place is None else place[1]
            case "loss":
                return around.loss(here.position + bool(here.outputs))
            case "value":
                return self._figures([value for _, value, _, _ in here.outputs])
            case "grad":
                return self._figures(_gradients(here))
            case "iteration":
                return from_one(here.iteration)
            case "name" | "function" | "kind" | "phase" | "position":
                found: str | int = getattr(here, name)
                return found
        return None

    def _figures(self, values: list[int | None]) -> Figures | None:
        return None if not values or values[0] is None else self._around.figures(values[0])


def _gradients(here: Happening) -> list[int | None]:
    if here.kind == Kind.NODE:
        return [value for _, value, _, _ in here.outputs]
    return [value for name, value, _, _ in (*here.outputs, *here.inputs) if name == "grad"]
