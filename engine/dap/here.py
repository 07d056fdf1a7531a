"""Where the run stands, for everything that an editor shows of a stop: what was done last, what comes next, names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..analysis.names import ValueNames
from ..analysis.roles import Roles, roles
from ..analysis.watches.recorded_names import RecordedNames
from ..analysis.watches.recorded_run import run_of
from ..events import AtenOp, Event, Kind, ModuleCall
from ..session.moment import Moment, moment_at
from ..session.session import Session
from ..trace.reader import Trace


@dataclass(frozen=True)
class Here:
    """One place of a session. Belongs to the thread that asks; made anew at each stop."""

    trace: Trace
    moment: Moment

    @cached_property
    def done(self) -> Event | None:
        """The event that was over last: of the quantity that was revealed last, where quantities are counted."""
        place, last = self.moment.place, self.moment.last
        if place.quantity is not None and last is not None:
            return self.trace.event(last.event)
        event = self.trace.event(place.position - 1) if place.position else None
        return event if event is not None and event.iteration == place.iteration else None

    @cached_property
    def coming(self) -> Event | None:
        """The event that comes next: of the quantity that is revealed next, where it has happened already."""
        upcoming = self.moment.next
        if self.moment.place.quantity is not None and upcoming is not None:
            return self.trace.event(upcoming.event)
        return self.moment.event or self.trace.event(self.moment.place.position)

    @property
    def shown(self) -> Event | None:
        """The event whose line is shown: the next one; at the end of the run the last."""
        return self.coming or self.trace.event(self.moment.place.position - 1)

    @property
    def phase(self) -> str:
        """The phase that the place is in."""
        phase = self.moment.phase or (self.shown.phase if self.shown is not None else None)
        return "" if phase is None else phase.value

    @property
    def last_name(self) -> str:
        """What was done last: a quantity's symbol, or an event's name; "" at the start."""
        if self.moment.place.aten:
            return self._inside[self.moment.place.aten - 1].function
        if self.moment.place.quantity is not None and self.moment.last is not None:
            return self.moment.last.text
        return "" if self.done is None else self.done.name

    @property
    def next_name(self) -> str:
        """What comes next; "" at the end."""
        if self.moment.place.aten:
            return self._inside[self.moment.place.aten].function
        if self.moment.place.quantity is not None and self.moment.next is not None:
            return self.moment.next.text
        return "" if self.coming is None else self.coming.name

    @cached_property
    def calls(self) -> tuple[ModuleCall, ...]:
        """The module calls around, innermost first. A backward node lies where its op does."""
        found: list[ModuleCall] = []
        number = None if self.shown is None else self.shown.call
        while number is not None and len(found) < 200:
            call = self.trace.call(number)
            if call is None:
                break
            found.append(call)
            number = call.parent
        return tuple(found)

    @cached_property
    def _inside(self) -> list[AtenOp]:
        """What torch called inside the event that is next, where that was recorded."""
        place = self.moment.place
        return self.trace.aten(place.position, place.position + 1) if place.quantity is None else []

    @property
    def calls_inside(self) -> list[str]:
        """These calls, and which of them is next: "aten::mm · done"."""
        done = self.moment.place.aten
        states = ("done" if number < done else "next" if number == done else "" for number in range(len(self._inside)))
        return [f"{call.function} · {state}".rstrip(" ·") for call, state in zip(self._inside, states, strict=True)]

    @cached_property
    def names(self) -> RecordedNames:
        """What can be named here."""
        return RecordedNames(run_of(self.trace), self.moment.place.position, self.moment.place.iteration)

    @cached_property
    def roles(self) -> Roles:
        """The roles of the iteration's values."""
        return roles(self.trace, self.moment.place.iteration)

    def slot_name(self, event: Event, place: int, *, is_result: bool) -> str:
        """What an argument or a result of an event is called: by its role, its variable, or its place."""
        slot = (event.outputs if is_result else event.inputs)[place]
        found = "" if slot.value is None else next(iter(self.roles.of_value.get(slot.value, ())), "")
        if found:
            return found
        if event.kind is Kind.OP:
            names = ValueNames(self.trace)
            found = names.variable(event, place) if is_result else names.argument(event, slot.name)
        owner = None if event.tensor is None else self.trace.tensor(event.tensor)
        if not found and owner is not None and slot.name in ("value", "grad"):
            found = f"{owner.name}.grad" if slot.name == "grad" else owner.name
        return found or (f"result {place}" if is_result and slot.name.isdigit() else slot.name)


def here(session: Session) -> Here:
    """The session's place."""
    trace = session.trace
    return Here(trace, moment_at(trace, session.place, session.level, session.is_live))
