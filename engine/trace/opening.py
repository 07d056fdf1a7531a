"""Opens the file of a trace, and refuses what is none, or too new, before anything of it is read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..bilingual import NOTHING, Bilingual
from ..errors import TraceError
from .schema import APPLICATION_ID, TRACE_VERSION


def opened(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises TraceError for a file that is not there, cannot be read or is no trace."""
    try:
        is_there, is_folder = path.is_file(), path.is_dir()
    except OSError as error:  # a folder that may not be looked into, a name that is too long
        raise _unreadable(path, str(error.strerror)) from error
    if is_folder:
        raise TraceError(
            Bilingual(f"{path} is a folder, not a trace.", f"{path} 是文件夹，不是记录。"),
            Bilingual("Choose the file in it that ends in .gradstep.", "请选择其中以 .gradstep 结尾的文件。"),
        )
    if not is_there:
        raise TraceError(
            Bilingual(f"There is no trace {path}.", f"没有记录 {path}。"),
            Bilingual(
                "Check the name, or record one: gradstep record SCRIPT.py",
                "请检查名称，或者录制一份：`gradstep record SCRIPT.py`",
            ),
        )
    try:
        file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise _unreadable(path, str(error)) from error
    try:
        _check_kind(path, file)
    except TraceError:
        file.close()
        raise
    return file


def check_version(path: Path, version: object) -> None:
    """Raises TraceError for a trace that a newer Gradstep has written. version: as its meta tells it."""
    if type(version) is not int or version > TRACE_VERSION:
        raise TraceError(
            Bilingual(
                f"{path} was written by a newer Gradstep (trace version {version}, not {TRACE_VERSION}).",
                f"{path} 由更新版本的 Gradstep 写成（记录版本 {version}，而不是 {TRACE_VERSION}）。",
            ),
            Bilingual("Update Gradstep to open it.", "请更新 Gradstep 后再打开。"),
        )


def _check_kind(path: Path, file: sqlite3.Connection) -> None:
    try:
        (found,) = file.execute("PRAGMA application_id").fetchone()
        # A trace has tables only: a view could run for ever.
        odd = file.execute("SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        found, odd = f"{error}", None
    if isinstance(found, str) and _has_mark(path):
        raise TraceError(
            Bilingual(
                f"{path} is a Gradstep trace that is damaged or was cut off ({found}).",
                f"{path} 是 Gradstep 的记录，但已损坏或不完整（{found}）。",
            ),
            Bilingual("Copy it again from where it came from, or record it again.", "请从来源处重新复制，或重新录制。"),
        )
    if found != APPLICATION_ID or odd:
        reason = Bilingual(f" ({found})", f"（{found}）") if isinstance(found, str) else NOTHING
        raise TraceError(
            Bilingual(
                f"{path} is not a Gradstep trace{reason.english}.", f"{path} 不是 Gradstep 的记录{reason.chinese}。"
            ),
            Bilingual(
                "Traces end in .gradstep and come from gradstep record.",
                "记录文件以 .gradstep 结尾，由 `gradstep record` 产生。",
            ),
        )


def _has_mark(path: Path) -> bool:
    """Whether a file that SQLite cannot read begins as a trace does: its application id stands at byte 68."""
    try:
        with path.open("rb") as file:
            return int.from_bytes(file.read(72)[68:], "big") == APPLICATION_ID
    except OSError:
        return False


def _unreadable(path: Path, why: str) -> TraceError:
    return TraceError(
        Bilingual(f"{path} cannot be opened ({why}).", f"无法打开 {path}（{why}）。"),
        Bilingual("Check that you may read it.", "请检查你是否有读取它的权限。"),
    )
