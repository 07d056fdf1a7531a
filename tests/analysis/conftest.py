"""Records example scripts and small programs in this process, once a session, for the analysis to be asked about."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
import textwrap
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"

OPEN_TRACES = 64

Record = Callable[..., Trace]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """recorded("hello", "--double") is the trace of that example; recorded(source="...") that of a small program.

    The same script with the same arguments is recorded once. The last few traces are open.
    """
    folder = tmp_path_factory.mktemp("recorded")
    paths: dict[tuple[str, ...], Path] = {}
    opened: OrderedDict[tuple[str, ...], Trace] = OrderedDict()

    def record(name: str = "", *argv: str, source: str = "") -> Trace:
        key = (name, source, *argv)
        if key not in paths:
            script = EXAMPLES / f"{name}.py"
            if source:
                script = folder / f"script{len(paths)}.py"
                script.write_text(textwrap.dedent(source), encoding="utf-8")
            paths[key] = _record(script, argv, folder / f"run{len(paths)}.gradstep")
        if key not in opened:
            opened[key] = Trace(paths[key])
        opened.move_to_end(key)
        while len(opened) > OPEN_TRACES:
            opened.popitem(last=False)[1].close()
        return opened[key]

    yield record
    for trace in opened.values():
        trace.close()


def _record(script: Path, argv: tuple[str, ...], path: Path) -> Path:
    threads, dtype, state = torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    writer = TraceWriter(path, {"script": str(script)})
    try:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
            patch.setattr(sys, "argv", [script.name, *argv])
            with Recorder(writer):
                runpy.run_path(str(script), run_name="__main__")
    finally:
        writer.close()
        torch.set_num_threads(threads)
        torch.set_default_dtype(dtype)
        torch.set_rng_state(state)
    assert not writer.failure
    return path


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    """tests/goldens/seeds.json: numbers derived in NumPy without autograd."""
    text = (ROOT / "tests" / "goldens" / "seeds.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
