"""What the call tree writes beside a row: the value with its symbol, and the norm of the gradient."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.language import say
from app.models.call_tree_items import LARGEST_TREE, TreeItem, norm_event
from app.models.card_states import number_text
from engine.analysis.notation.numbers import format_number
from engine.analysis.roles import roles
from engine.analysis.symbols import words_of
from engine.analysis.tree import RowKind
from engine.events import UNTRACKED, Event, Kind
from engine.trace.reader import Trace
from engine.values import Value

translate = QCoreApplication.translate

_NORM_DIGITS = 3
_VALUE_DIGITS = 4


class CallTreeTexts:
    """Reads values when a row comes into view. `forget` after more was recorded."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._values: dict[int, str] = {}
        self._modes: dict[int, str] = {}
        self._arrivals: dict[int, dict[tuple[int, int], tuple[int, int]]] = {}
        self._sizes: dict[int, int] = {}

    def forget(self) -> None:
        """Roles, gradients and pending events may be others now."""
        self._values.clear()
        self._modes.clear()
        self._arrivals.clear()
        self._sizes.clear()

    def value(self, item: TreeItem) -> str:
        """What an event yielded: "z⁽¹⁾ = 1.124", "a⁽¹⁾ (32, 8)", or an error; where a module was called: "line 57"."""
        event = item.event
        if item.row.call is not None and event is None:
            site = self._trace.call_site(item.row.call)
            return "" if site is None else translate("call_tree", "line %1").replace("%1", str(site.line))
        if event is None or event.pending:
            return ""
        if event.error:
            return event.error
        if event.position not in self._values:
            self._values[event.position] = self._value_text(event)
        return self._values[event.position]

    def norm(self, item: TreeItem, position: int | None) -> str:
        """Norm of the gradient that arrived at an event or a module's output, if it has at `position`."""
        at = norm_event(item)
        event = item.event if item.event is not None else self._trace.event(at) if at is not None else None
        if event is None or event.pending:
            return ""
        found = self._gradient(event)
        if found is None or (position is not None and found[1] >= position):
            return ""
        known = self._trace.value(found[0]).statistics
        return "" if known is None else format_number(known.norm, _NORM_DIGITS)

    def tip(self, item: TreeItem) -> str:
        """The qualified function of an event, its place in the source and the aten calls in it; a module's class."""
        if item.row.kind == RowKind.CALL or item.event is None:
            return item.row.detail
        mode = self.mode(item)
        under = translate("call_tree", "Under %1: autograd does not follow it.").replace("%1", UNTRACKED.get(mode, ""))
        site = self._trace.site(item.event.site)
        place = "" if site is None else f":{site.line}"
        calls = self._trace.aten(item.event.position, item.event.position + 1)
        inside = "".join(f"\n    {call.function}" for call in calls if call.inside)
        head = f"{item.event.position}  {item.row.detail or item.row.text}{place}{inside}"
        return f"{head}\n{under}" if mode else head

    def mode(self, item: TreeItem) -> str:
        """ "no_grad" or "inference" where autograd did not follow an event, else ""."""
        event = item.event
        if event is None:
            return ""
        if event.position not in self._modes:
            mode = self._trace.grad_mode(event)
            self._modes[event.position] = mode if mode in UNTRACKED else ""
        return self._modes[event.position]

    def _value_text(self, event: Event) -> str:
        value = next((slot.value for slot in event.outputs if slot.value is not None), None)
        if value is None:
            return ""
        known = self._trace.value(value)
        numbers = self._numbers(known)
        symbol = self._symbol(value, event.iteration)
        if numbers:
            return f"{symbol} = {numbers}" if symbol else numbers
        return f"{symbol} {_shape(known)}".strip()

    def _numbers(self, value: Value) -> str:
        if value.numel > 4:
            return ""
        array = self._trace.array(value.id)
        return "" if array is None else number_text(array, _VALUE_DIGITS)

    def _symbol(self, value: int, iteration: int) -> str:
        """Finding roles takes reading all of the iteration, so a huge one goes without."""
        if self._size(iteration) > LARGEST_TREE:
            return ""
        symbol = roles(self._trace, iteration).symbol(value)
        return say(words_of(symbol)) if symbol else ""

    def _size(self, iteration: int) -> int:
        if iteration not in self._sizes:
            found = self._trace.iteration(iteration)
            self._sizes[iteration] = 0 if found is None else found.end - found.begin
        return self._sizes[iteration]

    def _gradient(self, event: Event) -> tuple[int, int] | None:
        """The gradient's value, and the position of the event that it arrived at."""
        if event.kind == Kind.NODE:
            value = next((slot.value for slot in event.inputs if slot.value is not None), None)
            return None if value is None else (value, event.position)
        if event.kind == Kind.UPDATE:
            value = next((slot.value for slot in event.inputs if slot.name == "grad"), None)
            return None if value is None else (value, event.position)
        arrivals = self._arrivals_of(event.iteration)
        places = ((slot.node, slot.index) for slot in event.outputs if slot.node is not None)
        return next((arrivals[place] for place in places if place in arrivals), None)

    def _arrivals_of(self, iteration: int) -> dict[tuple[int, int], tuple[int, int]]:
        if iteration not in self._arrivals:
            events = self._trace.events(iteration=iteration) if self._size(iteration) <= LARGEST_TREE else []
            self._arrivals[iteration] = {
                (event.node, slot.index): (slot.value, event.position)
                for event in events
                if event.kind == Kind.NODE and event.node is not None
                for slot in event.inputs
                if slot.value is not None
            }
        return self._arrivals[iteration]


def _shape(value: Value) -> str:
    return f"({', '.join(map(str, value.shape))})"
