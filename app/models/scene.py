"""The graph canvas's input as plain data: what stands still (`Scene`) and what changes at a step (states).

Structure and live values are apart so that stepping replaces a few small states and never rebuilds the picture.
No Qt, no trace: whoever owns the cursor makes these from what the reader and the analysis say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

CardKind = Literal["op", "input", "loss", "view", "cluster"]
CardStatus = Literal["future", "done", "current"]
Phase = Literal["forward", "backward", "update"]
GradStatus = Literal["none", "zero", "holding", "added"]
ClusterPath = tuple[str, ...]
"""A module call as the names of the calls around it, outermost first: `("Net", "fc1")`."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A parameter beside the card that reads it. Written when the graph is built.

    id: unique in the scene (a shared weight has one pill at each reader). text: its symbol, "W1".
    shape_text: "(8, 2)", or "" for a scalar, whose value is then written on the pill. is_constant: no parameter, but
    numbers that the module keeps, such as a running mean; it has no `.grad`.
    """

    id: str
    text: str
    shape_text: str = ""
    is_constant: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One quantity of the graph: an input, the output of an op, or the loss.

    title: the op or name, "linear". symbol: the textbook's symbol, "z1", "a1", "C", or "".
    shape_text: "(32, 8)", or "" for a scalar. cluster: the module calls around it, outermost first.
    """

    id: str
    title: str
    symbol: str = ""
    shape_text: str = ""
    kind: CardKind = "op"
    cluster: ClusterPath = ()
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A value flowing from card `source` to card `target` (ids), there the argument number `slot` (0-based)."""

    source: str
    target: str
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """The words for one module call: its path, the label on its frame ("fc1") and its class ("Linear").

    times: how many equal ones it stands for, side by side (see `rolled_scene`).
    """

    path: ClusterPath
    label: str
    class_name: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Scene:
    """One iteration's graph. Cards stand in the order in which they happen; an edge to an unknown card is an error."""

    cards: tuple[Card, ...] = ()
    edges: tuple[Edge, ...] = ()
    clusters: tuple[Cluster, ...] = ()

    def __post_init__(self) -> None:
        known = {card.id for card in self.cards}
        if len(known) != len(self.cards):
            raise ValueError("Two cards of the scene have the same id; give each card its own.")
        for edge in self.edges:
            if edge.source not in known or edge.target not in known:
                raise ValueError(f"The edge {edge.source} -> {edge.target} names a card that the scene does not have.")


@dataclass(frozen=True, slots=True, eq=False)
class CardState:
    """What a card shows at one position.

    value, grad: a preview for the thumbnail, at most 16 rows x 32 columns (None: does not exist yet).
    value_text, grad_text: the numbers of a scalar or tiny tensor, written instead of a thumbnail when not "".
    """

    value: NDArray[Any] | None = None
    value_text: str = ""
    grad: NDArray[Any] | None = None
    grad_text: str = ""
    status: CardStatus = "future"
    phase: Phase = "forward"

    @property
    def has_value(self) -> bool:
        """The forward pass has made this card's value."""
        return bool(self.value_text) or self.value is not None

    @property
    def has_grad(self) -> bool:
        """The gradient of the loss for this card's value has arrived."""
        return bool(self.grad_text) or self.grad is not None


@dataclass(frozen=True, slots=True, eq=False)
class PillState:
    """What a pill shows at one position.

    grad_status: `.grad` is None ("none"), all zeros ("zero"), set ("holding"), or was just added to ("added").
    updated: the update has already changed the parameter in this iteration. grad_passes: how many backward passes are
    in `.grad`; more than one after it was added to. short_texts: the value in fewer and
    fewer digits, where all have no room.
    """

    value_text: str = ""
    grad_text: str = ""
    grad_status: GradStatus = "none"
    updated: bool = False
    grad_passes: int = 0
    short_texts: tuple[str, ...] = ()


def preview_of(array: NDArray[Any], rows: int = 16, columns: int = 32) -> NDArray[np.float32]:
    """`array` as a picture of at most `rows` x `columns`: axes before the last are stacked, both strides are even.

    A vector is one row, a scalar one cell. Values are picked, not averaged, so that a NaN stays a NaN; what has
    exploded beyond float32 is infinite in the picture.
    """
    flat = np.asarray(array)
    grid = flat.reshape(1, -1) if flat.ndim < 2 else flat.reshape(-1, flat.shape[-1])
    picked = grid[np.ix_(_even(grid.shape[0], rows), _even(grid.shape[1], columns))]
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(picked, dtype=np.float32)


def _even(length: int, limit: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, length - 1, min(length, limit)).round().astype(np.intp)) if length else np.arange(0)
