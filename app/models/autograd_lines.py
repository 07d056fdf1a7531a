"""What autograd itself has at a step: Python's way to the node that ran, or what an op's nodes keep until then."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.analysis.flow import flow_of
from engine.analysis.grad_fn import python_of, successors
from engine.analysis.notation.expression import EquationLine, Row, Text
from engine.analysis.saved_values import SavedValue, saved_values
from engine.analysis.symbols import expression_of
from engine.bilingual import NOTHING, same
from engine.events import Event, Kind
from engine.trace.reader import Trace

translate = QCoreApplication.translate

_EDGE = ".next_functions"
_EDGES_A_LINE = 3


def autograd_lines(trace: Trace, event: Event, position: int) -> list[EquationLine]:
    """Of an event that is over, as it is at a position. Empty where autograd has no part in it."""
    flow = flow_of(trace, event.iteration)
    if event.kind is Kind.OP:
        caption = translate("equations", "Kept for the backward pass.")
        kept = [EquationLine(Row((expression_of(one.symbol), Text(_state(one))))) for one in
                saved_values(flow, event, position)]  # fmt: skip
        return _captioned(caption, kept)
    node = flow.node(event.node)
    if event.kind is not Kind.NODE or node is None:
        return []
    first = translate("equations", "%1 in Python.").replace("%1", node.name)
    second = translate("equations", "Its next_functions, in their order.")
    after = [f"[{number}]  {name}" for number, name in enumerate(successors(flow, node))]
    return [*_captioned(first, _path_lines(python_of(flow, event))), *_captioned(second, _lines(after))]


def _path_lines(python: str) -> list[EquationLine]:
    """A long way takes several lines."""
    head, *edges = python.split(_EDGE)
    parts = [head, *(f"{_EDGE}{edge}" for edge in edges)]
    groups = [parts[start : start + _EDGES_A_LINE] for start in range(0, len(parts), _EDGES_A_LINE)]
    return _lines(["".join(group) for group in groups if any(group)])


def _lines(texts: list[str]) -> list[EquationLine]:
    return [EquationLine(Text(text)) for text in texts]


def _captioned(caption: str, lines: list[EquationLine]) -> list[EquationLine]:
    return [EquationLine(line.expression, NOTHING if number else same(caption)) for number, line in enumerate(lines)]


def _state(one: SavedValue) -> str:
    """As "version 1: still there"; what it was overwritten by meanwhile says why a backward pass fails."""
    if one.freed_by is not None:
        state = translate("equations", "freed at step %1").replace("%1", str(one.freed_by))
    else:
        state = translate("equations", "still there")
    if one.overwritten_by is not None:
        written = translate("equations", "written to at step %1 meanwhile").replace("%1", str(one.overwritten_by))
        state = f"{state}, {written}"
    if one.version is None:
        return f": {state}"
    version = translate("equations", "version %1").replace("%1", str(one.version))
    return f": {version}, {state}"
