"""`gradstep show`: the table, the tree and one event, as text that fits 80 columns."""

import contextlib
import io
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.cli.terminal import Terminal, visible_length
from engine.trace.reader import Trace

STEPS = [
    ("z1", "1.124"),
    ("a1", "0.7547299"),
    ("z2", "1.739088"),
    ("a2", "0.8505712"),
    ("C", "0.02232896"),
    ("dC/da2", "-0.2988575"),
    ("s'(z2)", "0.1270998"),
    ("dC/dz2", "-0.03798474"),
    ("dC/db2", "-0.03798474"),
    ("dC/dw2", "-0.02866822"),
    ("dC/da1", "-0.09306261"),
    ("s'(z1)", "0.1851127"),
    ("dC/dz1", "-0.01722707"),
    ("dC/db1", "-0.01722707"),
    ("dC/dw1", "-0.01378165"),
    ("new w1", "1.581378"),
    ("new b1", "-0.1382773"),
    ("new w2", "2.452867"),
    ("new b2", "-0.1062015"),
]
"""LESSONS' table A of the 1-1-1 example, in the textbook's order, from the float64 values."""


def test_the_table_lists_every_quantity_in_textbook_order(run, hello_path: Path) -> None:
    rows = [re.split(r"\s{2,}", line.strip()) for line in run("show", hello_path).lines if re.match(r"\s+\d+ ", line)]
    assert [row[1] for row in rows] == [symbol for symbol, _ in STEPS]
    assert [row[0] for row in rows] == [str(i) for i in range(1, 20)]
    assert [float(row[2]) for row in rows] == pytest.approx([float(number) for _, number in STEPS], rel=2e-5)


def test_each_row_says_what_made_it_and_where(run, hello_path: Path) -> None:
    text = run("show", hello_path, "--table").out
    assert re.search(r"z1 +1\.124 +linear · hidden_layer +hello\.py:27", text)
    assert re.search(r"new w1 +1\.581378 +SGD lr 0\.1 · hidden_layer\.weight +hello\.py:59", text)


def test_phases_can_be_had_alone(run, hello_path: Path) -> None:
    lines = run("show", hello_path, "--phase", "update").lines
    assert lines[3] == "update"
    assert len(lines) == 4 + 4


def test_another_iteration_has_other_numbers(run, hello_path: Path) -> None:
    assert re.search(r"z1 +1\.126825", run("show", hello_path, "--iteration", "2").out)


def test_the_tree_nests_modules_and_gives_positions(run, hello_path: Path) -> None:
    lines = run("show", hello_path, "--tree", "--phase", "forward").lines
    tree = "\n".join(lines[3:])
    assert re.search(r"  net \(Tiny\) +\w+\.py:\d+\n    hidden_layer \(Linear\) +\w+\.py:\d+\n", tree)
    assert re.search(r"\n +14 linear +z1 = 1\.124 ", tree)


@pytest.mark.parametrize("options", [[], ["--tree"], ["--tree", "--iteration", "0"]])
@pytest.mark.parametrize("trace", ["hello_path", "net_path"])
def test_lines_fit_a_terminal_of_80_columns(
    run, request: pytest.FixtureRequest, monkeypatch, trace: str, options: list[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    printed = run("show", request.getfixturevalue(trace), *options)
    assert printed.code == 0
    assert [line for line in printed.lines if len(line) > 80] == []


def test_larger_tensors_are_told_by_shape_range_and_norm(run, net_path: Path) -> None:
    assert re.search(r"z1 +\(20×8\) +-?\d+\.\d+ \.\. \d+\.\d+ +norm \d+\.\d+", run("show", net_path).out)


def test_a_tiny_matrix_is_shown_in_full(run, net_path: Path) -> None:
    with Trace(net_path) as trace:
        position = next(event.position for event in trace.events() if event.name == "mul")
    printed = run("show", net_path, "--position", str(position))
    assert "    [2  -4]\n    [1   8]\n" in printed.out


def test_an_event_in_full(run, hello_path: Path) -> None:
    text = run("show", hello_path, "--position", "14").out
    assert "torch.nn.functional.linear" in text
    assert "in module hidden_layer (Linear)" in text
    assert "called from hello.py:27  z1 = self.hidden_layer(x)" in text
    assert re.search(r"0: z1 +1\.124 +\(1\) float32 cpu", text)


def test_a_position_that_is_not_there(run, hello_path: Path) -> None:
    printed = run("show", hello_path, "--position", "999")
    assert printed.code == 2
    assert printed.out == ""
    assert "no event at position 999" in printed.err


def test_piped_text_has_no_colours(run, hello_path: Path) -> None:
    assert "\033" not in run("show", hello_path).out


class Screen(io.TextIOWrapper):
    """A terminal with a given encoding."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("plain_environment")
def test_a_terminal_has_colours_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(io.BytesIO(), "utf-8")
    styled = Terminal(screen).styled("dC/dz1", "backward")
    assert styled != "dC/dz1"
    assert visible_length(styled) == 6
    monkeypatch.setenv("NO_COLOR", "")
    assert Terminal(screen).styled("dC/dz1", "backward") == "dC/dz1"


def test_letters_that_a_stream_lacks_become_ascii() -> None:
    assert Terminal(Screen(io.BytesIO(), "ascii")).plain("20×8 · 1.2×10⁻⁵ ∂C/∂w…") == "20x8 * 1.2e-5 dC/dw..."
    assert Terminal(Screen(io.BytesIO(), "utf-8")).plain("∂C/∂w…") == "∂C/∂w…"


def test_nothing_is_cut_in_a_pipe(run, net_path: Path) -> None:
    for form in ("--table", "--tree"):
        text = run("show", net_path, form).out
        assert "…" not in text
        assert re.search(r"norm \d", text)


def test_a_trace_without_events_says_why_where_that_is_known(run, tmp_path: Path, hello_path: Path) -> None:
    path = tmp_path / "none.gradstep"
    shutil.copy(hello_path, path)
    with closing(sqlite3.connect(path)) as db, db:
        for table in ("events", "iterations"):
            db.execute(f"DELETE FROM {table}")
    for command in ("show", "check", "doctor"):
        assert "holds no events.\nDid the script call torch" in run(command, path).err
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('recorder_error', ?)", ('"Traceback\\nOSError: the disk is full"',)
        )
    for command in ("show", "check", "doctor"):
        printed = run(command, path)
        assert (printed.code, "holds no events. OSError: the disk is full\n" in printed.err) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_no_mistake_of_the_trace(run, hello_path: Path, monkeypatch) -> None:
    with contextlib.suppress(OSError), open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        printed = run("show", hello_path)
        assert (printed.code, "No space left on device" in printed.err, "mistake" in printed.err) == (2, True, False)


def test_iterations_count_from_one_and_the_set_up_is_0(run, net_path: Path) -> None:
    with Trace(net_path) as trace:
        first, setup = trace.iteration(0), trace.iteration(-1)
    assert first is not None
    assert setup is not None
    assert f"iteration 1, events {first.begin} to {first.end - 1}" in run("show", net_path, "--iteration", "1").out
    assert f"the set-up, events {setup.begin} to {setup.end - 1}" in run("show", net_path, "--iteration", "0").out
    refused = run("show", net_path, "--iteration", "-1")
    assert refused.code == 2
    assert "count from 1, and 0 is the set-up" in refused.err
