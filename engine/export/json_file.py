"""A trace as one JSON document, which any program reads. Its schema is in docs/export.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ..events import AtenOp, Event, Iteration, Slot
from ..trace.reader import Trace
from ..values import Value
from .described import Described
from .plain import finite, one_or_all, plain, statistic

JSON_VERSION = 1
"""Raised when an old reader could misunderstand a new document."""

NUMBERS_LIMIT = 1000
"""Arrays of more elements are given by their statistics alone."""

INLINE_LIMIT = 16
"""Arrays of more elements stand under `values` only, not with each event that they go into or come out of."""


def write_json(trace: Trace, file: TextIO, iterations: Sequence[Iteration]) -> None:
    """Writes the given iterations, one line an event, so that a long trace needs little memory."""
    for part in _document(_Writer(trace), iterations):
        file.write(part)


class _Writer:
    """Makes JSON objects of a trace's parts."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.described = Described(trace)

    def iteration(self, iteration: Iteration) -> dict[str, Any]:
        """One pass of the training loop with its values by role and by parameter name."""
        found = self.described.roles(iteration.number)
        return {
            "number": iteration.number,
            "begin": iteration.begin,
            "end": iteration.end,
            "whole": iteration.whole,
            "roles": {role: self.numbers(value) for role, value in found.by_role.items()},
            "parameters": {
                parameter.name: {
                    "role": found.of_tensor.get(parameter.tensor),
                    "value": self.numbers(parameter.value),
                    "grad": self.numbers(parameter.grad),
                    "new": self.numbers(parameter.new),
                }
                for parameter in self.described.parameters(iteration.number)
            },
        }

    def event(self, event: Event) -> dict[str, Any]:
        """One happening."""
        call, place = self.described.call(event), self.described.place(event)
        return {
            "position": event.position,
            "iteration": event.iteration,
            "phase": event.phase.value,
            "kind": event.kind.value,
            "op": event.name,
            "function": event.function,
            "module": self.described.module(event),
            "module_class": None if call is None else call.class_name,
            "source": None
            if place is None
            else {
                "file": Path(place.file).name,
                "line": place.line,
                "function": place.function,
                "text": place.text,
            },
            "parameter": self.described.parameter(event) or None,
            "inputs": [self.slot(slot, event.iteration) for slot in event.inputs],
            "outputs": [self.slot(slot, event.iteration) for slot in event.outputs],
            "arguments": _strict(event.arguments),
            "node": event.node,
            "pending": event.pending,
            "error": event.error or None,
        } | self._aten(event)

    def _aten(self, event: Event) -> dict[str, Any]:
        """What torch called at an event, where that was recorded."""
        if not self.trace.has_aten:
            return {}
        calls = self.trace.aten(event.position, event.position + 1)
        return {
            "aten": [
                {
                    "op": call.name,
                    "function": call.function,
                    "inside": call.inside,
                    "inputs": [self.slot(slot, event.iteration) for slot in call.inputs],
                    "outputs": [self.slot(slot, event.iteration) for slot in call.outputs],
                    "arguments": _strict(call.arguments),
                    "error": call.error or None,
                }
                for call in calls
            ]
        }

    def slot(self, slot: Slot, iteration: int) -> dict[str, Any]:
        """One tensor that goes into or comes out of an event."""
        found: dict[str, Any] = {"name": slot.name, "id": slot.value}
        if slot.node is not None:
            found |= {"node": slot.node, "index": slot.index}
        if slot.value is None:
            return found | {"role": None, "value": None}
        value = self.trace.value(slot.value)
        return found | {
            "role": self.described.role(slot.value, iteration) or None,
            "shape": value.shape,
            "value": self.numbers(slot.value) if value.numel <= INLINE_LIMIT and value.kept else None,
        }

    def numbers(self, value: int | None) -> Any:
        """The number of a value with one element, nested lists up to the limit, otherwise its shape and statistics."""
        if value is None:
            return None
        known = self.trace.value(value)
        array = self._array(known)
        return self.summary(known) if array is None else one_or_all(array)

    def value(self, value: Value) -> dict[str, Any]:
        """All that is known of a value."""
        array = self._array(value)
        return self.summary(value) | {"data": None if array is None else plain(array)}

    def _array(self, value: Value) -> np.ndarray | None:
        return self.trace.array(value.id) if value.kept and value.numel <= NUMBERS_LIMIT else None

    def summary(self, value: Value) -> dict[str, Any]:
        """What is known of a value without its numbers."""
        known = self.described.statistics(value)

        def measured(name: str) -> float | None:
            return None if known is None else statistic(getattr(known, name), value.dtype)

        return {
            "dtype": value.dtype,
            "shape": value.shape,
            "device": value.device,
            "kept": value.kept,
            "reason": value.reason or None,
            "min": measured("min"),
            "max": measured("max"),
            "mean": measured("mean"),
            "std": measured("std"),
            "norm": measured("norm"),
            "zeros": None if known is None else known.zeros,
            "nans": None if known is None else known.nans,
            "infs": None if known is None else known.infs,
        }


def _document(writer: _Writer, iterations: Sequence[Iteration]) -> Iterator[str]:
    trace = writer.trace
    used: set[int] = set()
    yield f'{{"format":"gradstep","version":{JSON_VERSION},\n"meta":{_text(_strict(trace.meta()))},\n'
    yield f'"sources":{_text([{"file": source.path, "text": source.text} for source in trace.sources()])},\n'
    yield '"iterations":['
    yield from _joined(writer.iteration(iteration) for iteration in iterations)
    yield '],\n"events":['
    for i, iteration in enumerate(iterations):
        events = trace.events(iteration.number)
        rows: list[Event | AtenOp] = [*events, *trace.aten(iteration.begin, iteration.end)]
        used.update(slot.value for row in rows for slot in (*row.inputs, *row.outputs) if slot.value is not None)
        if i and events:
            yield ","
        yield from _joined(map(writer.event, events))
    yield '],\n"values":{'
    for i, value in enumerate(sorted(used)):
        yield f'{"," if i else ""}\n"{value}":{_text(writer.value(trace.value(value)))}'
    yield '\n},\n"output":['
    first, last = (iterations[0].begin, iterations[-1].end) if iterations else (0, 0)
    yield from _joined(
        {"position": output.position, "stream": output.stream, "text": output.text}
        for output in trace.output()
        if first <= output.position <= last
    )
    yield "]}\n"


def _joined(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One row a line, with commas between."""
    for i, row in enumerate(rows):
        yield f"{',' if i else ''}\n{_text(row)}"


def _text(thing: Any) -> str:
    return json.dumps(thing, allow_nan=False, separators=(",", ":"))


def _strict(thing: Any) -> Any:
    """The same with the names of numbers that JSON does not have (an optimizer's setting may be infinite)."""
    if isinstance(thing, float):
        return finite(thing)
    if isinstance(thing, dict):
        return {str(key): _strict(item) for key, item in thing.items()}
    if isinstance(thing, list | tuple):
        return [_strict(item) for item in thing]
    return thing
