"""Exit codes and states as bare Python has them, checked against Python itself."""

import subprocess
import sys

import pytest

from engine.child.outcome import Outcome, outcome_of, outcome_of_code


@pytest.mark.parametrize("code", [None, 0, 3, 255, 256, -1, True, False, "text", "", 2.5, (1, 2)])
def test_exit_codes_are_those_of_python(code: object) -> None:
    bare = subprocess.run([sys.executable, "-S", "-c", f"raise SystemExit({code!r})"], capture_output=True, check=False)
    assert outcome_of_code(code).exit_code == bare.returncode


def test_what_ends_a_script_makes_its_status() -> None:
    assert outcome_of(None) == Outcome(0, "finished")
    assert outcome_of(SystemExit(0)) == Outcome(0, "finished")
    assert outcome_of(SystemExit(4)) == Outcome(4, "failed")
    failed = outcome_of(ValueError("no"))
    assert (failed.exit_code, failed.status, failed.exception) == (1, "failed", "ValueError: no\n")
    assert (outcome_of(KeyboardInterrupt()).exit_code, outcome_of(KeyboardInterrupt()).status) == (130, "interrupted")
