"""The rows of the call tree as linked items, loaded one iteration at a time. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.analysis.tree import Row, RowKind, tree
from engine.events import Event, Iteration, Phase
from engine.trace.reader import Trace

LONG_TREE = 2_000
"""Iterations of more events take so much memory that their rows are not kept when nobody looks at them."""
LARGEST_TREE = 20_000
"""An iteration of more events than this is cut into parts of as many events, each loaded when it is opened."""


@dataclass(slots=True, eq=False)
class TreeItem:
    """A row with what is above and below it.

    row: what it says. place: its number among its siblings. event: of an event row. children: None before it was
    opened. duration_ns: of all events under it that are loaded.
    """

    row: Row
    parent: TreeItem | None = None
    place: int = 0
    event: Event | None = None
    is_part: bool = False
    children: list[TreeItem] | None = None
    duration_ns: int = 0

    @property
    def is_lazy(self) -> bool:
        """It stands for rows that are not loaded."""
        return self.children is None

    def adopt(self, child: TreeItem) -> None:
        """Puts a child at the end."""
        if self.children is None:
            self.children = []
        child.parent, child.place = self, len(self.children)
        self.children.append(child)


@dataclass(slots=True)
class Growth:
    """What a loaded iteration became. appended: new items with the item they go under, in an order that keeps parents
    before children. is_other: rows that were there have changed, so the iteration must be loaded anew."""

    appended: list[tuple[TreeItem, list[TreeItem]]] = field(default_factory=list)
    is_other: bool = False


def iteration_item(iteration: Iteration) -> TreeItem:
    """The row of an iteration that was not opened yet."""
    begin, end, number = iteration.begin, iteration.end, iteration.number
    return TreeItem(Row(RowKind.ITERATION, str(number), begin, end, 0, None))


def load(trace: Trace, item: TreeItem) -> list[TreeItem]:
    """The items under an iteration, or under a part of a large one; detached, so that a model can announce them."""
    if item.is_part:
        return [_event_item(event) for event in trace.events(begin=item.row.begin, end=item.row.end)]
    if item.row.end - item.row.begin > LARGEST_TREE:
        return _parts(item.row.begin, item.row.end)
    root = TreeItem(item.row, children=[])
    _attach(root, *_read(trace, item))
    return root.children or []


def growth(trace: Trace, item: TreeItem) -> Growth:
    """How the rows under an opened iteration have grown since; what stays is brought up to date in place."""
    if item.row.end - item.row.begin > LARGEST_TREE:
        parts = [part.row for part in _parts(item.row.begin, item.row.end)]
        return Growth(is_other=parts != [child.row for child in item.children or ()])
    rows, events = _read(trace, item)
    known: dict[int, TreeItem] = {}
    for i, old in enumerate(_flat(item)):
        if i + 1 >= len(rows) or _identity(old.row) != _identity(rows[i + 1]):
            return Growth(is_other=True)
        old.row = rows[i + 1]
        old.event = events.get(old.row.begin) if old.row.kind == RowKind.EVENT else None
        known[i + 1] = old
    return Growth(_attach(item, rows, events, known))


def event_item_at(items: Sequence[TreeItem], position: int) -> TreeItem | None:
    """The deepest loaded item whose span contains a position, among items and what is under them."""
    found: TreeItem | None = None
    while True:
        inside = _containing(items, position)
        if inside is None:
            return found
        found = inside
        items = inside.children or ()


def norm_event(item: TreeItem) -> int | None:
    """Position of the event whose gradient stands for a row: an event's own, a module call's last."""
    if item.row.kind == RowKind.EVENT:
        return item.row.begin
    return item.row.end - 1 if item.row.kind == RowKind.CALL and item.row.phase == Phase.FORWARD else None


def _containing(items: Sequence[TreeItem], position: int) -> TreeItem | None:
    """Siblings' spans do not overlap and are in order."""
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle].row.end <= position:
            low = middle + 1
        else:
            high = middle
    return items[low] if low < len(items) and items[low].row.begin <= position else None


def _read(trace: Trace, item: TreeItem) -> tuple[list[Row], dict[int, Event]]:
    rows = tree(trace, int(item.row.text))
    events = (trace.event(row.begin) for row in rows if row.kind == RowKind.EVENT)
    return rows, {event.position: event for event in events if event is not None}


def _attach(
    root: TreeItem, rows: list[Row], events: dict[int, Event], known: dict[int, TreeItem] | None = None
) -> list[tuple[TreeItem, list[TreeItem]]]:
    """Makes items of the rows after the first, which is the root's.

    known: row number -> item that is shown already. New items under the root or a known one are returned with it
    instead of attached, as their coming must be announced; None means that nothing is shown yet.
    """
    items = {0: root, **(known or {})}
    shown = set() if known is None else set(map(id, items.values()))
    appended: list[tuple[TreeItem, list[TreeItem]]] = []
    for i, row in enumerate(rows[1:], 1):
        if i in items or row.parent is None:
            continue
        item = items[i] = TreeItem(row, event=events.get(row.begin) if row.kind == RowKind.EVENT else None, children=[])
        item.parent = parent = items[row.parent]
        if id(parent) not in shown:
            parent.adopt(item)
        elif appended and appended[-1][0] is parent:
            appended[-1][1].append(item)
        else:
            appended.append((parent, [item]))
    _add_durations(items)
    return appended


def _add_durations(items: dict[int, TreeItem]) -> None:
    for item in items.values():
        item.duration_ns = 0
    for item in items.values():
        if item.event is not None:
            above: TreeItem | None = item
            while above is not None:
                above.duration_ns += item.event.duration_ns
                above = above.parent


def _flat(item: TreeItem) -> list[TreeItem]:
    """Everything under an item in reading order."""
    found: list[TreeItem] = []
    waiting = list(reversed(item.children or ()))
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(reversed(one.children or ()))
    return found


def _identity(row: Row) -> tuple[object, ...]:
    return row.kind, row.text, row.begin, row.depth, row.phase, row.call


def _parts(begin: int, end: int) -> list[TreeItem]:
    return [
        TreeItem(Row(RowKind.PHASE, "", first, min(first + LARGEST_TREE, end), 1, None), is_part=True)
        for first in range(begin, end, LARGEST_TREE)
    ]


def _event_item(event: Event) -> TreeItem:
    position = event.position
    row = Row(RowKind.EVENT, event.name, position, position + 1, 2, None, event.phase, event.function, event.call)
    return TreeItem(row, event=event, children=[], duration_ns=event.duration_ns)
