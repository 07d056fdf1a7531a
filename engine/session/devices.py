"""Which devices there are, found by a child, because only a child may import torch."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import SessionError
from .interpreter import interpreter

_PROBE = Path(__file__).resolve().parents[1] / "child" / "probe.py"
_PROBE_S = 120.0


@dataclass(frozen=True, slots=True)
class Device:
    """A device that a script can run on. name: torch's ("cuda:0"). title: what people call it ("NVIDIA H200")."""

    name: str
    title: str


def devices(python: str | Path | None = None) -> list[Device]:
    """All devices that this Python's torch finds, the CPU first. Takes as long as importing torch."""
    program = interpreter(python)
    try:
        # -P keeps the probe's own folder off sys.path.
        found = subprocess.run(
            [program, "-P", str(_PROBE)], capture_output=True, text=True, timeout=_PROBE_S, check=True
        )
        return [Device(str(row["name"]), str(row["title"])) for row in json.loads(found.stdout.splitlines()[-1])]
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        raise _cannot_say(program, reason) from error
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, IndexError) as error:
        raise _cannot_say(program, str(error)) from error


def _cannot_say(program: str, reason: str) -> SessionError:
    return SessionError(
        Bilingual(
            f"{program} cannot say which devices there are: {reason}.", f"{program} 无法说明有哪些设备：{reason}。"
        ),
        Bilingual("Choose a Python that has torch in it.", "请选择一个装有 torch 的 Python。"),
    )
