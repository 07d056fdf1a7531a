"""How a trace's run was started, so that the same script can be run again; or why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import tokenize
from pathlib import Path
from typing import Any

from ..bilingual import Bilingual
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
            Bilingual(
                f"{trace.path.name} does not say how its script was run, so it cannot be run again.",
                f"{trace.path.name} 没有说明脚本当时是怎样运行的，因此无法再次运行。",
            ),
            Bilingual(
                "Record it anew: gradstep record SCRIPT. "
                "A part of a program (gradstep.record) cannot be run again alone.",
                "请重新记录：`gradstep record SCRIPT`。程序的一部分（gradstep.record）不能单独再次运行。",
            ),
        )
    for path in (script, folder):
        if not os.path.exists(path):
            raise SessionError(
                Bilingual(
                    f"{path} is not there any more, so the run cannot be repeated.",
                    f"{path} 已经不在了，因此无法重复这次运行。",
                ),
                Bilingual("Record it anew.", "请重新记录。"),
            )
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
            with tokenize.open(source.path) as file:
                text = file.read()
        except (OSError, SyntaxError, UnicodeDecodeError):
            continue  # typed at a prompt, or not ours to read
        # The recorder reads lines by `linecache`, which ends the last one.
        if source.text and not f"{text}\n".startswith(source.text):
            name = Path(source.path).name
            raise SessionError(
                Bilingual(
                    f"{name} has changed since {trace.path.name} was recorded, so the run cannot be repeated.",
                    f"记录 {trace.path.name} 之后 {name} 已被修改，因此无法重复这次运行。",
                ),
                Bilingual(f"Record it anew: gradstep record {name}", f"请重新记录：`gradstep record {name}`"),
            )
