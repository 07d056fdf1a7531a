"""What `verify` takes for a difference between two runs, without running anything."""

from __future__ import annotations

import pytest

from engine.bilingual import NOTHING
from engine.session.child import Ending
from engine.session.verify import _Run, compare


def run(stdout: bytes, code: int = 0, **hashes: str) -> _Run:
    """A run that ended so."""
    return _Run(Ending(code, "finished", "", "", NOTHING), stdout, {"x": "1", **hashes})


def test_where_an_object_lies_in_memory_is_no_difference() -> None:
    """`print(loss.grad_fn)` shows another address in each run, watched or not."""
    bare = run(b"<AddBackward0 object at 0x7f66ff2aa4a0>\ndone\n")
    assert compare(bare, run(b"<AddBackward0 object at 0x5581c0de1230>\ndone\n")).same


@pytest.mark.parametrize(
    ("stdout", "sentence"),
    [
        (b"<MulBackward0 object at 0x7f66ff2aa4a0>\n", "Line 1 of the output is"),
        (b"<AddBackward0 object at 0x7f66ff2aa4a0>\nmore\n", "Line 2 of the output is 'more' instead of ''."),
        (b"<AddBackward0 object at 0x7f>\n", "Line 1 of the output is"),
    ],
)
def test_all_else_in_the_output_is_one(stdout: bytes, sentence: str) -> None:
    verdict = compare(run(b"<AddBackward0 object at 0x7f66ff2aa4a0>\n"), run(stdout))
    assert not verdict.same
    assert sentence in verdict.differences[0]


def test_exit_codes_and_tensors_are_compared() -> None:
    verdict = compare(run(b"", y="2"), run(b"", code=1, y="3"))
    assert verdict.differences == ("Exit code 1 instead of 0.", "y differs.")
