"""A recorded script finds the world as plain Python makes it: same stdout, stderr and exit code, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

Ran = tuple[int, bytes, bytes]

WORLD = """
    import atexit, engine, app, inspect, multiprocessing, os, pickle, sys, threading, time
    import torch

    class Thing:
        pass

    def square(n):
        return n * n

    def late():
        time.sleep(0.2)
        print("thread")

    if __name__ == "__main__":
        print({name: value for name, value in globals().items() if name.startswith("__") and name != "__loader__"})
        print(sys.argv, sys.path[0], __file__, sys.orig_argv[1:], __loader__.name, __loader__.path)
        print([name for name in os.environ if "GRADSTEP" in name], sys.flags, sys._xoptions)
        print([entry for entry in sys.path if "gradstep" in entry or entry.endswith("child")], len(sys.path))
        print(engine.WHOSE, app.WHOSE, "engine.session" in sys.modules)
        print(type(pickle.loads(pickle.dumps(Thing()))), inspect.getsource(square))
        print(torch.ones(2).mul_(3), torch.get_default_device())
        for stream in (sys.stdout, sys.stderr):
            print(stream.encoding, stream.errors, stream.line_buffering, stream.isatty(), stream.name, stream.mode)
        print(sys.stdout.fileno(), sys.stderr.fileno(), sys.__stdout__ is sys.stdout)
        sys.stdout.flush()
        sys.stdout.buffer.write(b"bytes\\xff\\n")
        print("caf\\u00e9", end="")
        print("to stderr", file=sys.stderr)
        print("read:", sys.stdin.read())
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.map(square, [1, 2, 3]))
        pid = os.fork()
        if pid == 0:
            print("forked", torch.ones(1) + 1)
            sys.exit(4)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        threading.Thread(target=late).start()
        atexit.register(lambda: print("atexit", "__file__" in globals()))
        sys.exit(3)
    """


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a space in its name, and an engine.py and an app.py that are not ours."""
    made = tmp_path / "a folder"
    made.mkdir()
    (made / "engine.py").write_text("WHOSE = 'the script has an engine'\n")
    (made / "app.py").write_text("WHOSE = 'and an app'\n")
    return made


def run(folder: Path, text: str, *arguments: str, recorded: bool, name: str = "sub/../script.py") -> Ran:
    """Runs a script bare or recorded, from its folder, by a path that is relative and not tidy."""
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "script.py").write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    (folder.parent / "in").write_text("one line")
    with (
        (folder.parent / "in").open("rb") as stdin,
        (folder.parent / "out").open("wb") as stdout,
        (folder.parent / "err").open("wb") as stderr,
    ):
        if recorded:
            what = Launch(
                name, arguments, folder=folder, environment=environment, stdin=stdin, stdout=stdout, stderr=stderr
            )
            code = record(what, folder.parent / "t.gradstep").exit_code
        else:
            command = [sys.executable, name, *arguments]
            code = subprocess.run(
                command, cwd=folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr, check=False
            ).returncode
    return code % 256, (folder.parent / "out").read_bytes(), (folder.parent / "err").read_bytes()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_the_script_sees_what_it_would_see_bare(folder: Path) -> None:
    bare = run(folder, WORLD, "--flag", "two words", recorded=False)
    recorded = run(folder, WORLD, "--flag", "two words", recorded=True)
    assert recorded[1].decode(errors="replace").splitlines() == bare[1].decode(errors="replace").splitlines()
    assert recorded == bare
    assert bare[0] == 3
    with Trace(folder.parent / "t.gradstep") as trace:
        meta = trace.meta()
        assert (meta["status"], meta["exit_code"]) == ("failed", 3)
        assert meta["argv"] == ["sub/../script.py", "--flag", "two words"]
        assert [row.text for row in trace.output() if row.stream == "stderr"] == ["to stderr\n"]
        assert "thread\natexit True\n" in "".join(row.text for row in trace.output())
        # The first torch call is in the set-up; what the forked copy computed is not in our trace.
        assert [event.name for event in trace.events()] == ["ones", "mul_"]


FAILURES = {
    "a chain": 'try:\n    {}["a"]\nexcept KeyError as e:\n    raise RuntimeError("b") from e',
    "bad syntax": 'print("never")\nx = (1,\ny = 2',
    "an exit in a finally": "try:\n    1 / 0\nfinally:\n    raise SystemExit(5)",
    "a hook of its own": "import sys\nsys.excepthook = lambda *a: print('hooked', a[0], a[2].tb_lineno)\n1 / 0",
    "torch refuses": "import torch\nnet = torch.nn.Sequential(torch.nn.Linear(2, 2))\nnet(torch.ones(3))",
    "an interrupt": "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)",
    "an abrupt exit": "import os, torch\ntorch.ones(2) + 1\nprint('lost')\nos._exit(7)",
    "a crash": "import os, torch\nprint('seen', flush=True)\nos.abort()",
}


@pytest.mark.parametrize("how", FAILURES)
def test_it_ends_as_it_would_end_bare(how: str, folder: Path) -> None:
    bare, recorded = run(folder, FAILURES[how], recorded=False), run(folder, FAILURES[how], recorded=True)
    # A process that ended by a signal shows as 128 + its number in a shell, and as its negative in subprocess.
    assert (recorded[0] - 128 == 256 - bare[0]) if how in ("an interrupt", "a crash") else recorded[0] == bare[0]
    assert recorded[2].decode() == bare[2].decode()
    assert recorded[1] == bare[1]


@pytest.mark.parametrize(
    ("text", "status", "signal"),
    [("import os\nos._exit(7)", "failed", None), ("import os\nos.abort()", "failed", "SIGABRT")],
)
def test_an_end_without_python_is_in_the_trace_too(text: str, status: str, signal: str | None, folder: Path) -> None:
    run(folder, "import torch\nx = torch.ones(2) + 1\n" + text, recorded=True)
    with Trace(folder.parent / "t.gradstep") as trace:
        meta = trace.meta()
        assert meta["status"] == status
        assert meta.get("signal") == signal
        if signal is None:
            assert [event.name for event in trace.events()] == ["ones", "add"]


def test_device_and_seed_are_set_only_when_asked(folder: Path) -> None:
    (folder / "script.py").write_text(
        "import random, numpy, torch\n"
        "print(torch.get_default_device(), torch.initial_seed(), torch.rand(1), random.random(), numpy.random.rand())\n"
    )
    outputs: list[bytes] = []
    launches: list[Callable[[], Launch]] = [
        lambda: Launch("script.py", folder=folder, seed=3),
        lambda: Launch("script.py", folder=folder, seed=3),
        lambda: Launch("script.py", folder=folder, device="cpu"),
    ]
    for make in launches:
        out = folder / "out"
        with out.open("wb") as stdout:
            what = make()
            what = Launch(what.script, folder=what.folder, seed=what.seed, device=what.device, stdout=stdout)
            assert record(what, folder / "t.gradstep").exit_code == 0
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1] != outputs[2]
    assert outputs[0].startswith(b"cpu 3 ")
    with Trace(folder / "t.gradstep") as trace:
        assert (trace.meta()["device"], trace.meta()["seed"]) == ("cpu", None)
