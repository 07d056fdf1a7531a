"""Finds what a stop's `highlight` names in its run: a number, an operation, a module, a place in the source or output.

NOTE [What is pointed out]
In this order, except that a stop whose view is the source asks the source first, and one whose view is the console asks
what was printed first: a quantity ("dC/dw1"); a name as in a watch ("w.grad", "weights"); a readable symbol
("relu(z1)"); an operation or autograd node ("detach", "AddBackward0"); a module ("norm1"); a piece of the script's
text, of several the one nearest to the stop; what the script printed. `z1[0,3]` is one element of z1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..analysis.quantities import Quantity, quantities
from ..analysis.roles import roles
from ..analysis.watches.answers import NoAnswer
from ..analysis.watches.recorded_names import RecordedNames, RecordedValue
from ..analysis.watches.recorded_run import run_of
from ..events import Event, Kind, Site
from .moments import Moment

_MOST_EVENTS = 12
_ELEMENT = re.compile(r"(.+?)\[(\d+(?:,\s*\d+)*)\]")
_OF_A_PARAMETER = re.compile(r"(.+?)(?:\.grad|\.state\..+)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line. source: id of the file. line: 1-based. column, end_column: 0-based, in bytes of UTF-8."""

    source: int
    line: int
    column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Pointed:
    """What one word of a stop is. quantity: index among the iteration's. symbol: what it is called, "" for no number.

    value: id of its snapshot. is_known: whether its number may be seen at the stop. element: a place in it. tensor: id
    of the parameter that it is, or belongs to. events: positions of operations and nodes that it is, or made it.
    op: of a local derivative, which is no value of its own, the operation. span: where it stands in the source.
    printed: whether the script prints it.
    """

    word: str
    symbol: str = ""
    quantity: int | None = None
    value: int | None = None
    is_known: bool = False
    element: tuple[int, ...] | None = None
    tensor: int | None = None
    events: tuple[int, ...] = ()
    op: int | None = None
    span: Span | None = None
    printed: bool = False

    @property
    def is_found(self) -> bool:
        """Whether there is anything of this name."""
        return bool(self.symbol or self.events or self.span or self.printed)


def pointed_out(moment: Moment, view: str, words: Sequence[str], *, revealed: bool) -> tuple[Pointed, ...]:
    """What the words of a stop's `highlight` are, see NOTE [What is pointed out]. revealed: as in `Moment.ask`."""
    search = _Search(moment, revealed)
    return tuple(search.found(word, view) for word in words)


class _Search:
    """Looks around one moment."""

    def __init__(self, moment: Moment, revealed: bool) -> None:
        self._moment, self._revealed = moment, revealed
        self._trace, self._iteration = moment.trace, moment.iteration
        self._position = moment.known_at if revealed else moment.position
        self._quantities = quantities(self._trace, self._iteration) if self._iteration >= 0 else []
        self._events = self._trace.events(self._iteration)

    def found(self, word: str, view: str) -> Pointed:
        """One word."""
        element = None
        parts = _ELEMENT.fullmatch(word)
        name = word
        if parts is not None and (self._number(parts[1]) is not None):
            name, element = parts[1], tuple(int(one) for one in parts[2].split(","))
        ways = [self._number, self._operation, self._module, self._text, self._print]
        first = {"source": self._text, "console": self._print}.get(view)
        if first is not None:
            ways = [first, *(way for way in ways if way != first)]
        for way in ways:
            one = way(name)
            if one is not None:
                return replace(one, word=word, element=element)
        return Pointed(word)

    def _number(self, name: str) -> Pointed | None:
        for quantity in self._quantities:
            if name in (quantity.symbol, quantity.text):
                return self._quantity(name, quantity)
        names = RecordedNames(run_of(self._trace), self._position, self._iteration)
        try:
            meaning = names.find(name)
        except NoAnswer:  # there is such a name, and nothing in it yet
            return self._valued(name, self._later(name), is_known=False)
        if isinstance(meaning, RecordedValue):
            return self._valued(name, meaning.value.id, is_known=True)
        symbols = roles(self._trace, self._iteration).symbols if self._iteration >= 0 else {}
        value = next((value for value, symbol in symbols.items() if symbol == name), None)
        if value is None:
            return None
        made = self._made(value)
        return self._valued(name, value, is_known=made is not None and made.position < self._position)

    def _quantity(self, name: str, quantity: Quantity) -> Pointed:
        at = self._moment.quantity
        if at is not None:
            is_known = quantity.index < at.index + self._revealed
        else:
            is_known = quantity.known_at <= self._position
        return Pointed(
            name,
            symbol=quantity.symbol,
            quantity=quantity.index,
            value=quantity.value,
            is_known=is_known,
            tensor=quantity.tensor,
            events=(quantity.event,),
            op=quantity.op if quantity.value is None else None,
        )

    def _valued(self, name: str, value: int | None, *, is_known: bool) -> Pointed:
        """A name of a value; a gradient or a state of an optimizer belongs to its parameter."""
        made = None if value is None else self._made(value)
        parts = _OF_A_PARAMETER.fullmatch(name)
        tensor = None
        if parts is not None:
            tensor = self._owner(parts[1]) if made is None or made.tensor is None else made.tensor
        elif value is not None:
            tensor = self._trace.value(value).tensor
        events = () if made is None else (made.position,)
        return Pointed(name, symbol=name, value=value, is_known=is_known, tensor=tensor, events=events)

    def _owner(self, name: str) -> int | None:
        """The parameter of a name, or of a role such as w1."""
        named = [one.id for one in run_of(self._trace).named(name)]
        if named:
            # A script may have given the name to one parameter after the other.
            here = {event.tensor for event in self._events}
            return next((one for one in reversed(named) if one in here), named[-1])
        called = roles(self._trace, self._iteration).of_tensor if self._iteration >= 0 else {}
        return next((tensor for tensor, role in called.items() if role == name), None)

    def _later(self, name: str) -> int | None:
        """What a name will hold once this iteration has gone on."""
        facts = run_of(self._trace).facts(self._iteration)
        given = (one.value for one in facts.variables.get(name, ()) if one.value is not None)
        return facts.roles.by_role.get(name, next(given, None))

    def _made(self, value: int) -> Event | None:
        """The event of this iteration that a value came out of."""
        return next((event for event in self._events if any(slot.value == value for slot in event.outputs)), None)

    def _operation(self, name: str) -> Pointed | None:
        events = [event for event in self._events if event.name == name]
        # Of many the next ones matter.
        coming = [event for event in events if event.position >= self._moment.position] or events
        return self._of_events(name, coming)

    def _module(self, name: str) -> Pointed | None:
        calls = [call for call in self._trace.calls(self._iteration) if f".{call.path}".endswith(f".{name}")]
        ends = [call.end - 1 for call in calls if call.path and call.end > call.begin]
        return self._of_events(name, [event for event in self._events if event.position in ends])

    def _of_events(self, name: str, events: Sequence[Event]) -> Pointed | None:
        positions = tuple(event.position for event in events[:_MOST_EVENTS])
        return Pointed(name, events=positions) if positions else None

    def _text(self, name: str) -> Pointed | None:
        here = self._site()
        spans = sorted(self._spans(name), key=lambda span: _distance(span, here))
        if not spans:
            return None
        span = spans[0]
        sites = ((event, self._trace.site(event.site)) for event in self._events)
        on_it = [(event, site) for event, site in sites if site is not None and _is_on(site, span)]
        exact = [event for event, site in on_it if (site.column, site.end_column) == (span.column, span.end_column)]
        # Not the nodes of `loss.backward()`, which are all there are.
        events = [event for event in exact or [event for event, _ in on_it] if event.kind is Kind.OP]
        last = events[-1:]
        value = next((slot.value for event in last for slot in event.outputs if slot.value is not None), None)
        is_known = value is not None and last[0].position < self._position
        found = tuple(event.position for event in events[:_MOST_EVENTS])
        return Pointed(name, value=value, is_known=is_known, events=found, span=span)

    def _spans(self, name: str) -> Iterator[Span]:
        """Where the script's text has this piece; where it is a whole word somewhere, only there."""
        for wanted in dict.fromkeys((_whole(name), re.escape(name))):
            found = False
            for source in self._trace.sources():
                for number, line in enumerate(source.text.splitlines(), 1):
                    for match in re.finditer(wanted, line):
                        found = True
                        column = len(line[: match.start()].encode())
                        yield Span(source.id, number, column, column + len(match[0].encode()))
            if found:
                return

    def _site(self) -> Site | None:
        """Where the stop is in the source."""
        last = max(0, self._moment.known_at - 1)
        for position in (self._moment.position, last):
            event = self._trace.event(position)
            if event is not None and event.iteration == self._iteration and event.site is not None:
                return self._trace.site(event.site)
        return None

    def _print(self, name: str) -> Pointed | None:
        printed = "".join(row.text for row in self._trace.output())
        is_there = any(stands_in(name, line) for line in printed.splitlines())
        return Pointed(name, printed=True) if is_there else None


def stands_in(word: str, line: str) -> bool:
    """Whether a line has these words, and not as a part of longer ones."""
    return re.search(_whole(word), line) is not None


def _whole(words: str) -> str:
    """A pattern of these words that does not match inside longer ones."""
    begins, ends = (r"(?<!\w)" if words[:1].isalnum() else ""), (r"(?!\w)" if words[-1:].isalnum() else "")
    return f"{begins}{re.escape(words)}{ends}"


def _distance(span: Span, here: Site | None) -> tuple[bool, int]:
    """How far a piece is from the stop: another file is further than any line."""
    return (True, 0) if here is None else (span.source != here.source, abs(span.line - here.line))


def _is_on(site: Site, span: Span) -> bool:
    return site.source == span.source and site.line <= span.line <= site.end_line
