"""Reads the source of a script's own autograd function, as the trace has it: where its `backward` is written."""

from __future__ import annotations

import ast
from pathlib import Path

from ...events import Event, Source
from ...trace.reader import Trace

_LEAVING = frozenset({"item", "tolist", "numpy"})
"""Methods by which a tensor's numbers become Python's."""


def place_of(trace: Trace, event: Event) -> tuple[str, int] | None:
    """(file, line) that an event was called from."""
    site = trace.site(event.site)
    source = None if site is None else trace.source(site.source)
    return None if site is None or source is None else (Path(source.path).name, site.line)


def backward_of(trace: Trace, event: Event) -> tuple[str, int] | None:
    """(file, line) of the `backward` of the class that an op is named after; else where the op was called from."""
    found = _method(trace, event, "backward")
    if found is None:
        return place_of(trace, event)
    source, method = found
    return Path(source.path).name, method.lineno


def leaves_torch(trace: Trace, event: Event) -> str:
    """How the class's `forward` takes numbers out of torch ("item()"); "" if it does not, or is not known."""
    found = _method(trace, event, "forward")
    for node in ast.walk(found[1]) if found is not None else ():
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _LEAVING:
                return f"{node.func.attr}()"
            if isinstance(node.func, ast.Name) and node.func.id == "float":
                return "float()"
    return ""


def _method(trace: Trace, event: Event, name: str) -> tuple[Source, ast.FunctionDef] | None:
    site = trace.site(event.site)
    sources = sorted(trace.sources(), key=lambda source: site is None or source.id != site.source)
    for source in sources:
        if f"class {event.name}" not in source.text:
            continue
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == event.name:
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name == name:
                        return source, inner
    return None
