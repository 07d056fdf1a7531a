"""The process that writes: the same trace as from a thread, whatever happens to either side."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from engine.errors import GradstepError
from engine.trace.batch import Batch
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter
from engine.trace.writer_process import WriterProcess

ROOT = Path(__file__).resolve().parents[2]


def fill(writer: TraceWriter | WriterProcess, batches: int) -> None:
    """Batches of a small and a large value and an event that names them."""
    for number in range(batches):
        batch = Batch()
        small, large = 2 * number + 1, 2 * number + 2
        for value, size in ((small, 10), (large, 20_000)):
            raw = np.full(size, value, np.float32)
            held = raw.tobytes() if size < 1000 else raw
            batch.values.append((value, "float32", (size,), "cpu", None, number, held, "", None, None))
            batch.size_bytes += raw.nbytes
        slots = ([("0", small, None, 0)], [("0", large, 3, 1)])
        arguments = {"dim": 0, "text": "é", "list": [1, None, 2.5]}
        batch.events.append(
            (number, "op", "add", "add", number, "forward", None, None, *slots, arguments, None, None, 0, 0, 0, "")
        )
        batch.nodes.append((number, "AddBackward0", number, number, [(1, 0), None], None))
        batch.meta.append(("last", number))
        batch.iterations.append((number, number, number + 1))
        writer.put(batch)


def check(trace: Trace) -> int:
    """Every array that an event names is there and holds its own id; returns the number of events."""
    for event in trace.events():
        for slot in (*event.inputs, *event.outputs):
            assert slot.value is not None
            array = trace.array(slot.value)
            assert array is not None
            assert set(np.unique(array)) == {slot.value}
    return len(trace)


def settled(path: Path) -> Trace:
    """The trace once its writer has ended: it leaves one plain file."""
    deadline = time.monotonic() + 20
    while path.with_name(path.name + "-wal").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return Trace(path)


def test_the_same_trace_as_from_a_thread(tmp_path: Path) -> None:
    for kind in (TraceWriter, WriterProcess):
        writer = kind(tmp_path / f"{kind.__name__}.gradstep", {"script": "t.py"})
        fill(writer, 12)
        writer.close()
        assert writer.failure == ""
    with Trace(tmp_path / "TraceWriter.gradstep") as one, Trace(tmp_path / "WriterProcess.gradstep") as other:
        assert check(one) == check(other) == 12
        assert one.events() == other.events()
        assert one.meta() == other.meta()
        assert one.values(range(1, 25)) == other.values(range(1, 25))
        assert one.nodes(3) == other.nodes(3)


def test_a_flush_makes_all_readable(tmp_path: Path) -> None:
    writer = WriterProcess(tmp_path / "t.gradstep", {})
    fill(writer, 5)
    writer.flush()
    with Trace(tmp_path / "t.gradstep") as trace:
        assert check(trace) == 5
    writer.close()
    assert writer.failure == ""


def test_no_process_can_be_started_where_none_may_write(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="does not exist"):
        WriterProcess(tmp_path / "none" / "t.gradstep", {})


SCRIPT = """
    import sys
    sys.path.insert(0, {root!r})
    from pathlib import Path
    from engine.trace.writer_process import WriterProcess
    sys.path.insert(0, {tests!r})
    import test_writer_process
    writer = WriterProcess(Path({path!r}), {{}})
    test_writer_process.fill(writer, 5)
    writer.flush()
    print("started", flush=True)
    {rest}
"""


def script(path: Path, rest: str) -> list[str]:
    """The command that starts a script which writes 5 batches and then does something."""
    tests = str(Path(__file__).parent)
    return [
        sys.executable,
        "-c",
        textwrap.dedent(SCRIPT).format(root=str(ROOT), tests=tests, path=str(path), rest=rest),
    ]


def test_the_script_is_killed_at_a_random_moment(tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    more = "import time; time.sleep(60)"
    with subprocess.Popen(script(path, more), stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"started\n"
        time.sleep(random.uniform(0.0, 0.2))
        child.send_signal(signal.SIGKILL)
    with settled(path) as trace:
        assert check(trace) == 5


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not list processes")
def test_the_writing_process_is_killed(tmp_path: Path) -> None:
    """The script goes on, and what was committed stays."""
    writer = WriterProcess(tmp_path / "t.gradstep", {})
    fill(writer, 3)
    writer.flush()
    os.kill(process_that_writes(tmp_path / "t.gradstep"), signal.SIGKILL)
    fill(writer, 3)
    writer.flush()
    writer.close()
    assert "process that writes" in writer.failure
    with Trace(tmp_path / "t.gradstep") as trace:
        assert check(trace) == 3


def process_that_writes(path: Path) -> int:
    """The id of the process that has this trace open for writing."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"writer_main.py" in command and os.fsencode(path) in command:
                return int(folder.name)
    raise AssertionError("no process writes the trace")


def test_a_full_disk_is_said_and_the_script_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    script = f"""
        import resource, signal, sys
        sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        from pathlib import Path
        import test_writer_process
        from engine.trace.writer_process import WriterProcess
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        writer = WriterProcess(Path({str(path)!r}), {{}})
        test_writer_process.fill(writer, 50)
        writer.flush()
        test_writer_process.fill(writer, 250)
        print("the script went on")
        writer.close()
        print(writer.failure)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, failure = done.stdout.splitlines()
    assert first == "the script went on"
    assert "Error" in failure
    with settled(path) as trace:
        assert check(trace) < 300
