"""Saving a recording under another name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions.saving import Saving, save_trace_as
from app.jobs import GivenUpError
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


def test_saving_that_is_stopped_leaves_what_was_there(tmp_path: Path, qtbot: QtBot) -> None:
    script, original, copy = tmp_path / "script.py", tmp_path / "one.gradstep", tmp_path / "two.gradstep"
    script.write_text(SCRIPT)
    record(Launch(script), original)
    copy.write_text("something older")
    told: list[tuple[int, int]] = []

    def stop(done: int, count: int) -> None:
        told.append((done, count))
        raise GivenUpError

    with pytest.raises(GivenUpError):
        save_trace_as(original, copy, (), stop)
    assert told
    assert 0 < told[0][0] <= told[0][1]
    assert copy.read_text() == "something older"
    assert sorted(file.name for file in tmp_path.iterdir() if "two" in file.name) == ["two.gradstep"]
    window = QWidget()
    qtbot.addWidget(window)
    saving = Saving(window)
    with qtbot.waitSignal(saving.saved) as saved:
        saving.save(original, copy, ())
    assert saved.args == [copy]
    with Trace(original) as one, Trace(copy) as two:
        assert two.events() == one.events()
    with qtbot.waitSignal(saving.failed):
        saving.save(original, tmp_path / "no such folder" / "x.gradstep", ())
    saving.close()
