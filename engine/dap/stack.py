"""The call stack: the script's line on top, then the module calls around it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from ..analysis.failures.failure import Place
from ..analysis.names import ValueNames
from ..counting import from_one
from ..events import ModuleCall
from ..trace.reader import Trace
from .client import Client
from .handles import Handles
from .here import Here
from .messages import Json
from .sources import Sources

_LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Frame:
    """call: the module call that it stands for; None for the script's line."""

    call: ModuleCall | None


def frames(here: Here, sources: Sources, client: Client, handles: Handles[Frame]) -> list[Json]:
    """The stack, innermost first."""
    found = [_top(here, sources, client, handles)]
    for call in here.calls:
        name = " · ".join(part for part in (call.path or call.variable, call.class_name) if part)
        frame: Json = {"id": handles.add(Frame(call)), "name": name, "line": 0, "column": 0}
        place = _forward_of(here.trace, call.class_name)
        if place is None:
            frame["presentationHint"] = "label"
        else:
            source = here.trace.source(place[0])
            line = {"line": client.line_out(place[1]), "column": client.column_out(0)}
            frame |= line | ({} if source is None else {"source": sources.told(source)})
        found.append(frame)
    return found


def error_frame(here: Here, place: Place, sources: Sources, client: Client, handles: Handles[Frame]) -> Json:
    """The line that failed, of an error that no torch call raised; what is known there is what was known last."""
    source = next((one for one in here.trace.sources() if one.path == place.path), None)
    told = sources.file(place.path) if source is None else sources.told(source)
    line = {"line": client.line_out(place.line), "column": client.column_out(0)}
    return {"id": handles.add(Frame(None)), "name": f"the error · {place.text}"[:_LONGEST_NAME], "source": told, **line}


def _top(here: Here, sources: Sources, client: Client, handles: Handles[Frame]) -> Json:
    event = here.shown
    frame: Json = {"id": handles.add(Frame(None)), "name": _name(here)[:_LONGEST_NAME], "line": 0, "column": 0}
    return frame | (sources.place(here.trace, event.site) if event is not None else {})


def _name(here: Here) -> str:
    """Phase, quantity and expression: "forward 1 · a⁽¹⁾ next, after z⁽¹⁾ · torch.sigmoid(z1)"."""
    iteration = here.moment.place.iteration
    phase = here.phase if iteration < 0 or not here.phase else f"{here.phase} {from_one(iteration)}"
    after = f"after {here.last_name}" if here.last_name else ""
    coming = f"{here.next_name} next" if here.next_name else "at the end"
    written = ValueNames(here.trace).expression(here.shown.site) if here.shown is not None else ""
    return " · ".join(part for part in (phase, ", ".join(p for p in (coming, after) if p), written) if part)


def _forward_of(trace: Trace, class_name: str) -> tuple[int, int] | None:
    """(source, line) of the `forward` of a class that the script's files define, None for other classes."""
    found = [
        (source.id, line)
        for source in trace.sources()
        for line in [_forwards(source.text).get(class_name)]
        if line is not None
    ]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=32)
def _forwards(text: str) -> dict[str, int]:
    """The line of `forward` by class name; of the class where it has none."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            forward = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "forward"), None)
            found[node.name] = (forward or node).lineno
    return found
