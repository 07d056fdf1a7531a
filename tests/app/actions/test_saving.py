"""Saving a recording under another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.saving import save_trace_as
from engine.errors import TraceError
from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

SCRIPT = """
import torch
big = torch.arange(40_000.0)
w = torch.tensor(2.0, requires_grad=True)
(w * big).sum().backward()
"""


def test_a_copy_has_all_events_and_arrays(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    original, copy = tmp_path / "one.gradstep", tmp_path / "two.gradstep"
    record(Launch(script), original)
    copy.write_text("something older")
    save_trace_as(original, copy)
    with Trace(original) as one, Trace(copy) as two:
        assert two.events() == one.events()
        values = [slot.value for event in one.events() for slot in event.outputs if slot.value is not None]
        assert max(one.value(value).size_bytes for value in values) > 64 * 1024
        for value in values:
            expected, found = one.array(value), two.array(value)
            assert expected is not None
            assert found is not None
            assert expected.tobytes() == found.tobytes()


def test_a_place_where_nothing_can_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    trace = tmp_path / "one.gradstep"
    trace.write_bytes(b"")
    with pytest.raises(TraceError, match="cannot be saved as"):
        save_trace_as(trace, tmp_path / "no such folder" / "two.gradstep")
