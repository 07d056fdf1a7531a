"""What a row of the table is given to explain an error by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...events import Event, ModuleCall
from ...trace.reader import Trace
from .failure import Operand, Place


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known of a failure before it is explained; fields as in `Failure`.

    op: short name of the failing op or node, "" where no event shows it. found: where the row's pattern was found in
    the message. operands_by_slot: the same operands, by argument ("0", "weight").
    """

    trace: Trace
    type: str
    message: str
    op: str
    event: Event | None
    forward: Event | None
    call: ModuleCall | None
    place: Place | None
    forward_place: Place | None
    operands: tuple[Operand, ...]
    operands_by_slot: dict[str, Operand]
    found: re.Match[str]

    def operand(self, *slots: str) -> Operand | None:
        """The operand of the first of these arguments that is there."""
        return next((self.operands_by_slot[slot] for slot in slots if slot in self.operands_by_slot), None)

    @property
    def line(self) -> str:
        """The script's line that was running, "" where it is unknown."""
        return "" if self.place is None else self.place.text

    @property
    def layer(self) -> str:
        """What the script calls the innermost module: "net.fc1", "net[0]"; its class where it has no name."""
        return "" if self.call is None else _module_name(self.call)

    @property
    def layer_assignment(self) -> str:
        """How a line begins that makes the innermost module anew: "self.fc1 = "; "" where it has no name of its own."""
        if self.call is None:
            return ""
        if self.call.path:
            return f"self.{self.call.path} = " if self.call.path.isidentifier() else ""
        return f"{self.call.variable} = " if self.call.variable else ""


def _module_name(call: ModuleCall) -> str:
    path = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in call.path.split(".") if part)
    return f"{call.variable}{path}".lstrip(".") or call.class_name


def shape_text(shape: tuple[int, ...]) -> str:
    """ "[2, 3]", as torch writes shapes."""
    return f"[{', '.join(map(str, shape))}]"
