"""Saves a recording under another name, also while it is still being written."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

from engine.bilingual import Bilingual
from engine.errors import TraceError
from engine.lessons.demo import demo_file
from engine.trace.schema import arrays_folder_name


def save_trace_as(trace: Path, to: Path) -> None:
    """Copies a trace with its arrays and its demo; what was there is replaced. Raises TraceError if that fails."""
    if trace.resolve() == to.resolve():
        return
    try:
        to.unlink(missing_ok=True)
        source = sqlite3.connect(f"{trace.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        _copy_arrays(trace, to)
        demo = demo_file(trace)
        if demo.is_file():
            shutil.copyfile(demo, demo_file(to))
    except (OSError, sqlite3.Error) as error:
        raise TraceError(
            Bilingual(f"The trace cannot be saved as {to}: {error}.", f"记录无法保存为 {to}：{error}。"),
            Bilingual("Choose another folder.", "请选择另一个文件夹。"),
        ) from error


def _copy_arrays(trace: Path, to: Path) -> None:
    folder = to.with_name(arrays_folder_name(to.name))
    shutil.rmtree(folder, ignore_errors=True)
    arrays = trace.with_name(arrays_folder_name(trace.name))
    if arrays.is_dir():
        shutil.copytree(arrays, folder)
