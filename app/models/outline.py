"""The network's parameters as a tree of modules: shape, norm, what is in `.grad` and who put it there, optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from app.models.plain_tree import PlainItem
from app.models.value_words import shape_text
from engine.analysis.flow import ACCUMULATE
from engine.analysis.notation.numbers import format_number
from engine.analysis.watches.answers import NoAnswer
from engine.analysis.watches.recorded_names import RecordedNames, RecordedValue
from engine.analysis.watches.recorded_run import RecordedRun, run_of
from engine.events import Kind, Tensor
from engine.session.place import Place
from engine.trace.reader import Trace

translate = QCoreApplication.translate

FURTHEST_BACK = 8
"""Iterations that are looked through for backward passes that have added to a `.grad`."""
_DIGITS = 3


@dataclass(slots=True)
class _Boxes:
    """passes: tensor id -> backward passes that have left something in its `.grad` since it was emptied.
    optimizers: tensor id -> what updated it last, with its rate.
    """

    passes: dict[int, int] = field(default_factory=dict)
    optimizers: dict[int, str] = field(default_factory=dict)


def outline(trace: Trace, place: Place) -> list[PlainItem]:
    """The tree at a place. Cells: name, shape, norm, .grad, optimizer."""
    run = run_of(trace)
    names = RecordedNames(run, place.position, place.iteration)
    boxes = _boxes(run, place)
    parameters = [tensor for tensor in trace.tensors() if tensor.kind == "parameter" and tensor.name]
    items = {tensor.id: _parameter(names, tensor, boxes) for tensor in parameters}
    return _under("", parameters, items)


def _under(prefix: str, parameters: Sequence[Tensor], items: dict[int, PlainItem]) -> list[PlainItem]:
    """Rows of a module: its own parameters, and the modules in it, in the order in which they were met."""
    found: list[PlainItem] = []
    inside: dict[str, list[Tensor]] = {}
    for tensor in parameters:
        first, dot, _ = tensor.name[len(prefix) :].partition(".")
        if not dot:
            found.append(items[tensor.id])
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
            row.load = lambda part=part, tensors=tensors: _under(f"{prefix}{part}.", tensors, items)
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
    optimizer = boxes.optimizers.get(tensor.id, "")
    if not tensor.requires_grad:
        optimizer = translate("outline", "frozen")
    elif not optimizer and boxes.optimizers:
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
    passes = boxes.passes.get(tensor.id, 0)
    added = translate("outline", "%1 of %2 passes").replace("%2", str(passes)).replace("%1", text)
    return added if passes > 1 else text


def _boxes(run: RecordedRun, place: Place) -> _Boxes:
    found = _Boxes()
    emptied: set[int] = set()
    for looked, facts in enumerate(run.back_from(place.iteration)):
        if looked > FURTHEST_BACK:
            break
        for event in reversed(facts.events):
            if event.position >= place.position or event.pending or event.tensor is None:
                continue
            if event.kind == Kind.GRAD:
                emptied.add(event.tensor)
            elif event.kind == Kind.NODE and event.name == ACCUMULATE and event.tensor not in emptied:
                found.passes[event.tensor] = found.passes.get(event.tensor, 0) + 1
            elif event.kind == Kind.UPDATE and event.inputs and event.tensor not in found.optimizers:
                rate = event.arguments.get("lr")
                found.optimizers[event.tensor] = f"{event.name}, η {rate:g}" if isinstance(rate, float) else event.name
    return found
