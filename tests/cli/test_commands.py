"""The command line as a whole: help, mistakes, the window, exports; each error a sentence and an exit code."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import main as main_module
from engine.cli.commands import COMMANDS
from engine.cli.main import INTERRUPTED
from engine.lessons.demo import DemoStop, demo_file, write_demo
from engine.session.place import Level, Place
from engine.trace.copying import copy_trace

ROOT = Path(__file__).resolve().parents[2]


def test_help_names_every_command(run) -> None:
    printed = run("-h")
    assert printed.code == 0
    assert [command.name for command in COMMANDS if f"gradstep {command.name}" not in printed.out] == []
    assert max(map(len, printed.lines)) <= 100


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_command_has_help(run, name: str) -> None:
    printed = run(name, "-h")
    assert (printed.code, printed.err) == (0, "")
    assert f"usage: gradstep {name}" in printed.out


@pytest.mark.parametrize("flag", ["--version", "-V", "version"])
def test_the_version_is_that_of_the_project(run, flag: str) -> None:
    assert run(flag).lines[0] == "Gradstep 0.1.0 (trace version 1)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["shwo"], "Did you mean gradstep show?"),
        (["train.py"], "gradstep open train.py"),
        (["show"], "See: gradstep show -h"),
        (["show", "t.gradstep", "--nonsense"], "See: gradstep show -h"),
        (["show", "missing.gradstep"], "There is no trace missing.gradstep"),
        (["export", "missing.gradstep", "--to", "json"], "There is no trace missing.gradstep"),
        (["export", "missing.gradstep", "--to", "xml"], "'json', 'csv', 'npz'"),
        (["open", "missing.py"], "There is no file missing.py"),
    ],
)
def test_a_users_mistake_is_a_sentence_with_a_way_out(run, arguments: list[str], said: str) -> None:
    printed = run(*arguments)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err
    assert "Traceback" not in printed.err


def test_a_file_that_is_no_trace(run, tmp_path: Path) -> None:
    (tmp_path / "notes.gradstep").write_text("notes")
    assert "is not a Gradstep trace" in run("show", tmp_path / "notes.gradstep").err


def test_a_trace_of_a_newer_version(run, hello_path: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.gradstep"
    newer.write_bytes(hello_path.read_bytes())
    with sqlite3.connect(newer) as database:
        database.execute("UPDATE meta SET value='99' WHERE key='trace_version'")
    database.close()
    printed = run("show", newer)
    assert printed.code == 2
    assert "written by a newer Gradstep (trace version 99" in printed.err


def test_export_prints_json(run, hello_path: Path) -> None:
    printed = run("export", hello_path, "--to", "json")
    roles = json.loads(printed.out)["iterations"][1]["roles"]
    assert printed.err == ""
    assert roles["a1"] == pytest.approx(0.7547299214, rel=1e-6)


def test_export_names_the_file_that_it_wrote(run, hello_path: Path, tmp_path: Path) -> None:
    printed = run("export", hello_path, "--to", "csv", "-o", tmp_path / "t.csv", "--iteration", "1")
    assert printed.out == ""
    assert str(tmp_path / "t.csv") in printed.err
    assert "SigmoidBackward0" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_the_window_gets_the_file(run, hello_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert run().window == []
    assert run("open", hello_path).window == [str(hello_path)]
    assert run("open", __file__, "--", "--epochs", "3").window == [__file__, "--epochs", "3"]


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display there")
def test_without_a_display_the_window_says_so(run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    printed = run()
    assert (printed.code, printed.window) == (2, None)
    assert "There is no display here" in printed.err


def test_without_qt_the_window_says_so(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6", None)
    printed = run()
    assert printed.code == 2
    assert "PySide6-Essentials is not installed" in printed.err


def test_ctrl_c_ends_quietly(run, hello_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(main_module, "_run", interrupt)
    printed = run("show", hello_path)
    assert (printed.code, printed.out) == (INTERRUPTED, "")
    assert "Traceback" not in printed.err


def test_showing_a_trace_imports_neither_torch_nor_qt(hello_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gradstep\n"
        "code = gradstep.main(['show', sys.argv[2]]) + gradstep.main(['export', sys.argv[2], '--to', 'csv'])\n"
        "print('code', code, [name for name in ('torch', 'PySide6', 'app') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), str(hello_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "code 0 []"


def test_a_reader_that_stops_reading_is_no_error(hello_path: Path) -> None:
    export = f"'{sys.executable}' -m gradstep export '{hello_path}' --to json"
    command = f"{export} | head -c 100 >/dev/null; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr == ""
    assert ended.returncode in (0, 141)


def test_a_student_opens_the_trace_at_the_teachers_stop(run, hello_path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "class.gradstep"
    copy_trace(hello_path, trace)
    assert "There is no demo of class.gradstep" in run("open", trace, "--stop", "1").err
    write_demo(demo_file(trace), [DemoStop(Place(15, None, 0), Level.NODE), DemoStop(Place(16, None, 0), Level.NODE)])
    assert run("open", trace, "--stop", "2").window == [str(trace), "2"]
    printed = run("open", trace, "--stop", "3")
    assert (printed.code, printed.window) == (2, None)
    assert "The demo has 2" in printed.err
    assert "a script has none" in run("open", __file__, "--stop", "1").err
