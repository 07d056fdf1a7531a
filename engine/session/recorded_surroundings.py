"""What breakpoints ask of a recorded trace about an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..analysis.breakpoints.boxes import Boxes
from ..analysis.breakpoints.happening import Figures, Happening, happening
from ..analysis.breakpoints.in_trace import figures_in, last_loss, line_of_site
from ..events import Kind
from .recorded import Recorded

_KEPT = 4096


class RecordedSurroundings:
    """Answers from the trace; the methods are those of `engine.analysis.breakpoints.happening.Surroundings`."""

    def __init__(self, record: Recorded) -> None:
        self._record = record
        self._figures: dict[int, Figures | None] = {}
        self._boxes: tuple[tuple[int, int], Boxes] = ((-2, 0), Boxes())

    def event(self, position: int) -> Happening | None:
        """The event at a position."""
        event = self._record.event(position)
        return None if event is None else happening(event)

    def line(self, site: int | None) -> tuple[str, int] | None:
        """(file without links, line) of a place in the source."""
        return line_of_site(self._record.trace, site)

    def begun(self, here: Happening) -> Iterable[tuple[str, str, str]]:
        """(path, class, variable) of each module call whose first event this op is."""
        event = self._record.event(here.position)
        if event is None or event.kind != Kind.OP:
            return
        for key in self._record.calls_around(event):
            call = self._record.trace.call(key)
            if call is not None and call.begin == event.position:
                yield call.path, call.class_name, call.variable

    def begun_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of the module calls whose first event this op is, outermost first."""
        return self._sites(here, begun=True)

    def called_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of all module calls that this op lies in, outermost first."""
        return self._sites(here, begun=False)

    def _sites(self, here: Happening, begun: bool) -> list[int]:
        event = self._record.event(here.position)
        if event is None or event.kind != Kind.OP:
            return []
        trace, found = self._record.trace, list[int]()
        for key in reversed(self._record.calls_around(event)):
            site = trace.call_site(key)
            call = trace.call(key) if begun else None
            if site is not None and (not begun or (call is not None and call.begin == here.position)):
                found.append(site.id)
        return found

    def module(self, call: int | None) -> str:
        """Path of a module call, "" for none."""
        found = None if call is None else self._record.trace.call(call)
        return "" if found is None else found.path

    def tensor_of(self, value: int) -> int | None:
        """The named tensor that a value is a version of."""
        return self._record.trace.value(value).tensor

    def tensor_name(self, tensor: int) -> str:
        """What a named tensor is called."""
        found = self._record.trace.tensor(tensor)
        return "" if found is None else found.name

    def owner_of_gradient(self, value: int, here: Happening) -> int | None:
        """The named tensor in whose `.grad` a value lies at this event."""
        span = self._record.iteration(here.iteration)
        if span is None:
            return None
        key = (span.number, here.position)
        if self._boxes[0] != key:
            boxes = Boxes()
            for position in range(span.begin, here.position + 1):
                event = self._record.event(position)
                if event is not None:
                    boxes.note(happening(event))
            self._boxes = (key, boxes)
        return self._boxes[1].owner(value)

    def maker(self, here: Happening) -> str:
        """Name of the op that made an autograd node, "" where there is none."""
        event = self._record.event(here.position)
        twin = None if event is None else self._record.twin(event)
        op = None if twin is None else self._record.event(twin)
        return "" if op is None else op.name

    def figures(self, value: int) -> Figures | None:
        """What is known of a value, None where it could not be captured."""
        if value not in self._figures:
            if len(self._figures) > _KEPT:
                self._figures.clear()
            self._figures[value] = figures_in(self._record.trace, value)
        return self._figures[value]

    def loss(self, position: int) -> float:
        """The last number without dimensions that a tracked op made before this position, or NaN."""
        return last_loss(self._record.trace, position)
