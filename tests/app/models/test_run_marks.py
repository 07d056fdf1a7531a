"""What the timeline marks: iterations of hits, of changes by hand and of failures."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from app.models.run_marks import edits_and_errors, iterations_of
from engine.trace.reader import Trace


def test_a_stop_is_in_the_iteration_of_the_event_that_is_next(hello: Trace) -> None:
    spans = {one.number: one for one in hello.iterations()}
    stops = [spans[0].begin, spans[0].end - 1, spans[1].begin, spans[2].end]
    assert iterations_of(hello, stops) == (0, 1, 2)
    assert iterations_of(hello, [0]) == (-1,)
    assert iterations_of(hello, []) == ()


def test_edits_and_errors_are_found_in_a_trace(hello_path: Path, tmp_path: Path) -> None:
    assert edits_and_errors(hello_path) == {"edit": (), "error": ()}
    copy = Path(shutil.copy(hello_path, tmp_path / "copy.gradstep"))
    with Trace(copy) as trace:
        begins = {one.number: one.begin for one in trace.iterations()}
    writer = sqlite3.connect(copy)
    for number, change in ((1, "kind='edit'"), (2, "error='RuntimeError: no'"), (0, "error='ValueError: no'")):
        writer.execute(f"UPDATE events SET {change} WHERE position=?", (begins[number],))
    writer.commit()
    writer.close()
    assert edits_and_errors(copy) == {"edit": (1,), "error": (0, 2)}
