"""The writing process, run by its path: takes frames from standard input and writes the trace."""

import contextlib
import gc
import importlib
import importlib.util
import os
import sys
from typing import Any

_NAME = "_gradstep_writer"


def _package() -> None:
    """Loads the engine under a private name, by its folder, with nothing of ours on `sys.path`."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"Gradstep is not installed whole: there is no {folder}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = module
    spec.loader.exec_module(module)


def _detach() -> None:
    """Leaves the script's process family, so that its `wait()` and its process group never meet this process."""
    if hasattr(os, "fork"):
        if os.fork():
            os._exit(0)
        os.setsid()


def main() -> None:
    """argv: the folder that numpy was imported from, the trace, its budget in bytes, the arena's descriptor if any."""
    _detach()
    libraries, trace, budget, *shared = sys.argv[1:]
    sys.path[0] = libraries
    _package()
    frames: Any = importlib.import_module(f"{_NAME}.trace.frames")
    writer_module: Any = importlib.import_module(f"{_NAME}.trace.writer")
    pathlib: Any = importlib.import_module("pathlib")
    arena: Any = None
    if shared:
        arena = importlib.import_module(f"{_NAME}.trace.arena").Arena(int(shared[0]))
    # Rows come and go by the hundred thousand and are never part of a circle.
    gc.disable()
    pipe, answers = sys.stdin.buffer, sys.stdout.fileno()
    writer = writer_module.TraceWriter(pathlib.Path(trace), None, int(budget), arena)
    while True:
        kind, batch = frames.read_frame(pipe, arena)
        if kind == frames.BATCH:
            writer.put(batch)
            continue
        if kind == frames.FLUSH:
            writer.flush()
        else:
            writer.close()
        text = writer.failure.encode()
        with contextlib.suppress(OSError):
            os.write(answers, frames.HEADER.pack(frames.FAILED if text else frames.DONE, len(text)) + text)
        if kind == frames.CLOSE:
            return


main()
