"""`gradstep why`: why a recorded run failed, where, and what usually fixes it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..analysis.failures.failure import Failure
from ..analysis.failures.finding import failure
from ..trace.reader import Trace
from .failure_text import failure_json, failure_text
from .language_option import add_language, speaks_chinese
from .terminal import Terminal

EPILOG = """examples:
  gradstep record train.py; gradstep why train.gradstep
  gradstep why train.gradstep --language zh
  gradstep why train.gradstep --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep why`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="the trace of a script that failed")
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="everything that is known, in both languages, as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints the explanation; returns 0."""
    terminal = Terminal(sys.stdout)
    with Trace(options.trace) as trace:
        found = failure(trace)
        if options.json:
            print(json.dumps(None if found is None else failure_json(found), indent=2, ensure_ascii=False))
        elif found is None:
            print(_why_not(trace, speaks_chinese(options)))
        else:
            _print(found, terminal, speaks_chinese(options))
    return 0


def _print(found: Failure, terminal: Terminal, chinese: bool) -> None:
    for line in failure_text(found, terminal, chinese):
        print(terminal.plain(line).rstrip())


def _why_not(trace: Trace, chinese: bool) -> str:
    """What is said of a run that no exception ended."""
    meta = trace.meta()
    code, name = meta.get("exit_code"), trace.path.name
    if meta.get("status") == "finished":
        return (
            f"{name}：脚本没有出错，正常结束。" if chinese else f"{name}: the script did not fail; it ran to its end."
        )
    if code in (None, 0):
        return f"{name}：没有记录到异常。" if chinese else f"{name}: no exception is recorded."
    if chinese:
        return f"{name}：脚本以退出码 {code} 结束，没有未捕获的异常。"
    return f"{name}: the script ended with exit code {code}, and no exception that it did not handle itself."
