"""`gradstep record`, `verify` and `devices`: what is printed, written and returned around a script's own run."""

import io
import json
from pathlib import Path

import pytest

from engine.bilingual import NOTHING, same
from engine.cli import devices, progress, record, verify
from engine.cli.iteration_option import iteration_range
from engine.cli.progress import ProgressLine
from engine.cli.script_options import environment_with, seconds
from engine.cli.sizes import size_bytes, size_text
from engine.errors import GradstepError
from engine.limits import DEFAULT_BUDGET_BYTES, GIB, KIB
from engine.session.child import Ending
from engine.session.devices import Device
from engine.session.launch import Launch
from engine.session.verify import Verdict

SCRIPT = """import sys
import torch

print("arguments", sys.argv[1:])
x = torch.ones(3).add(1)
if "fail" in sys.argv:
    raise ValueError("mine")
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in the current folder that fails when told so."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_a_script_is_recorded_with_its_arguments(run, script: Path) -> None:
    printed = run("record", "small.py", "--seed", "1", "--", "--epochs", "3")
    assert (printed.code, printed.out) == (0, "arguments ['--epochs', '3']\n")
    assert "wrote small.gradstep: 2 events" in printed.err
    assert script.with_suffix(".gradstep").is_file()
    exported = json.loads(run("export", "small.gradstep", "--to", "json").out)
    assert [event["op"] for event in exported["events"]] == ["ones", "add"]
    assert exported["output"][0]["text"] == "arguments ['--epochs', '3']\n"
    assert exported["meta"]["seed"] == 1


def test_a_failing_script_keeps_its_exit_code_and_its_trace(run, script: Path) -> None:
    printed = run("record", "small.py", "-o", "failed.gradstep", "--", "fail")
    assert printed.code == 1
    assert f'{script}", line 7, in <module>\n    raise ValueError("mine")\nValueError: mine\n' in printed.err
    assert "engine" not in printed.err
    assert "The trace up to there is in failed.gradstep." in printed.err
    assert "gradstep why failed.gradstep" in printed.err
    assert run("why", "failed.gradstep").lines[:2] == ["small.py line 7 · ValueError", '  raise ValueError("mine")']
    shown = run("show", "failed.gradstep")
    assert shown.code == 0
    assert "failed with exit code 1" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope.py"], "The script nope.py does not exist."),
        (["small.py", "--epochs", "3"], "gradstep record SCRIPT -- --epochs 3"),
        (["small.py", "--iterations", "5:2"], "is not a range of iterations"),
        (["small.py", "--budget", "much"], "is not a size"),
        (["small.py", "-o", "small.py"], "looks like a script"),
        (["small.py", "--python", "no-such-python"], "cannot be started"),
    ],
)
def test_what_cannot_be_recorded_is_refused(run, script: Path, arguments: list[str], said: str) -> None:
    printed = run("record", *arguments)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err
    assert script.read_text(encoding="utf-8") == SCRIPT


def test_a_full_disk_is_said_and_has_an_exit_code_of_its_own(
    run, script: Path, hello_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "The trace could not be written any further: OperationalError: database or disk is full"
    monkeypatch.setattr(record, "record", lambda *_: Ending(0, "finished", "", "", same(problem)))
    printed = run("record", "small.py", "-o", hello_path)
    assert printed.code == record.INCOMPLETE
    assert "is incomplete" in printed.err
    assert "disk is full" in printed.err
    assert "look at it" not in printed.err


def test_a_killed_script_is_told_by_its_signal(run, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "record", lambda *_: Ending(137, "killed", "SIGKILL", "", NOTHING))
    printed = run("record", "small.py")
    assert printed.code == 137
    assert "killed by SIGKILL. The trace up to there is in small.gradstep." in printed.err


@pytest.mark.parametrize(("differences", "code"), [((), 0), (("net.weight differs.",), 1)])
def test_verify_says_what_it_found(
    run, script: Path, monkeypatch: pytest.MonkeyPatch, differences: tuple[str, ...], code: int
) -> None:
    asked = []

    def compare(what: Launch) -> Verdict:
        asked.append(what)
        return Verdict(exit_code=0, stdout_bytes=12, tensors=3, differences=differences)

    monkeypatch.setattr(verify, "verify", compare)
    printed = run("verify", "small.py", "--", "--epochs", "3")
    assert printed.code == code
    assert asked == [Launch("small.py", ("--epochs", "3"))]
    assert ("net.weight differs." in printed.out) == bool(differences)
    assert ("try again with --seed 0" in printed.out) == bool(differences)


def test_devices_are_listed_by_torchs_name(run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H200")]
    monkeypatch.setattr(devices, "devices", lambda python: found)
    assert run("devices").lines == ["cpu     CPU", "cuda:0  NVIDIA H200"]


def test_folder_environment_and_time_limit(run, script: Path) -> None:
    script.write_text("import os, time, torch\nprint(os.getcwd(), os.environ['WHAT'], 'GONE' in os.environ)\n"
                      "torch.ones(1)\nprint('on', flush=True)\ntime.sleep(600)\n", encoding="utf-8")  # fmt: skip
    inside = script.parent / "inside"
    inside.mkdir()
    printed = run("record", "small.py", "--cwd", "inside", "--env", "WHAT=a=b", "--env", "GONE=", "--time-limit", "5s")
    assert (printed.code, printed.out) == (124, f"{inside} a=b False\non\n")
    assert "ended at its time limit of 5 s. The trace up to there is in small.gradstep." in printed.err
    assert "gradstep why" not in printed.err
    assert "ended from outside" in run("show", "small.gradstep", "--iteration", "1").out


def test_ctrl_c_is_no_failure(run, script: Path) -> None:
    script.write_text("import torch\ntorch.ones(1)\nraise KeyboardInterrupt\n", encoding="utf-8")
    printed = run("record", "small.py")
    assert printed.code == 130
    assert printed.err.rstrip().endswith(
        "KeyboardInterrupt\nThe script was stopped with Ctrl-C. The trace up to there is in small.gradstep."
    )


def test_lengths_of_time() -> None:
    wanted = {"60": 60, "60s": 60, "1.5m": 90, "2 min": 120, "1h": 3600, None: None}
    assert {text: seconds(text) for text in wanted} == wanted
    for text in ("", "0s", "-1s", "soon", "1d", "1e3", "inf"):
        with pytest.raises(GradstepError, match="is not a length of time"):
            seconds(text)


def test_changes_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLD", "1")
    assert environment_with(["OLD=", "NEW=x=y", "NONE="]).items() >= {"NEW": "x=y"}.items()
    assert not {"OLD", "NONE"} & environment_with(["OLD=", "NONE="]).keys()
    for change in ("WORD", "=x", ""):
        with pytest.raises(GradstepError, match="sets no environment variable"):
            environment_with([change])


def test_ranges_of_iterations() -> None:
    assert iteration_range(None) is None
    assert iteration_range("2:5") == (1, 5)
    assert iteration_range("2:") == (1, None)
    assert iteration_range(":5") == (0, 5)
    assert iteration_range("5:5") == (4, 5)
    assert iteration_range("7") == (6, 7)
    for text in ("", "a", "5:4", "0:3", "-1:3"):
        with pytest.raises(GradstepError, match="not a range"):
            iteration_range(text)


def test_sizes() -> None:
    assert size_bytes("1GiB") == GIB
    assert size_bytes("1.5 kb") == 1500
    assert size_bytes(12) == 12
    assert size_bytes(None) == DEFAULT_BUDGET_BYTES
    assert size_text(1536 * KIB) == "1.5 MiB"
    assert size_text(12) == "12 bytes"


class Screen(io.StringIO):
    """A terminal that remembers what was written to it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE_S", 0.0)
    screen = Screen()
    line = ProgressLine(screen, last_iteration=10)
    line.update(4, 1234, 5 * KIB)
    assert "40% iteration 5 of 10 · 1,234 events · 5.0 KiB" in screen.getvalue()
    line.clear()
    assert screen.getvalue().endswith("\r\033[K")


def test_progress_is_silent_for_short_recordings_when_piped_and_when_told() -> None:
    streams = (Screen(), io.StringIO(), Screen())
    for stream, quiet in zip(streams, (False, False, True), strict=True):
        ProgressLine(stream, quiet=quiet).update(1, 2, 3)
    assert [stream.getvalue() for stream in streams] == ["", "", ""]
