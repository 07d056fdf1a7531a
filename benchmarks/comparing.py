"""What it costs to compare two traces: the time beside that of reading both, and an event's share.

.venv/bin/python benchmarks/comparing.py          100,000 events, the same run and another seed
"""

from __future__ import annotations

import runpy
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gradstep
from engine.analysis.compare.report import compare
from engine.trace.reader import Trace

SCRIPT = """import torch
torch.manual_seed({seed})
w, x = torch.ones(4, requires_grad=True), torch.randn(4)
for i in range(50):
    y = x
    for _ in range(1000):
        y = y * 1.0001 + 0.001
    (y * w).sum().backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
"""


def main() -> None:
    """Prints a line for each pair of traces."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [_record(Path(folder) / f"{i}.gradstep", seed) for i, seed in enumerate((1, 1, 2))]
        for what, path in (("the same run", paths[1]), ("another seed", paths[2])):
            reading_s = _read(paths[0]) + _read(path)
            begin = time.perf_counter()
            with Trace(paths[0]) as first, Trace(path) as second:
                found = compare(first, second)
            spent_s = time.perf_counter() - begin
            each_us = 1e6 * spent_s / found.matched
            print(
                f"{what}: {found.matched:,} events, {spent_s / reading_s:.1f} times reading, {each_us:.0f} µs an event"
            )


def _record(path: Path, seed: int) -> Path:
    script = path.with_suffix(".py")
    script.write_text(SCRIPT.format(seed=seed), encoding="utf-8")
    with gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    return path


def _read(path: Path) -> float:
    """Seconds that it takes to read all events and arrays."""
    begin = time.perf_counter()
    with Trace(path) as trace:
        for row in trace.iterations():
            for event in trace.events(row.number):
                for slot in event.outputs:
                    if slot.value is not None:
                        trace.array(slot.value)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
