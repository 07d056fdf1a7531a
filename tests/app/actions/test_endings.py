"""What is said about the end of a script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.actions.endings import notice_of_ending, notice_of_recorded_end
from app.notices import Notice
from engine.bilingual import NOTHING
from engine.session.child import Ending
from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

WANTS_ARGUMENTS = """
import argparse
import torch

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", required=True)
parser.parse_args()
"""
GIVES_UP = """
import sys
import torch

torch.ones(2)
print("not this", flush=True)
sys.exit("The data set is missing.")
"""


def _recorded(tmp_path: Path, script: str) -> tuple[Ending, Trace]:
    file, trace = tmp_path / "script.py", tmp_path / "script.gradstep"
    file.write_text(script)
    return record(Launch(file), trace), Trace(trace)


def _noticed(tmp_path: Path, script: str) -> Notice:
    ending, trace = _recorded(tmp_path, script)
    with trace:
        notice = notice_of_ending(ending, trace)
    assert notice is not None
    return notice


def test_a_script_without_its_arguments_is_told_where_to_give_them(tmp_path: Path) -> None:
    notice = _noticed(tmp_path, WANTS_ARGUMENTS)
    assert "the following arguments are required: --epochs" in notice.why.english
    assert "Run options" in notice.way_out.english
    assert notice.detail.startswith("usage:")


def test_what_a_script_says_when_it_gives_up_is_in_the_bar(tmp_path: Path) -> None:
    notice = _noticed(tmp_path, GIVES_UP)
    assert "exit code 1" in notice.what.english
    assert notice.why.english.endswith("It wrote last: The data set is missing.")
    assert "not this" not in notice.detail


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ("SIGSEGV", "Compiled code"),
        ("SIGABRT", "Compiled code"),
        ("SIGKILL", "memory"),
        ("SIGTERM", "from outside"),
    ],
)
def test_what_a_signal_means_is_said(signal: str, said: str) -> None:
    notice = notice_of_ending(Ending(-1, "failed", signal, "", NOTHING), None)
    assert notice is not None
    assert signal in notice.what.english
    assert said in notice.why.english
    assert notice.way_out


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_trace_of_a_crash_says_so_when_it_is_opened(tmp_path: Path) -> None:
    ending, trace = _recorded(tmp_path, "import ctypes, torch\ntorch.ones(2)\nctypes.string_at(0)\n")
    with trace:
        notice = notice_of_recorded_end(trace)
        assert notice == notice_of_ending(ending, trace)
        assert notice is not None
        assert "script.py:3" in notice.way_out.english
        assert "Segmentation fault" in notice.detail
    (tmp_path / "fine").mkdir()
    _, fine = _recorded(tmp_path / "fine", "import torch\ntorch.ones(2)\n")
    with fine:
        assert notice_of_recorded_end(fine) is None
