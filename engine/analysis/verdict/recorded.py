"""Makes formulas of recorded ops, one iteration's, and keeps the last few."""

from __future__ import annotations

from collections import OrderedDict

from ...events import Event, Kind
from ..families import is_in_place
from ..flow import GRAD, Flow
from ..table.call import Array, UnfitError, bind
from ..table.operation import row_of
from .arrays import Arrays
from .composed import Composed, inner_events
from .edited import EditFormula
from .formula import Formula, RowFormula
from .precision import SINGLE, TF32, Precision, lowest

_KEPT = 64


class Formulas:
    """The ops of a trace as formulas."""

    def __init__(self, flow: Flow, arrays: Arrays) -> None:
        self._flow = flow
        self._arrays = arrays
        self._kept: OrderedDict[int, Formula] = OrderedDict()

    def of(self, event: Event) -> Formula:
        """The formula of an op. Raises UnfitError where there is none, or numbers are missing."""
        if event.position in self._kept:
            self._kept.move_to_end(event.position)
            return self._kept[event.position]
        made = self._made(event)
        self._kept[event.position] = made
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made

    def _made(self, event: Event) -> Formula:
        if event.kind == Kind.EDIT:
            old, new = (self._arrays.wide(slots[0].value or 0) for slots in (event.inputs, event.outputs))
            return EditFormula(event, old, new)
        if event.arguments.get("opaque") is True:
            raise UnfitError(f"what runs inside {event.name} was not recorded", f"{event.name} 内部的运算没有被记录")
        if event.function == GRAD:
            raise UnfitError(
                "gradients of gradients are checked as a whole, in the gradients of the parameters",
                "梯度的梯度是整体检查的：见各参数的梯度",
            )
        # A function of the script's own may have the name of one of torch's.
        inner = inner_events(self._flow, event)
        found = None if inner and not event.function.startswith("torch.") else row_of(event.name)
        if found is None:
            if not inner:
                raise UnfitError(f"there is no formula for {event.name} in the table", f"表中没有 {event.name} 的公式")
            return Composed(self._flow, event, inner, self, self._arrays)
        row, form = found
        tensors = {slot.name: self._arrays.wide(slot.value) for slot in event.inputs if slot.value is not None}
        outputs = [None if slot.value is None else self._kept_array(slot.value) for slot in event.outputs]
        return RowFormula(event, row, bind(form, event.function, tensors, event.arguments, outputs, is_in_place(event)))

    def _kept_array(self, value: int) -> Array | None:
        try:
            return self._arrays.wide(value)
        except UnfitError:
            return None

    def rounds_to(self, event: Event) -> Precision | None:
        """The format that an op brings its result to, if it was asked to, or if it is coarser than its inputs'."""
        made = lowest(self._arrays.dtype(slot.value) for slot in event.outputs if slot.value is not None)
        given = lowest(self._arrays.dtype(slot.value) for slot in event.inputs if slot.value is not None)
        asked = any(isinstance(part, str) and part.startswith("torch.") for part in event.arguments.values())
        coarser = made is not None and given is not None and made.eps > given.eps
        return made if asked or coarser else None

    def precision(self, event: Event) -> Precision | None:
        """The coarsest format among what went into an op and came out of it."""
        values = [slot.value for slot in (*event.inputs, *event.outputs) if slot.value is not None]
        found = lowest(map(self._arrays.dtype, values))
        if found is SINGLE and event.name.startswith("conv") and any(map(self._arrays.is_on_cuda, values)):
            return TF32
        return found
