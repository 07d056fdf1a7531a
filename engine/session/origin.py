"""How a trace's run was started, so that the same script can be run again; or why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from ..errors import SessionError
from ..limits import DEFAULT_BUDGET_BYTES
from ..trace.reader import Trace
from .launch import Launch


def launch_again(trace: Trace) -> Launch:
    """What was run when a trace was recorded: script, arguments, folder, Python, device, seed, and what of the
    environment shapes numbers. It reads nothing from stdin, and what it prints is only kept in its trace.

    Raises SessionError where the run is not known well enough, or its files are not what they were.
    """
    meta = trace.meta()
    script, argv, folder = str(meta.get("script", "")), meta.get("argv"), str(meta.get("folder", ""))
    if not meta.get("executable") or not isinstance(argv, list) or not argv:
        raise SessionError(
            f"{trace.path.name} does not say how its script was run, so it cannot be run again.",
            "Record it anew: gradstep record SCRIPT. A part of a program (gradstep.record) cannot be run again alone.",
        )
    for path in (script, folder):
        if not os.path.exists(path):
            raise SessionError(f"{path} is not there any more, so the run cannot be repeated.", "Record it anew.")
    _check_sources(trace)
    executable = str(meta["executable"])
    environment = {**os.environ, **_shaping(meta)}
    first, last = meta.get("iterations") or (0, None)
    return Launch(
        script=str(argv[0]),
        arguments=tuple(str(argument) for argument in argv[1:]),
        device=str(meta.get("device", "cpu")),
        seed=meta.get("seed"),
        iterations=None if last is None else (int(first), int(last)),
        budget_bytes=int(meta.get("budget_bytes") or DEFAULT_BUDGET_BYTES),
        python=executable if os.path.isfile(executable) else None,
        folder=folder,
        environment=environment,
        with_aten=meta.get("level") == "aten",
        generators=json.dumps(meta["generators"]) if meta.get("generators") else "",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _shaping(meta: dict[str, Any]) -> dict[str, str]:
    """Environment variables that change numbers, as they were then."""
    found = meta.get("environment")
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _check_sources(trace: Trace) -> None:
    """Raises SessionError where a file of the script is another one now."""
    for source in trace.sources():
        try:
            text = Path(source.path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # typed at a prompt, or not ours to read
        if source.text and not text.startswith(source.text):
            name = Path(source.path).name
            raise SessionError(
                f"{name} has changed since {trace.path.name} was recorded, so the run cannot be repeated.",
                f"Record it anew: gradstep record {name}",
            )
