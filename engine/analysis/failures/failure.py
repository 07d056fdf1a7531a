"""A failed run, explained: the closed set of things that are handed out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...bilingual import Bilingual
from ...events import Event, ModuleCall, Node
from .told import Told

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_CALL = re.compile(r"[A-Za-z_][\w.]*(?:\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of source. path: of its file. line: from 1. text: that line without its indent, "" where unknown."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Operand:
    """A tensor that went into the failing event.

    name: what the script calls it, or the short expression that made it, "" where there is neither. role: what it is to
    the op ("weight"). origin: the op and line that made it, "" where that is unknown. value: its id in the trace.
    dtype, device: torch's names. requires_grad: None where the trace does not tell.
    """

    name: str
    role: Bilingual
    origin: Bilingual
    value: int
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool | None

    @property
    def en(self) -> str:
        """What a sentence calls it."""
        return self.name or f"the {self.role.english}"

    @property
    def zh(self) -> str:
        """What a Chinese sentence calls it."""
        return self.name or self.role.chinese

    def code(self, otherwise: str) -> str:
        """What a line of code calls it, also to assign to it. otherwise: where it has no name."""
        return self.name if _NAME.fullmatch(self.name) else otherwise

    def expression(self, otherwise: str) -> str:
        """What a line of code calls it: its name, or the call that made it. otherwise: where there is neither."""
        return self.name if _CALL.fullmatch(self.name) else otherwise


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed.

    kind: the key of its row in the table. event: the op or autograd node that raised; None where no event shows it.
    node, forward: for a failure inside a backward pass the autograd node and the op that made it. call: the module call
    that it happened in. place: the script's line that was running; forward_place: that of `forward`. type, message: of
    the exception, unaltered.
    """

    kind: str
    type: str
    message: str
    event: Event | None
    node: Node | None
    forward: Event | None
    call: ModuleCall | None
    place: Place | None
    forward_place: Place | None
    operands: tuple[Operand, ...]
    told: Told

    @property
    def position(self) -> int | None:
        """Where the failing event stands in the trace."""
        return None if self.event is None else self.event.position
