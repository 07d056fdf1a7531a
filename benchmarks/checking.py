"""What checking costs: an iteration's verdicts as ratios to its bare training, and explaining one event, in one run."""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.recording import MODELS, digits, lenet, seconds
from engine.analysis.explain.explainer import explain
from engine.analysis.flow import flow_of
from engine.analysis.verdict.report import check
from engine.events import Kind
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer_process import WriterProcess

ROUNDS = 5
ITERATIONS = 3
CHECK_GOAL_S = 1.0
EXPLAIN_GOAL_MS = 5.0


def recorded(make: Callable[[], Callable[[], None]], path: Path) -> tuple[float, Path]:
    """(seconds of a bare iteration, a trace of a few)."""
    torch.manual_seed(0)
    iteration = make()
    bare = min(seconds(iteration, 10) for _ in range(ROUNDS))
    writer = WriterProcess(path, {})
    with Recorder(writer):
        for _ in range(ITERATIONS):
            iteration()
    writer.close()
    return bare, path


def checking(path: Path, whole: bool) -> tuple[float, int, int]:
    """(median seconds to check one iteration, opened anew each time; events; events that were checked)."""
    taken = []
    events = checked = 0
    for _ in range(ROUNDS):
        gc.collect()
        with Trace(path) as trace:
            begin = time.perf_counter()
            report = check(trace, [1], whole=whole)
            taken.append(time.perf_counter() - begin)
        events = sum(share.events for share in report.shares)
        checked = sum(share.checked for share in report.shares)
    return statistics.median(taken), events, checked


def explaining(path: Path) -> tuple[float, float, str]:
    """(median, largest milliseconds to explain an event once its iteration is open, and the slowest one's name)."""
    with Trace(path) as trace:
        flow = flow_of(trace, 1)
        taken: dict[int, list[float]] = {}
        for _ in range(ROUNDS):
            for event in flow.events:
                begin = time.perf_counter()
                explain(trace, event.position)
                taken.setdefault(event.position, []).append((time.perf_counter() - begin) * 1e3)
        medians = {position: statistics.median(times) for position, times in taken.items()}
        slowest = max(medians, key=medians.__getitem__)
        event = trace.event(slowest)
        name = "" if event is None else f"{event.name} ({Kind(event.kind).value})"
        return statistics.median(medians.values()), medians[slowest], name


def main() -> None:
    """Prints a row a model, then the two goals."""
    torch.set_num_threads(1)
    print(f"{'model [batch]':22}{'events':>8}{'checked':>9}{'events s':>10}{'+ whole s':>11}{'ratio':>9}")
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[object, Path] = {}
        times: dict[object, float] = {}
        for i, (name, (make, *_)) in enumerate(MODELS.items()):
            if "elementwise" in name:
                continue
            bare, path = recorded(make, Path(folder) / f"{i}.gradstep")
            paths[make] = path
            alone, events, checked = checking(path, whole=False)
            both, *_ = checking(path, whole=True)
            times[make] = both
            print(f"{name:22}{events:>8}{checked:>9}{alone:>10.3f}{both:>11.3f}{both / bare:>8.0f}x", flush=True)
        middle, slowest, name = explaining(paths[digits])
        print(
            f"checking a LeNet iteration: {times[lenet] / CHECK_GOAL_S:.2f} of the {CHECK_GOAL_S:g} s that are the goal"
        )
        print(
            f"explaining an event of 784-500-10: median {middle:.2f} ms, slowest {slowest:.2f} ms ({name}), "
            f"{slowest / EXPLAIN_GOAL_MS:.2f} of the {EXPLAIN_GOAL_MS:g} ms that are the goal"
        )


if __name__ == "__main__":
    main()
