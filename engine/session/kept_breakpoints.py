"""Breakpoints that are kept from one session to the next: one small JSON file for all scripts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..analysis.breakpoints.judge import check
from ..bilingual import NOTHING, Bilingual
from ..errors import GradstepError
from ..wire.breakpoints import Breakpoint
from ..wire.encoding import decode_record, encode_record

_MOST_SCRIPTS = 200


def kept_breakpoints(kept: Path, script: str | Path) -> tuple[tuple[Breakpoint, ...], Bilingual]:
    """The breakpoints of a script, and a notice where the file (or a part of it) could not be used, else nothing.

    kept: the file, which need not exist.
    """
    scripts, notice = _read(kept)
    rows = scripts.get(os.path.realpath(script), [])
    found, lost = [], 0
    for row in rows if isinstance(rows, list) else [rows]:
        try:
            breakpoint_ = decode_record(Breakpoint, json.dumps(row))
            check(breakpoint_)
            found.append(breakpoint_)
        except GradstepError:
            lost += 1
    if lost:
        many = "1 kept breakpoint" if lost == 1 else f"{lost} kept breakpoints"
        name, many_zh = Path(script).name, f"{lost} 个"
        notice = Bilingual(
            f"{many} of {name} could not be read; the others are there.",
            f"{name} 保存的断点中有 {many_zh}无法读取；其余的都在。",
        )
    return tuple(found), notice


def keep_breakpoints(kept: Path, script: str | Path, breakpoints: Sequence[Breakpoint]) -> Bilingual:
    """Keeps the breakpoints of a script in place of those kept before; no breakpoints: forgets the script.

    The file is replaced whole, and only the scripts that were kept last stay in it. Returns a notice where the file
    cannot be written, else nothing.
    """
    scripts, _ = _read(kept)
    path = os.path.realpath(script)
    scripts.pop(path, None)
    if breakpoints:
        scripts[path] = [json.loads(encode_record(one)) for one in breakpoints]
    scripts = dict(list(scripts.items())[-_MOST_SCRIPTS:])
    new = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps({"scripts": scripts}, indent=1), encoding="utf-8")
        new.replace(kept)
    except OSError as error:
        return Bilingual(
            f"The breakpoints could not be kept in {kept}: {error.strerror}.",
            f"断点无法保存到 {kept}：{error.strerror}。",
        )
    return NOTHING


def _read(kept: Path) -> tuple[dict[str, Any], Bilingual]:
    """What the file says of each script, oldest first, and a notice where it says nothing that can be read."""
    try:
        scripts = json.loads(kept.read_text(encoding="utf-8"))["scripts"]
        if isinstance(scripts, dict):
            return scripts, NOTHING
    except FileNotFoundError:
        return {}, NOTHING
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}, Bilingual(
        f"The kept breakpoints in {kept} could not be read and were left out.",
        f"{kept} 中保存的断点无法读取，已略去。",
    )
