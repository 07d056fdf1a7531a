"""Saves a recording under another name, with the demo that belongs to it and what a learner explained in a lesson."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from engine.bilingual import Bilingual
from engine.errors import TraceError
from engine.lessons.demo import DemoStop, demo_file, read_demo, write_demo
from engine.trace.copying import copy_trace


def save_trace_as(trace: Path, to: Path, explained: Sequence[DemoStop] = ()) -> None:
    """Copies a trace with its arrays and its demo; what was there is replaced.

    explained: stops that are put behind the demo's own. Raises GradstepError if that fails.
    """
    copy_trace(trace, to)
    demo = demo_file(trace)
    if explained:
        write_demo(demo_file(to), (*(read_demo(demo) if demo.is_file() else ()), *explained))
        return
    if trace.resolve() != to.resolve() and demo.is_file():
        try:
            shutil.copyfile(demo, demo_file(to))
        except OSError as error:
            raise TraceError(
                Bilingual(f"The demo cannot be saved beside {to}: {error}.", f"演示无法保存到 {to} 旁边：{error}。"),
                Bilingual("Choose another folder.", "请选择另一个文件夹。"),
            ) from error
