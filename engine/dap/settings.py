"""What a launch configuration asks for: a script to run, or a recorded trace to look at.

Keys, as they stand in an editor's configuration: `program` (or `script`), `args`, `cwd`, `env`, `python`, `device`,
`seed`, `traceOutput`, `stopOnEntry`, `stopAtEnd`, `level`, `noDebug`; or `trace`. `token` where a port is served.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..session.launch import Launch
from ..session.place import Level
from .messages import Arguments, RequestError

TOKEN_VARIABLE = "GRADSTEP_DAP_TOKEN"
"""Environment variable with a token of the user's own, so that configurations need not change each time. It is the
adapter's: the script does not get to see it.
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """trace: a recorded trace to look at; None to run `launch`. trace_output: the file to record into, None for one
    that is gone afterwards. stop_on_entry: hold before the first event. stop_at_end: stay where the script ended, to
    look back from there. level: what one step is. debugs: whether breakpoints stop.
    """

    trace: Path | None
    launch: Launch = field(default_factory=lambda: Launch(""))
    trace_output: Path | None = None
    stop_on_entry: bool = False
    stop_at_end: bool = False
    level: Level = Level.QUANTITY
    debugs: bool = True

    @property
    def title(self) -> str:
        """What the run is called."""
        return Path(self.launch.script).name if self.trace is None else self.trace.name


def settings_of(asked: Arguments) -> Settings:
    """The settings in the arguments of `launch` or `attach`. Raises RequestError for what cannot be meant."""
    folder = Path(asked.text("cwd") or os.getcwd())
    program = asked.text("program") or asked.text("script")
    trace = asked.text("trace")
    if bool(program) == bool(trace):
        raise RequestError("A configuration needs a program to run or a trace to look at, one of the two.")
    level = _level(asked.text("level", Level.QUANTITY.value))
    if trace:
        return Settings(folder / trace, stop_on_entry=True, level=level)
    if not folder.is_dir():
        raise RequestError(f"There is no folder {folder}.", "Set cwd to the folder that the script runs in.")
    output = asked.text("traceOutput")
    return Settings(
        None,
        replace(_launch(asked, program, folder), with_aten=level is Level.ATEN),
        folder / output if output else None,
        asked.flag("stopOnEntry"),
        asked.flag("stopAtEnd"),
        level,
        not asked.flag("noDebug"),
    )


def _launch(asked: Arguments, program: str, folder: Path) -> Launch:
    """Its own output comes as notices; what C code or other programs write goes where the adapter's errors go."""
    environment = {name: value for name, value in os.environ.items() if name != TOKEN_VARIABLE}
    for name, value in asked.strings("env").items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return Launch(
        program,
        asked.texts("args"),
        device=asked.text("device", "cpu"),
        seed=asked.maybe_number("seed"),
        python=asked.text("python") or None,
        folder=folder,
        environment=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _level(name: str) -> Level:
    try:
        return Level(name)
    except ValueError:
        raise RequestError(f"There is no level {name!r}.", f"There are {', '.join(Level)}.") from None
