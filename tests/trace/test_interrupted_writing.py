"""Reading while somebody writes, after the writer was killed, and when the disk was full."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

ROOT = Path(__file__).resolve().parents[2]


def check(trace: Trace) -> int:
    """All that committed events refer to is there and has the right numbers; returns the number of events."""
    whole = {row.number for row in trace.iterations() if row.whole}
    events = trace.events()
    assert [event.position for event in events] == list(range(len(events)))
    for event in events:
        for slot in (*event.inputs, *event.outputs):
            assert slot.value is not None
            known = trace.value(slot.value)
            assert known.statistics is not None
            array = trace.array(slot.value)
            if event.iteration in whole:
                assert array is not None, (event.position, slot, known)
            if array is not None:
                assert set(np.unique(array)) == {slot.value}, "each array holds its own id"
    return len(events)


WRITE = """
    import sys
    sys.path.insert(0, {root!r})
    from pathlib import Path
    import numpy as np
    from engine.trace.batch import Batch
    from engine.trace.writer import TraceWriter

    writer = TraceWriter(Path({path!r}), {{}}, {budget})
    value = position = 0
    for iteration in range(100_000):
        batch = Batch()
        begin = position
        for size in (10, 20_000, 300):
            before, value = value or None, value + 1
            raw = np.full(size, value, np.float32)
            held = raw.tobytes() if size < 1000 else raw
            batch.values.append((value, "float32", (size,), "cpu", None, iteration, held, "", None, None))
            batch.size_bytes += raw.nbytes
            inputs = [] if before is None else [("0", before, None, 0)]
            batch.events.append(
                (position, "op", "add", "add", iteration, "forward", None, None, inputs, [("0", value, None, 0)], None,
                 None, None, 0, 0, 0, ""))
            position += 1
        batch.iterations.append((iteration, begin, position))
        writer.put(batch)
        if iteration == 20:
            writer.flush()
            print("started", flush=True)
"""


@pytest.mark.parametrize("budget", [1 << 30, 1_000_000], ids=["plenty", "thinning"])
def test_killed_at_a_random_moment(tmp_path: Path, budget: int) -> None:
    path = tmp_path / "t.gradstep"
    script = textwrap.dedent(WRITE).format(root=str(ROOT), path=str(path), budget=budget)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"started\n"
        time.sleep(random.uniform(0.0, 0.7))
        child.send_signal(signal.SIGKILL)
    with Trace(path) as trace:
        assert check(trace) >= 60


def test_read_by_another_while_it_grows(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin(4_000_000)
    lengths = []
    with Trace(tmp_path / "t.gradstep") as trace:
        for number in range(60):
            for size in (10, 20_000):
                value = scribe.value(np.full(size, scribe.values + 1, np.float32))
                scribe.event([value], [value])
            scribe.next_iteration()
            if number % 10 == 0:
                scribe.writer.flush()
                trace.refresh()
                lengths.append(check(trace))
        scribe.finish()
        assert scribe.writer.failure == "", "an open reader does not hinder the end"
        trace.refresh()
        assert check(trace) == 120
    assert lengths == [2, 22, 42, 62, 82, 102]
    with Trace(tmp_path / "t.gradstep") as trace:
        assert check(trace) == 120


def test_a_closed_trace_is_one_plain_file(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    scribe.event([], [scribe.value(np.ones(3, np.float32))])
    scribe.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["t.gradstep"]
    head = (tmp_path / "t.gradstep").read_bytes()[18:20]
    assert head == b"\x01\x01", "SQLite's journal mode in the file's header: no write-ahead log"


FULL = """
    import resource, signal, sys
    sys.path.insert(0, {root!r})
    from pathlib import Path
    import numpy as np
    from engine.trace.batch import Batch
    from engine.trace.writer import TraceWriter

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    writer = TraceWriter(Path({path!r}), {{}})
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    for position in range(400):
        batch = Batch()
        raw = np.full({size}, position + 1, np.float32)
        held = raw.tobytes() if raw.size < 4096 else raw
        batch.values.append((position + 1, "float32", raw.shape, "cpu", None, 0, held, "", None, None))
        batch.size_bytes += raw.nbytes
        batch.events.append(
            (position, "op", "add", "add", 0, "forward", None, None, [], [("0", position + 1, None, 0)], None, None,
             None, 0, 0, 0, ""))
        batch.iterations.append((0, 0, position + 1))
        writer.put(batch)
        if position % 50 == 0:
            writer.flush()
    print("the script went on")
    writer.close()
    print(writer.failure)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="the system cannot limit the size of files")
@pytest.mark.parametrize("size", [1000, 8000], ids=["in the file", "beside it"])
def test_when_the_disk_is_full_the_script_goes_on(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t.gradstep"
    script = textwrap.dedent(FULL).format(root=str(ROOT), path=str(path), limit=600_000, size=size)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, failure = done.stdout.splitlines()
    assert first == "the script went on"
    assert "Error" in failure
    with Trace(path) as trace:
        trace.refresh()
        assert 1 <= check(trace) < 400, "what was committed before is there"


def test_an_error_of_the_file_is_said_and_ends_the_writing_only(
    begin: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scribe = begin()
    scribe.event([], [scribe.value(np.ones(3, np.float32))])
    scribe.hand_over()
    scribe.writer.flush()

    def fail(*arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(scribe.writer._store, "_insert", fail)
    for _ in range(5):
        scribe.event([], [scribe.value(np.ones(3, np.float32))])
        scribe.hand_over()
        scribe.writer.flush()
    assert scribe.writer.failure == "OperationalError: disk I/O error"
    scribe.writer.close()
    with Trace(scribe.writer.path) as trace:
        assert len(trace) == 1


def test_the_script_waits_while_too_much_is_queued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a fast script would fill the memory with arrays that wait for a slow disk."""
    from engine.trace import writer as module
    from engine.trace.batch import Batch

    monkeypatch.setattr(module, "QUEUE_BYTES", 1000)
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    store = writer._store
    waited: list[int] = []

    def slow(batch: Batch) -> None:
        time.sleep(0.02)
        waited.append(writer._waiting_bytes)

    monkeypatch.setattr(store, "write", slow)
    for _ in range(10):
        batch = Batch()
        batch.size_bytes = 600
        writer.put(batch)
    writer.close()
    assert len(waited) == 10
    assert max(waited) <= 1800


def test_names_read_before_a_trace_was_refreshed_are_still_there_after_it(
    begin: Callable[..., Any], tmp_path: Path
) -> None:
    scribe = begin()
    with Trace(tmp_path / "t.gradstep") as trace:
        trace.refresh()
        scribe.batch.tensors.append((1, "w", "parameter", (2, 3), "float32", "cpu", True))
        scribe.next_iteration()
        scribe.writer.flush()
        assert [tensor.name for tensor in trace.tensors()] == ["w"]
        trace.refresh()
        assert [tensor.name for tensor in trace.tensors()] == ["w"]
    scribe.finish()
