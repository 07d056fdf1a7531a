"""The options of the commands that run a script: where, with which seed, in which Python and surroundings."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import GradstepError
from ..session.launch import Launch


def add_script_options(parser: argparse.ArgumentParser) -> None:
    """SCRIPT, --device, --seed, --python, --cwd, --env; the script's own arguments come after `--`."""
    parser.add_argument("script", metavar="SCRIPT", help="a Python program; what comes after -- are its arguments")
    parser.add_argument("--device", default="cpu", metavar="D", help="where new tensors are made (default: cpu)")
    parser.add_argument("--seed", type=int, metavar="N", help="seed torch, NumPy and random (default: leave them)")
    parser.add_argument("--python", metavar="PATH", help="the Python, or environment, to run it in (default: this one)")
    parser.add_argument("--cwd", type=Path, metavar="FOLDER", help="the folder to run it in (default: the current one)")
    parser.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE",
        help="set an environment variable for it, or NAME= to remove one; may be given again",
    )  # fmt: skip


def launch_of(options: argparse.Namespace) -> Launch:
    """What these options say."""
    folder: Path | None = options.cwd
    return Launch(
        # The script's path is meant from where we are, not from the folder that it shall run in.
        script=options.script if folder is None else Path(options.script).absolute(),
        arguments=tuple(options.script_arguments),
        device=options.device,
        seed=options.seed,
        python=options.python,
        folder=folder,
        environment=environment_with(options.env) if options.env else None,
    )


def environment_with(changes: list[str]) -> dict[str, str]:
    """Our environment with NAME=VALUE set, and without the NAME of "NAME=". Raises GradstepError for anything else."""
    found = dict(os.environ)
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            raise GradstepError(
                Bilingual(f"{change!r} sets no environment variable.", f"{change!r} 没有设置环境变量。"),
                Bilingual("Write for example LEVEL=2.", "可以写，例如 LEVEL=2。"),
            )
        found[name] = value
        if not value:
            del found[name]
    return found


_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def seconds(text: str | None) -> float | None:
    """Seconds of "60", "60s", "1.5m", "2h". Raises GradstepError for anything else, and for no time at all."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.strip().lower())
    if found is None or found[2] not in _UNITS or not float(found[1]):
        raise GradstepError(
            Bilingual(f"{text!r} is not a length of time.", f"{text!r} 不是一段时间。"),
            Bilingual("Write for example 60s, 5m or 2h.", "可以写，例如 60s、5m 或 2h。"),
        )
    return float(found[1]) * _UNITS[found[2]]
