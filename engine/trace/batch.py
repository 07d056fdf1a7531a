"""What the recorder hands to the writer: rows as plain tuples, gathered until there is a handful."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = tuple[Any, ...]


@dataclass(slots=True)
class Batch:
    """Rows in the order of the tables' columns, except where a comment says otherwise.

    Tuples and not dataclasses: the recorder makes thousands a second on the script's own thread.
    """

    events: list[Row] = field(default_factory=list)
    """Inputs and outputs are sequences of (name, value, node, index); arguments are a dict or None."""
    nodes: list[Row] = field(default_factory=list)
    """next is a list of (node, index) or None."""
    calls: list[Row] = field(default_factory=list)
    values: list[Row] = field(default_factory=list)
    """(id, dtype, shape, device, tensor, iteration, array, reason, base, strides): array is bytes, a numpy array of
    the dtype's storage form that nobody writes to any more, an offset in the arena's memory (on its way to the writing
    process), or None; base: the value whose elements this one shows; strides: in elements, where they are not in C
    order."""
    tensors: list[Row] = field(default_factory=list)
    sites: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    iterations: list[Row] = field(default_factory=list)
    """(number, begin, end)."""
    output: list[Row] = field(default_factory=list)
    meta: list[tuple[str, Any]] = field(default_factory=list)
    aten: list[Row] = field(default_factory=list)
    """Inputs, outputs and arguments as in events."""
    layouts: list[Row] = field(default_factory=list)
    """(value, layout, strides): of values that do not lie in memory in C order."""
    call_sites: list[Row] = field(default_factory=list)
    """(call, site)."""
    grad_modes: list[Row] = field(default_factory=list)
    """(position, mode): from this event on."""
    moved: list[tuple[int, int, int, str]] = field(default_factory=list)
    """(begin, end, iteration, phase): events that turned out to belong to another iteration."""
    size_bytes: int = 0
    """Bytes of arrays in `values`."""
    filled: int = 0
    """Up to where the arena was filled when this batch was handed over."""

    def take(self) -> Batch:
        """What was gathered so far, as a batch of its own; this one is empty afterwards."""
        taken = Batch(**{name: getattr(self, name) for name in self.__slots__})
        fresh = Batch()
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))
        return taken
