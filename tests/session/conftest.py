"""Debugged scripts for tests: written to a folder, started, stepped, and ended with the test."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.session.launch import Launch
from engine.session.record import record
from engine.session.session import Ending, Listeners, Session

ROOT = Path(__file__).resolve().parents[2]
HELLO = ROOT / "resources" / "examples" / "hello.py"
WAIT_S = 60.0


class Debugged(Session):
    """A session that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.trace_path = Path()
        note = self.told.append
        super().__init__(
            Listeners(
                moved=lambda place: note(("moved", place)),
                stopped=lambda position, reason: note(("stopped", position, reason)),
                wrote=lambda stream, text, position: note(("wrote", stream, text, position)),
                ended=lambda ending: note(("ended", ending)),
                failed=lambda error: note(("failed", error)),
            )
        )

    def reasons(self) -> list[tuple[int, str]]:
        """Positions and reasons of the child's stops."""
        return [(fact[1], fact[2]) for fact in self.told if fact[0] == "stopped"]

    def printed(self) -> str:
        """What the script wrote to stdout, as it was told."""
        return "".join(fact[2] for fact in self.told if fact[:2] == ("wrote", "stdout"))


@dataclass
class Script:
    """A script in a folder of its own; lines can be found by `# @name` marks."""

    path: Path
    bare: tuple[int, bytes, bytes] | None = field(default=None)

    def line(self, name: str) -> int:
        """The number of the line that ends with `# @name`."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if line.endswith(f"# @{name}"))

    def run_bare(self, *arguments: str) -> tuple[int, bytes, bytes]:
        """(return code, stdout, stderr) of plain Python."""
        done = subprocess.run(
            [sys.executable, self.path.name, *arguments],
            cwd=self.path.parent,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def run_recorded(self, *arguments: str) -> tuple[Ending, bytes, bytes]:
        """How it ended, stdout and stderr when it is recorded into `t.gradstep` beside it."""
        out, err = self.path.with_name("stdout"), self.path.with_name("stderr")
        with out.open("wb") as stdout, err.open("wb") as stderr:
            what = Launch(
                self.path.name,
                arguments,
                folder=self.path.parent,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
            ending = record(what, self.trace)
        return ending, out.read_bytes(), err.read_bytes()

    @property
    def trace(self) -> Path:
        """Where it is recorded."""
        return self.path.with_name("t.gradstep")


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Script]:
    """Writes a script and files beside it; the folder's name has a space."""

    def write(text: str, **others: str) -> Script:
        folder = tmp_path / "a script"
        folder.mkdir(exist_ok=True)
        for name, content in {"script": text, **others}.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
        return Script(folder / "script.py")

    return write


@contextlib.contextmanager
def debugged_script(path: Path, trace: Path, *arguments: str, **options: Any) -> Iterator[Debugged]:
    """A live session on a script, held at its first event unless `stop_at_entry` says otherwise; ended at the end."""
    stop_at_entry, limit_s = options.pop("stop_at_entry", True), options.pop("time_limit_s", None)
    out = trace.with_suffix(".stdout")
    with out.open("wb") as stdout, Debugged() as session:
        options = {"folder": path.parent, "stdout": stdout, "stderr": subprocess.DEVNULL, **options}
        session.trace_path = trace
        what = Launch(path.name, arguments, stdin=subprocess.DEVNULL, **options)
        session.start(what, trace, stop_at_entry, limit_s)
        session.wait(WAIT_S)
        yield session


@pytest.fixture
def debugged(tmp_path: Path) -> Callable[..., contextlib.AbstractContextManager[Debugged]]:
    """`with debugged(script) as session:` owns and ends the child."""

    def start(what: Script | Path, *arguments: str, **options: Any) -> contextlib.AbstractContextManager[Debugged]:
        path = what.path if isinstance(what, Script) else what
        return debugged_script(path, tmp_path / "live.gradstep", *arguments, **options)

    return start


@pytest.fixture(scope="session")
def hello_trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of three iterations of hello.py."""
    trace = tmp_path_factory.mktemp("hello") / "hello.gradstep"
    what = Launch(HELLO, ("--iterations", "3"), stdout=subprocess.DEVNULL)
    assert record(what, trace).exit_code == 0
    return trace
