"""How each script was run last, kept as JSON in the settings."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from app.settings import Settings
from app.state import RunOptions

LIMIT = 50
"""Scripts that are remembered."""


def kept_options(settings: Settings, script: Path) -> RunOptions | None:
    """How this script was run last, None if that is not known. Users edit such files: nonsense is left out."""
    for line in settings.run_options:
        found = _parsed(line)
        if found.get("script") == str(script.resolve()):
            return RunOptions(**{name: value for name, value in _plain(found).items() if name != "script"})
    return None


def keeping(settings: Settings, script: Path, options: RunOptions) -> Settings:
    """With this as how the script was run last; what the settings say of every script is not kept once more."""
    path = str(script.resolve())
    others = tuple(line for line in settings.run_options if _parsed(line).get("script") != path)
    mine = (json.dumps({"script": path, **asdict(options)}),) if options != RunOptions(python=settings.python) else ()
    return replace(settings, run_options=(*mine, *others)[:LIMIT])


def kept_pythons(settings: Settings) -> tuple[str, ...]:
    """The interpreters that scripts were run in: the usual one, then the last one first."""
    found = [settings.python, *(str(_plain(_parsed(line)).get("python", "")) for line in settings.run_options)]
    return tuple(dict.fromkeys(python for python in found if python))


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """The options among what was kept, of the types that they must have."""
    plain: dict[str, Any] = {}
    default = RunOptions()
    for field in fields(RunOptions):
        value, usual = found.get(field.name), getattr(default, field.name)
        if isinstance(usual, tuple):
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                plain[field.name] = tuple(value)
        elif field.name == "seed":
            if type(value) is int:
                plain[field.name] = value
        elif type(value) is type(usual):
            plain[field.name] = value
    return plain
