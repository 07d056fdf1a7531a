"""Files that are no traces, or lie: a sentence or nothing, never a crash, and no code is run."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import GradstepError, TraceError
from engine.trace.reader import Trace
from engine.trace.schema import APPLICATION_ID, TRACE_VERSION
from engine.trace.writer import TraceWriter


@pytest.fixture
def path(begin: Callable[..., Any], tmp_path: Path) -> Path:
    """A small trace: values 1 (in the file), 2 (beside it) and 3 (a view of 1), an event, a node, a call, a tensor."""
    scribe = begin()
    small = scribe.value(np.arange(6, dtype=np.float32).reshape(2, 3), tensor=1)
    large = scribe.value(np.ones(10_000, np.float32))
    view = scribe.value(None, dtype="float32", shape=(3, 2), strides=(1, 3), base=small)
    scribe.event([small, view], [large], arguments={"dim": 0})
    scribe.batch.nodes.append((1, "MulBackward0", 0, -1, [(2, 0), None], None))
    scribe.batch.calls.append((1, None, "", "Net", "net", -1, 0, 1))
    scribe.batch.tensors.append((1, "x", "input", (2, 3), "float32", "cpu", False))
    scribe.batch.sources.append((1, "t.py", "x = 1\n"))
    scribe.batch.sites.append((1, 1, "<module>", 1, 1, 0, 5))
    scribe.batch.output.append((1, 0, "stdout", "hello\n"))
    scribe.finish()
    return tmp_path / "t.gradstep"


def change(path: Path, statement: str, *arguments: Any) -> None:
    """Changes the file as no writer would."""
    db = sqlite3.connect(path)
    with db:
        db.execute(statement, arguments)
    db.close()


def read_all(path: Path) -> None:
    """Asks a trace for everything that it has."""
    with Trace(path) as trace:
        trace.meta()
        for row in trace.iterations():
            trace.events(row.number)
            trace.nodes(row.number)
            trace.calls(row.number)
        for event in trace.events():
            _ = event.arguments
        for value in range(1, 4):
            trace.array(value)
            known = trace.value(value)
            _ = known.numel
        _ = (len(trace), trace.tensors(), trace.tensor(1), trace.versions(1), trace.sources(), trace.source(1))
        _ = (trace.site(1), trace.output(), trace.node(1), trace.call(1), trace.iteration_at(0))


def test_the_honest_trace_is_read(path: Path) -> None:
    read_all(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"SQLite format 3\x00", b"\x00" * 4096, b"SQLite format 3\x00" + b"\xff" * 5000],
    ids=["empty", "text", "head only", "zeros", "head and rubbish"],
)
def test_not_a_trace(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.gradstep").write_bytes(content)
    with pytest.raises(TraceError, match=r"x\.gradstep is not a Gradstep trace.* Traces end in \.gradstep"):
        Trace(tmp_path / "x.gradstep")


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="There is no trace"):
        Trace(tmp_path / "missing.gradstep")
    with pytest.raises(TraceError, match="is a folder"):
        Trace(tmp_path)


def test_another_program_s_database(tmp_path: Path) -> None:
    change(tmp_path / "x.db", "CREATE TABLE meta (key, value)")
    with pytest.raises(TraceError, match="is not a Gradstep trace"):
        Trace(tmp_path / "x.db")


def test_from_a_newer_gradstep(path: Path) -> None:
    change(path, "UPDATE meta SET value=? WHERE key='trace_version'", json.dumps(TRACE_VERSION + 1))
    with pytest.raises(TraceError, match=rf"newer Gradstep \(trace version {TRACE_VERSION + 1}.* Update Gradstep"):
        Trace(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(TraceError, match="damaged"):
        read_all(path)


def test_tables_are_missing(path: Path) -> None:
    change(path, "DROP TABLE events")
    with pytest.raises(TraceError, match="damaged"):
        read_all(path)


def test_a_view_in_place_of_a_table_is_refused(path: Path) -> None:
    """It could run for ever."""
    change(path, "DROP TABLE output")
    change(
        path,
        "CREATE VIEW output AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id+1 FROM n) "
        "SELECT id, 0 AS position, '' AS stream, '' AS text FROM n",
    )
    with pytest.raises(TraceError):
        Trace(path)


DEEP = "[" * 100_000
LIES = [
    ("events", "kind", "explode"),
    ("events", "phase", "sideways"),
    ("events", "inputs", "{"),
    ("events", "inputs", DEEP),
    ("events", "inputs", "[[1,2,3,4,5,6]]"),
    ("events", "inputs", '[["0","one"]]'),
    ("events", "inputs", "7"),
    ("events", "outputs", "null"),
    ("events", "arguments", "{"),
    ("events", "iteration", "none"),
    ("events", "start_ns", b"\xff"),
    ("nodes", "next", "[1]"),
    ("nodes", "next", "[[1]]"),
    ("nodes", "next", "{"),
    ("tensors", "shape", "[-1]"),
    ("tensors", "shape", '["a"]'),
    ("tensors", "name", b"\x00"),
    ("calls", "begin", "x"),
    ("iterations", "begin", "x"),
    ("sites", "line", "x"),
    ("sources", "text", b"\xff"),
    ("output", "text", b"\xff\xfe"),
    ("meta", "value", "{"),
    ("meta", "value", DEEP),
    ("values", "shape", "[1e99]"),
    ("values", "shape", "[-5]"),
    ("values", "shape", DEEP),
    ("values", "mean", "much"),
    ("values", "zeros", "none"),
]


@pytest.mark.parametrize(("table", "column", "lie"), LIES, ids=lambda lie: str(lie)[:20])
def test_a_row_that_makes_no_sense_is_a_sentence(path: Path, table: str, column: str, lie: Any) -> None:
    change(path, f'UPDATE "{table}" SET {column}=?', lie)
    with pytest.raises(TraceError, match=r"damaged|cannot|newer"):
        read_all(path)


@pytest.mark.parametrize(
    ("column", "lie"),
    [
        ("shape", "[1000000000000]"),
        ("shape", "[2,2]"),
        ("shape", "[3000000000,3000000000]"),
        ("dtype", "float64"),
        ("dtype", "object"),
        ("dtype", "bfloat16"),
        ("dtype", "int7"),
        ("data", b"abc"),
        ("data", "text"),
        ("strides", "[1,1000000]"),
        ("strides", "[-1,-2]"),
        ("strides", "[1]"),
        ("strides", "[null,null]"),
        ("strides", "{"),
        ("strides", "[1000000000000000000,1000000000000000000]"),
        ("base", 99),
        ("base", 3),
        ("base", "x"),
        ("segment", -1),
        ("segment", 77),
        ("segment", "../../etc/passwd"),
        ("offset", -4),
        ("offset", 1 << 60),
        ("offset", "x"),
        ("size_bytes", 1 << 60),
        ("size_bytes", -8),
    ],
)
def test_an_array_that_cannot_be_is_none(path: Path, column: str, lie: Any) -> None:
    """In a child of its own: reading beyond the memory of an array would end it."""
    change(path, f'UPDATE "values" SET {column}=?', lie)
    script = (
        "import sys; from engine.trace.reader import Trace; trace = Trace(sys.argv[1]);"
        "arrays = [trace.array(value) for value in (1, 2, 3)];"
        "print([None if array is None else array.size for array in arrays]);"
        "print(sum(float(array.sum()) for array in arrays if array is not None))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "None" in done.stdout or column in ("base", "segment", "offset", "size_bytes", "strides")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=12))
def test_flipped_bytes_never_crash(path: Path, flips: list[tuple[int, int]]) -> None:
    content = path.read_bytes()
    broken = bytearray(content)
    for place, byte in flips:
        broken[place % len(broken)] = byte
    other = path.with_name("broken.gradstep")
    other.write_bytes(broken)
    with contextlib.suppress(TraceError, KeyError):
        read_all(other)


def test_writing_where_one_may_not(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match=r"The folder .* does not exist\. Make it"):
        TraceWriter(tmp_path / "none" / "t.gradstep", {})
    with pytest.raises(GradstepError, match=r"is a folder\. Give the trace a file name"):
        TraceWriter(tmp_path, {})


READ_ONLY = """
import os, sys
from pathlib import Path
from engine.errors import GradstepError
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Trace(sys.argv[1]) as trace:
    print(len(trace), trace.array(1).shape)
try:
    TraceWriter(Path(sys.argv[1]).with_name(sys.argv[2]), {})
except GradstepError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("name", ["t.gradstep", "new.gradstep"])
def test_a_read_only_folder_is_read_and_not_written(path: Path, name: str, tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o555)
    for folder in tmp_path.parents:
        if not folder.stat().st_mode & 0o001:  # those that pytest makes are closed to others
            os.chmod(folder, 0o755)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path), name],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == "1 (2, 3)"
    assert "cannot be written" in second
    assert "-o" in second


HIDDEN = """
import os, sys
from engine.errors import TraceError
from engine.trace.reader import Trace
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    Trace(sys.argv[1])
except TraceError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_one_may_not_look_into_is_said_in_a_sentence(path: Path, tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o700)
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, str(path)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert "t.gradstep cannot be opened (Permission denied). Check that you may read it." in done.stdout


def test_a_name_that_is_too_long_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot be opened"):
        Trace(tmp_path / ("n" * 5000))


def test_an_earlier_trace_and_its_arrays_are_replaced(path: Path) -> None:
    assert (path.with_name("t.gradstep.arrays") / "00000000.bin").exists()
    TraceWriter(path, {"script": "other.py"}).close()
    with Trace(path) as trace:
        assert len(trace) == 0
        assert trace.meta()["script"] == "other.py"
    assert not path.with_name("t.gradstep.arrays").exists()


def test_an_empty_file_is_replaced_but_nothing_else(tmp_path: Path) -> None:
    empty, thesis = tmp_path / "empty.gradstep", tmp_path / "thesis.docx"
    empty.touch()
    TraceWriter(empty, {}).close()
    thesis.write_text("years of work")
    with pytest.raises(GradstepError, match=r"is not a trace, so it is left alone\. Choose another name"):
        TraceWriter(thesis, {})
    assert thesis.read_text() == "years of work"


def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "t.gradstep.arrays"
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work")
    TraceWriter(tmp_path / "t.gradstep", {}).close()
    assert (folder / "thesis.docx").read_text() == "years of work"


def test_application_id_is_the_one_of_the_file(path: Path) -> None:
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big") == b"GrdS"
