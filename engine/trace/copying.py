"""Copies a trace with its arrays, also while it is still being written."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import TraceError
from .schema import arrays_folder_name

_AT_ONCE_BYTES = 8 << 20


WentOn = Callable[[int, int], None]
"""Told how many bytes are copied, and of how many."""


def copy_trace(trace: Path, to: Path, went_on: WentOn = lambda done, count: None) -> None:
    """Copies a trace; what was there is replaced when the copy is complete, and itself left alone.

    went_on: may raise, which ends the copying and leaves what was there. Raises TraceError if it fails.
    """
    if trace.resolve() == to.resolve():
        return
    part = to.with_name(f".{to.name}.part")
    arrays, parts, folder = (one.with_name(arrays_folder_name(one.name)) for one in (trace, part, to))
    try:
        if to.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        _remove(part, parts)
        source = sqlite3.connect(f"{trace.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        if arrays.is_dir():
            _copy_arrays(arrays, parts, went_on)
        shutil.rmtree(folder, ignore_errors=True)
        if parts.is_dir():
            parts.rename(folder)
        part.replace(to)
    except (OSError, sqlite3.Error) as error:
        _remove(part, parts)
        raise TraceError(
            Bilingual(f"The trace cannot be saved as {to}: {error}.", f"记录无法保存为 {to}：{error}。"),
            Bilingual("Choose another folder.", "请选择另一个文件夹。"),
        ) from error
    except BaseException:
        _remove(part, parts)
        raise


def _copy_arrays(arrays: Path, to: Path, went_on: WentOn) -> None:
    files = [file for file in sorted(arrays.iterdir()) if file.is_file()]
    count, done = sum(file.stat().st_size for file in files), 0
    to.mkdir()
    for file in files:
        with file.open("rb") as read, (to / file.name).open("wb") as write:
            while piece := read.read(_AT_ONCE_BYTES):
                write.write(piece)
                done += len(piece)
                went_on(min(done, count), count)


def _remove(part: Path, parts: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
    shutil.rmtree(parts, ignore_errors=True)
