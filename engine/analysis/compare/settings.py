"""What the two runs were given that is not the same: script, arguments, seed, device, versions, optimizers."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...events import Event, Kind
from .matched_lines import MatchedLines
from .run import Run

_FACTS = ("argv", "seed", "device", "python", "torch", "numpy", "platform")
_CHANGING = ("state.", "new_", "last_", "rows", "part", "grad_scale", "factors", "metric", "epoch", "parts")
"""Arguments of updates that begin so are no settings: they change as the run goes on."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that differs. name: "seed", "SGD lr". first, second: as text, "" where a run has none."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class SourceChange:
    """How a source file differs. name: of the file. lines: as `diff -u` shows them, without its two head lines."""

    name: str
    lines: tuple[str, ...]


class Optimizers:
    """Gathers the settings of optimizers from the first update of each parameter."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Any]] = {}
        self._seen: set[tuple[str, int | None]] = set()

    def add(self, events: Iterable[Event]) -> None:
        """Takes the updates among some events."""
        for event in events:
            if event.kind is not Kind.UPDATE or (event.name, event.tensor) in self._seen:
                continue
            self._seen.add((event.name, event.tensor))
            settings = self._found.setdefault(event.name, {})
            for name, setting in event.arguments.items():
                if not name.startswith(_CHANGING):
                    settings.setdefault(name, setting)

    def differing(self, other: Optimizers) -> list[Setting]:
        """The settings in which they differ; of an optimizer that only one run has all that it was given."""
        found = []
        for rule in dict.fromkeys((*self._found, *other._found)):
            mine, theirs = self._found.get(rule, {}), other._found.get(rule, {})
            if rule not in self._found or rule not in other._found:
                found.append(Setting(rule, _listed(self._found.get(rule)), _listed(other._found.get(rule))))
                continue
            for name in dict.fromkeys((*mine, *theirs)):
                if mine.get(name) != theirs.get(name):
                    found.append(Setting(f"{rule} {name}", _text(mine.get(name)), _text(theirs.get(name))))
        return found


def settings(first: Run, second: Run) -> list[Setting]:
    """What differs of what is known of the two runs. Of the arguments the script's own name does not count."""
    found = []
    for name in _FACTS:
        mine, theirs = first.meta.get(name), second.meta.get(name)
        if name == "argv":
            mine, theirs = (" ".join(map(str, argv[1:])) if isinstance(argv, list) else "" for argv in (mine, theirs))
        if mine != theirs:
            found.append(Setting({"argv": "arguments"}.get(name, name), _text(mine), _text(theirs)))
    return found


def source_changes(first: Run, second: Run) -> list[SourceChange]:
    """The source files that differ, line by line."""
    found = []
    for one, other in MatchedLines(first.trace, second.trace).pairs:
        if one.text != other.text:
            lines = difflib.unified_diff(one.text.splitlines(), other.text.splitlines(), n=1, lineterm="")
            found.append(SourceChange(one.path.replace("\\", "/").rpartition("/")[2], tuple(lines)[2:]))
    return found


def _listed(options: dict[str, Any] | None) -> str:
    """Those that say something: an optimizer has many that are off."""
    if options is None:
        return ""
    return (
        ", ".join(f"{name}={_text(value)}" for name, value in options.items() if value not in (None, False, 0)) or "-"
    )


def _text(setting: Any) -> str:
    return setting if isinstance(setting, str) else "none" if setting is None else json.dumps(setting)
