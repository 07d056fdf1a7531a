"""Checks the promise that watching changes nothing: runs a script bare and recorded, and compares every bit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from .child import Ending, ending_of
from .following import follow
from .launch import Launch, launch

_SHOWN = 5
_ADDRESS = re.compile(rb" at 0x[0-9a-f]{6,16}\b")
"""Of an object in memory, as Python prints it: another one in each run, bare or not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was compared and what was found. differences: one sentence each, none if the runs were the same.

    tensors: how many tensors, arrays and states of random number generators were compared.
    """

    exit_code: int
    stdout_bytes: int
    tensors: int
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the two runs were bit-identical."""
        return not self.differences

    @property
    def sentence(self) -> str:
        """The finding in one sentence."""
        if self.differences:
            return f"Recording changed the script's run: {' '.join(self.differences)}"
        return (
            f"Bare and recorded runs are bit-identical: exit code {self.exit_code}, {self.stdout_bytes} bytes of "
            f"output, {self.tensors} tensors and states of random number generators."
        )


@dataclass(frozen=True, slots=True)
class _Run:
    ending: Ending
    stdout: bytes
    hashes: dict[str, str]


def verify(what: Launch) -> Verdict:
    """Runs a script bare and recorded; compares exit code, stdout, and tensors and random generators at its end.

    Both runs start in the same way in a fresh process; the bare one without recorder and without watched output. So
    that a script does not differ from itself, both start from one seed (0 if none is given) and one seed of hashes.
    Its stderr goes to ours. Raises what `launch` raises.
    """
    environment = {"PYTHONHASHSEED": "0", **(os.environ if what.environment is None else what.environment)}
    what = replace(what, seed=what.seed or 0, environment=environment)
    with tempfile.TemporaryDirectory(prefix="gradstep-") as folder:
        bare = _run(what, Path(folder), None)
        recorded = _run(what, Path(folder), Path(folder) / "verify.gradstep")
    return compare(bare, recorded)


def compare(bare: _Run, recorded: _Run) -> Verdict:
    """The verdict on two runs."""
    found = []
    if bare.ending.exit_code != recorded.ending.exit_code:
        found.append(f"Exit code {recorded.ending.exit_code} instead of {bare.ending.exit_code}.")
    before, after = (_ADDRESS.sub(b" at 0x", run.stdout) for run in (bare, recorded))
    if before != after:
        found.append(_first_difference(before, after))
    if not bare.hashes and bare.ending.exit_code == recorded.ending.exit_code == 0:
        found.append("The script left nothing to compare: it ended without Python's own end.")
    differing = sorted(
        name
        for name in bare.hashes.keys() | recorded.hashes.keys()
        if bare.hashes.get(name) != recorded.hashes.get(name)
    )
    found += [f"{name} differs." for name in differing[:_SHOWN]]
    if len(differing) > _SHOWN:
        found.append(f"{len(differing) - _SHOWN} more differ.")
    if recorded.ending.recorder_error:
        found.append(f"The recorder failed: {recorded.ending.incomplete.english}.")
    return Verdict(bare.ending.exit_code, len(bare.stdout), len(bare.hashes), tuple(found))


def _run(what: Launch, folder: Path, trace: Path | None) -> _Run:
    output, hashes = folder / "stdout", folder / "hashes.json"
    hashes.unlink(missing_ok=True)
    with output.open("wb") as stdout:
        what = replace(what, stdin=subprocess.DEVNULL, stdout=stdout)
        child = launch(what, trace=trace, live=False, fingerprint=hashes)
        try:
            ended = follow(child, lambda notice: None)
        finally:
            code = child.end()
    found = json.loads(hashes.read_text(encoding="utf-8")) if hashes.is_file() else {}
    return _Run(ending_of(code, ended), output.read_bytes(), found)


def _first_difference(bare: bytes, recorded: bytes) -> str:
    before, after = bare.split(b"\n"), recorded.split(b"\n")
    for number, (wanted, got) in enumerate(zip(before, after, strict=False), 1):
        if wanted != got:
            return f"Line {number} of the output is {_text(got)} instead of {_text(wanted)}."
    return f"The output has {len(after)} lines instead of {len(before)}."


def _text(line: bytes) -> str:
    return repr(line.decode(errors="replace")[:80])
