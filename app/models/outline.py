"""The network's parameters as a tree of modules: shape, norm, what is in `.grad` and who put it there, optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from PySide6.QtCore import QCoreApplication

from app.models.plain_tree import PlainItem
from app.models.value_words import shape_text
from engine.analysis.flow import ACCUMULATE
from engine.analysis.notation.numbers import format_number
from engine.analysis.watches.answers import NoAnswer
from engine.analysis.watches.iteration_facts import IterationFacts
from engine.analysis.watches.recorded_names import RecordedNames, RecordedValue
from engine.analysis.watches.recorded_run import RecordedRun, run_of
from engine.events import Event, Kind, Tensor
from engine.session.place import Place
from engine.trace.reader import Trace

translate = QCoreApplication.translate

FURTHEST_BACK = 8
"""Iterations that are looked through for backward passes that have added to a `.grad`."""
_DIGITS = 3


def outline(trace: Trace, place: Place) -> list[PlainItem]:
    """The tree at a place. Cells: name, shape, norm, .grad, optimizer."""
    run = run_of(trace)
    names = RecordedNames(run, place.position, place.iteration)
    boxes = _Boxes(run, place)
    parameters = [tensor for tensor in trace.tensors() if tensor.kind == "parameter" and tensor.name]
    return _under("", parameters, lambda tensor: _parameter(names, tensor, boxes))


def _under(prefix: str, parameters: Sequence[Tensor], item_of: Callable[[Tensor], PlainItem]) -> list[PlainItem]:
    """Rows of a module: its own parameters, and the modules in it, in the order in which they were met."""
    found: list[PlainItem] = []
    inside: dict[str, list[Tensor]] = {}
    for tensor in parameters:
        first, dot, _ = tensor.name[len(prefix) :].partition(".")
        if not dot:
            found.append(item_of(tensor))
            continue
        if first not in inside:
            inside[first] = []
            found.append(PlainItem(f"{first}.", (first, "", "", "", "")))
        inside[first].append(tensor)
    for row in found:
        part = row.key[:-1]
        if row.key.endswith(".") and part in inside:
            tensors = inside[part]
            count = translate("outline", "%1 numbers").replace("%1", f"{_count(tensors):,}")
            row.cells = (f"{part}  ·  {count}", "", "", "", "")
            row.load = lambda part=part, tensors=tensors: _under(f"{prefix}{part}.", tensors, item_of)
    return found


def _count(tensors: Sequence[Tensor]) -> int:
    total = 0
    for tensor in tensors:
        numel = 1
        for size in tensor.shape:
            numel *= size
        total += numel
    return total


def _parameter(names: RecordedNames, tensor: Tensor, boxes: _Boxes) -> PlainItem:
    value, norm = _norm(names, tensor.name)
    name = tensor.name.rpartition(".")[2]
    optimizer = boxes.optimizer(tensor.id)
    if not tensor.requires_grad:
        optimizer = translate("outline", "frozen")
    elif not optimizer and boxes.has_optimizers:
        optimizer = translate("outline", "none seen")
    cells = (name, shape_text(tensor.shape), norm, _grad(names, tensor, boxes), optimizer)
    wants = translate("outline", "wants a gradient") if tensor.requires_grad else translate("outline", "wants none")
    facts = [str(tensor.dtype), wants, *([optimizer] if optimizer and tensor.requires_grad else [])]
    return PlainItem(f"{name}#{tensor.id}", cells, f"{tensor.name}: {', '.join(facts)}", value, tensor.name)


def _norm(names: RecordedNames, name: str) -> tuple[int | None, str]:
    try:
        found = names.find(name)
    except NoAnswer:
        return None, ""
    if not isinstance(found, RecordedValue):
        return None, ""
    known = found.statistics
    return found.value.id, "" if known is None else format_number(known.norm, _DIGITS)


def _grad(names: RecordedNames, tensor: Tensor, boxes: _Boxes) -> str:
    """None, zero, "‖0.9‖", or "‖1.7‖ of 2 passes"."""
    try:
        found = names.find(f"{tensor.name}.grad")
    except NoAnswer:
        return translate("outline", "None")
    known = found.statistics if isinstance(found, RecordedValue) else None
    if known is None:
        return translate("outline", "held")
    if known.norm == 0.0:
        return translate("outline", "zero")
    text = f"‖{format_number(known.norm, _DIGITS)}‖"
    passes = boxes.passes(tensor.id)
    added = translate("outline", "%1 of %2 passes").replace("%2", str(passes)).replace("%1", text)
    return added if passes > 1 else text


class _Boxes:
    """What was done to parameters and their `.grad` before a place, looked for in as few iterations as will do."""

    def __init__(self, run: RecordedRun, place: Place) -> None:
        self._position = place.position
        self._earlier = islice(run.back_from(place.iteration), FURTHEST_BACK + 1)
        self._looked: list[IterationFacts] = []

    def passes(self, tensor: int) -> int:
        """Backward passes that have left something in its `.grad` since it was emptied."""
        count = 0
        for event in self._back(tensor):
            if event.kind == Kind.GRAD:
                break
            count += event.kind == Kind.NODE and event.name == ACCUMULATE
        return count

    def optimizer(self, tensor: int) -> str:
        """What updated it last, with its rate; "" where nothing has."""
        event = next((one for one in self._back(tensor) if one.kind == Kind.UPDATE and one.inputs), None)
        if event is None:
            return ""
        rate = event.arguments.get("lr")
        return f"{event.name}, η {rate:g}" if isinstance(rate, float) else event.name

    @property
    def has_optimizers(self) -> bool:
        """Whether anything was updated."""
        updates = (event for facts in self._facts() for event in facts.updates)
        return any(one.inputs and one.tensor is not None and one.position < self._position for one in updates)

    def _back(self, tensor: int) -> Iterator[Event]:
        """What happened to it and its box before the place, latest first."""
        for facts in self._facts():
            for event in reversed(facts.of_tensors.get(tensor, ())):
                if event.position < self._position:
                    yield event

    def _facts(self) -> Iterator[IterationFacts]:
        yield from self._looked
        for facts in self._earlier:
            self._looked.append(facts)
            yield facts
