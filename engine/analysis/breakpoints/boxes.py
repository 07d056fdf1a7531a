"""Which values lay in the `.grad` of which tensors, also after an op wrote to them in place (clipping)."""

from __future__ import annotations

from ...events import Kind
from .happening import Happening

_MOST = 100_000


class Boxes:
    """Told of events in order."""

    def __init__(self) -> None:
        self._owners: dict[int, int] = {}

    def owner(self, value: int) -> int | None:
        """The tensor in whose `.grad` a value lay."""
        return self._owners.get(value)

    def note(self, here: Happening) -> None:
        """An event is over."""
        if len(self._owners) > _MOST:
            self._owners.clear()
        if here.tensor is not None and here.kind in (Kind.NODE, Kind.GRAD, Kind.EDIT):
            for name, value, _, _ in here.outputs:
                if name == "grad" and value is not None:
                    self._owners[value] = here.tensor
        elif here.kind == Kind.OP and here.name.endswith("_") and not here.name.endswith("__"):
            self._note_write(here)

    def _note_write(self, here: Happening) -> None:
        """The n-th result of an op that writes in place takes the place of the n-th tensor of its first argument."""
        written = [value for name, value, _, _ in here.inputs if name == "0" or name.startswith("0.")]
        for old, (_, new, _, _) in zip(written, here.outputs, strict=False):
            owner = None if old is None else self._owners.get(old)
            if owner is not None and new is not None and new != old:
                self._owners[new] = owner
