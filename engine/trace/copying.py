"""Copies a trace with its arrays, also while it is still being written."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import TraceError
from .schema import arrays_folder_name


def copy_trace(trace: Path, to: Path) -> None:
    """Copies a trace; what was there is replaced, and itself left alone. Raises TraceError if that fails."""
    if trace.resolve() == to.resolve():
        return
    try:
        to.unlink(missing_ok=True)
        source = sqlite3.connect(f"{trace.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        folder = to.with_name(arrays_folder_name(to.name))
        shutil.rmtree(folder, ignore_errors=True)
        arrays = trace.with_name(arrays_folder_name(trace.name))
        if arrays.is_dir():
            shutil.copytree(arrays, folder)
    except (OSError, sqlite3.Error) as error:
        raise TraceError(
            Bilingual(f"The trace cannot be saved as {to}: {error}.", f"记录无法保存为 {to}：{error}。"),
            Bilingual("Choose another folder.", "请选择另一个文件夹。"),
        ) from error
