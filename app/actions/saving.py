"""Saves a recording under another name, with the demo that belongs to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.bilingual import Bilingual
from engine.errors import TraceError
from engine.lessons.demo import demo_file
from engine.trace.copying import copy_trace


def save_trace_as(trace: Path, to: Path) -> None:
    """Copies a trace with its arrays and its demo; what was there is replaced. Raises TraceError if that fails."""
    copy_trace(trace, to)
    demo = demo_file(trace)
    if trace.resolve() != to.resolve() and demo.is_file():
        try:
            shutil.copyfile(demo, demo_file(to))
        except OSError as error:
            raise TraceError(
                Bilingual(f"The demo cannot be saved beside {to}: {error}.", f"演示无法保存到 {to} 旁边：{error}。"),
                Bilingual("Choose another folder.", "请选择另一个文件夹。"),
            ) from error
