"""Which rows of the data set each batch of a run was made of, and which rows the script put into which part.

NOTE [Rows]
A batch is followed back through what made it. Where all its rows are, to the bit, rows of the value it was made from
(a slice, an index, a stack of single rows as a DataLoader makes one), they are found there; where a value has as many
rows as what it was made from (a scaling, a product), they are the same rows in the same order. The last value that
has nothing before it is the data set. Of two rows with the same numbers the first is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...events import Event, Iteration, Kind
from ...trace.reader import Trace
from ..roles import roles
from .assigned import assigned_name

Rows = NDArray[np.int64]

MOST_ITERATIONS = 4000
_MOST_BYTES = 64 << 20
_MOST_SET_UP = 20_000
_DEEPEST = 60
_JOINS = ("stack", "cat", "concat", "concatenate", "vstack")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of the data that the script has a name for. rows: their numbers in the data set, from 0."""

    name: str
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class DataRows:
    """count: rows of the data set. name: what the script calls it, or "". root: its value id. batches: (iteration,
    rows) in order.

    parts: the parts that the script made of it, in the order in which it did.
    """

    count: int
    name: str
    root: int
    batches: tuple[tuple[int, Rows], ...]
    parts: tuple[Part, ...]

    @property
    def pool(self) -> Rows:
        """The rows that batches are drawn from: of the smallest part that has them all, else of the data set."""
        drawn = set(np.concatenate([rows for _, rows in self.batches]).tolist())
        fitting = [part.rows for part in self.parts if drawn <= set(part.rows.tolist())]
        return min(fitting, key=len) if fitting else np.arange(self.count)

    def batch(self, iteration: int) -> Rows | None:
        """The rows of an iteration's batch."""
        return next((rows for number, rows in self.batches if number == iteration), None)

    def seen(self, begin: int, end: int) -> Rows:
        """How often each row of the data set was in the batches of iterations begin <= k < end, shape (count,)."""
        drawn = [rows for number, rows in self.batches if begin <= number < end]
        found = np.zeros(self.count, np.int64)
        if drawn:
            np.add.at(found, np.concatenate(drawn), 1)
        return found

    def shared(self) -> list[tuple[str, str, int]]:
        """Pairs of parts that have rows in common though neither holds the other, and how many."""
        found = []
        sets = [(part.name, set(part.rows.tolist())) for part in self.parts]
        for i, (first, ours) in enumerate(sets):
            for second, theirs in sets[i + 1 :]:
                both = len(ours & theirs)
                if both and not ours <= theirs and not theirs <= ours:
                    found.append((first, second, both))
        return found


def data_rows(trace: Trace, most: int = MOST_ITERATIONS, followed: Followed | None = None) -> DataRows:
    """Raises GradstepError where no batch can be followed back to a data set.

    most: so many iterations are looked at. followed: what was found before.
    """
    iterations = [one for one in trace.iterations() if one.number >= 0][:most]
    followed = followed or Followed(trace)
    batches: list[tuple[int, Rows]] = []
    root: int | None = None
    for iteration, value in _batch_values(trace, iterations):
        found = followed.back(value, iteration.number)
        if found is not None and (root is None or found[0] == root):
            root = found[0]
            batches.append((iteration.number, found[1]))
    array = None if root is None else trace.array(root)
    if root is None or array is None or len(array) < 2:
        raise GradstepError(
            Bilingual(
                "The batches of this run cannot be followed back to the rows of a data set.",
                "无法把这次运行的批次追溯到数据集的行。",
            ),
            Bilingual(
                "That takes a tensor with all rows, which batches are taken from.",
                "这需要一个含有全部行的张量，批次从中取出。",
            ),
        )
    return DataRows(len(array), followed.name(root), root, tuple(batches), followed.parts(root, len(array)))


class Followed:
    """Follows values back, and remembers what it found."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        set_up = trace.iteration(-1)
        events = trace.events(iteration=-1) if set_up and set_up.end - set_up.begin <= _MOST_SET_UP else []
        self.set_up = [event for event in events if event.kind is Kind.OP and not event.error]
        self._made = _makers(self.set_up)
        self._here: dict[int, Event] = {}
        self._iteration = -1
        self._known: dict[int, tuple[int, Rows] | None] = {}
        self._places: dict[int, dict[bytes, int]] = {}

    def back(self, value: int, iteration: int = -1) -> tuple[int, Rows] | None:
        """(value that it goes back to, rows of that); None for what has no rows or no numbers."""
        if iteration != self._iteration:
            self._iteration = iteration
            # What is fetched after an update, before the first op that is followed, counts as the iteration before.
            near = [one for one in (iteration - 1, iteration) if one >= 0]
            self._here = _makers([event for one in near for event in self._trace.events(iteration=one)])
        return self._back(value, _DEEPEST)

    def parts(self, root: int, count: int) -> tuple[Part, ...]:
        """Named values of the set-up that are some of the rows of a data set, the last one of each name."""
        found: dict[str, Rows] = {}
        for event in self.set_up:
            for slot in event.outputs:
                name = self.name(slot.value)
                traced = None if slot.value is None or not name else self.back(slot.value)
                if traced is not None and traced[0] == root and 1 < len(traced[1]) < count:
                    found[name] = traced[1]
        # A target that is worked out from the data is no other part than its rows are.
        alike: dict[bytes, Part] = {}
        for name, rows in found.items():
            alike.setdefault(rows.tobytes(), Part(name, rows))
        return tuple(alike.values())

    def name(self, value: int | None) -> str:
        """What the script calls what an event of the set-up made."""
        event = None if value is None else self._made.get(value)
        site = None if event is None else self._trace.site(event.site)
        source = None if site is None else self._trace.source(site.source)
        return "" if site is None or source is None else assigned_name(source.text, site)

    def _back(self, value: int, depth: int) -> tuple[int, Rows] | None:
        if value not in self._known:
            self._known[value] = self._found(value, depth)
        return self._known[value]

    def _found(self, value: int, depth: int) -> tuple[int, Rows] | None:
        array = self._trace.array(value)
        if array is None or not array.ndim or not array.size or array.nbytes > _MOST_BYTES:
            return None
        event = self._here.get(value) or self._made.get(value)
        for source in [] if event is None or not depth else self._sources(event):
            before = self._trace.array(source)
            if source == value or before is None or not before.ndim or len(before) < 2:
                continue
            rows = self._matched(array, source, before)
            if rows is None and len(before) == len(array) and before.ndim > 1 and event and event.name not in _JOINS:
                rows = np.arange(len(array))
            further = None if rows is None else self._back(source, depth - 1)
            if rows is not None and further is not None:
                return further[0], further[1][rows]
        return value, np.arange(len(array))

    def _sources(self, event: Event) -> list[int]:
        """What an op was made from; of a join of single rows what those were taken from."""
        values = [slot.value for slot in event.inputs if slot.value is not None]
        if event.name not in _JOINS:
            return values
        makers = [self._here.get(value) or self._made.get(value) for value in values[:1]]
        return [slot.value for maker in makers if maker for slot in maker.inputs if slot.value is not None] + values

    def _matched(self, array: NDArray[np.generic], source: int, before: NDArray[np.generic]) -> Rows | None:
        """Where the rows of an array are in another one; None unless all are there."""
        if array.dtype != before.dtype or array.size // len(array) != before.size // len(before):
            return None
        if source not in self._places:
            if before.nbytes > _MOST_BYTES:
                return None
            places: dict[bytes, int] = {}
            for number, key in enumerate(_keys(before)):
                places.setdefault(key, number)
            self._places[source] = places
        found = [self._places[source].get(key, -1) for key in _keys(array)]
        return None if -1 in found else np.array(found, np.int64)


def _makers(events: list[Event]) -> dict[int, Event]:
    return {
        slot.value: event
        for event in events
        if event.kind is Kind.OP
        for slot in event.outputs
        if slot.value is not None
    }


def _keys(array: NDArray[np.generic]) -> list[bytes]:
    """The bytes of each row."""
    flat = np.ascontiguousarray(array).reshape(len(array), -1)
    return [row.tobytes() for row in flat]


def _batch_values(trace: Trace, iterations: list[Iteration]) -> list[tuple[Iteration, int]]:
    """What went into the network in each iteration: x of the first ones, then what the same op read."""
    for reference in iterations[:3]:
        x = roles(trace, reference.number).by_role.get("x")
        for event in trace.events(iteration=reference.number) if x is not None else []:
            place = next((i for i, slot in enumerate(event.inputs) if slot.value == x), None)
            if place is None:
                continue
            found = []
            for one in iterations:
                other = trace.find_op(event.name, event.site, one.begin, one.end)
                value = None if other is None or place >= len(other.inputs) else other.inputs[place].value
                if value is not None:
                    found.append((one, value))
            return found
    return []
