"""What a window costs that looks at a long run: opening it, dragging over iterations and steps, and single steps.

Three traces: many iterations of a network of 1-1-1, many of a convolutional network, and a few of a chain of 1,000
layers, whose iterations have 12,500 events. A frame is a move of the mouse (or a key) and all that the window does
until it has nothing left to do at once; a turn is the time between two looks at the event loop. Both are of the
window's thread, by the clock and by the processor.

    .venv/bin/python benchmarks/long_runs.py            all of them
    .venv/bin/python benchmarks/long_runs.py hello      one: hello, convolutions, deep
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from long_trace import long_trace  # noqa: E402 beside this file
from PySide6.QtCore import QPoint, QSettings, Qt, QTimer  # noqa: E402 the platform is chosen first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.collecting import Collecting  # noqa: E402
from app.loaded_later import load_later  # noqa: E402
from app.main import application  # noqa: E402
from app.window import MainWindow  # noqa: E402

FRAME_GOAL_MS, TURN_GOAL_MS = 16.7, 50.0
FRAMES = 100
EXAMPLES = ROOT / "resources" / "examples"

DEEP = """
import torch
torch.manual_seed(0)
layers = torch.nn.Sequential(*[one for _ in range(1000) for one in (torch.nn.Linear(2, 2), torch.nn.Tanh())])
optimizer = torch.optim.SGD(layers.parameters(), lr=0.1, foreach=False)
x = torch.ones(1, 2)
for _ in range(3):
    optimizer.zero_grad()
    loss = layers(x).sum()
    loss.backward()
    optimizer.step()
"""


CONVOLUTIONS = """
import argparse, torch
parser = argparse.ArgumentParser()
parser.add_argument("--iterations", type=int)
torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.ReLU(), torch.nn.AvgPool2d(2), torch.nn.Conv2d(6, 16, 5),
    torch.nn.ReLU(), torch.nn.AvgPool2d(2), torch.nn.Flatten(), torch.nn.Linear(400, 120), torch.nn.ReLU(),
    torch.nn.Linear(120, 84), torch.nn.ReLU(), torch.nn.Linear(84, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, foreach=False)
x, y = torch.rand(16, 1, 28, 28), torch.arange(16) % 10
for _ in range(parser.parse_args().iterations):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
"""


class Turns:
    """Counts how long the event loop is away at a time, ms."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.clock.append((now[0] - self._last[0]) * 1000)
        self.processor.append((now[1] - self._last[1]) * 1000)
        self._last = now


def until(condition: Callable[[], bool], at_most_s: float = 120.0) -> None:
    """Lets the window work until something is so."""
    end = time.monotonic() + at_most_s
    while not condition():
        QApplication.processEvents()
        time.sleep(0.001)
        assert time.monotonic() < end, "the window takes too long"


def pause(seconds: float) -> None:
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def is_shown(window: MainWindow) -> bool:
    """Whether the graph stands at the present place."""
    panels, state = window.panels, window.state
    return window.run.is_settled and panels.moment is not None and panels.moment.place == state.place


def is_still(window: MainWindow) -> bool:
    """Whether all panels do."""
    return is_shown(window) and not window.panels.is_late


def row(name: str, clock: list[float], processor: list[float], goal: float, *, only_longest: bool = False) -> None:
    """Median and 95th percentile, or the longest, by both clocks."""
    cells = []
    for title, found in (("clock", clock), ("processor", processor)):
        high = max(found) if only_longest else sorted(found)[max(0, round(0.95 * len(found)) - 1)]
        first = "" if only_longest else f"{statistics.median(found):7.1f} |"
        cells.append(f"{title} {first:>9} {high:7.1f} {'met' if high <= goal else 'NOT'}")
    print(f"  {name:28} {'   '.join(cells)}   goal {goal:.1f} ms", flush=True)


def frames(
    window: MainWindow, move: Callable[[int], None], done: Callable[[MainWindow], bool] = is_shown
) -> tuple[list[float], list[float]]:
    """How long each move takes until it is done and painted, ms on the clock and of the thread's processor time."""
    clock, processor = [], []
    for number in range(FRAMES):
        begun, worked = time.perf_counter(), time.thread_time()
        move(number)
        while not done(window):
            QApplication.processEvents()
        QApplication.sendPostedEvents()
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.thread_time() - worked) * 1000)
        pause(max(0.0, FRAME_GOAL_MS - clock[-1]) / 1000)
    return clock, processor


def drag(window: MainWindow, over: QWidget, y: int, begin: float, end: float) -> tuple[list[float], list[float]]:
    """The mouse, held down, from one place (0 .. 1) across a widget to another."""

    def at(share: float) -> QPoint:
        return QPoint(round(over.width() * share), y)

    left = Qt.MouseButton.LeftButton
    QTest.mousePress(over, left, pos=at(begin))
    until(lambda: is_still(window))

    def move(number: int) -> None:
        QTest.mouseMove(over, at(begin + (end - begin) * (number + 1) / FRAMES))

    found = frames(window, move)
    QTest.mouseRelease(over, left, pos=at(end))
    until(lambda: is_still(window))
    return found


def look(name: str, path: Path) -> None:
    """All figures of one trace."""
    folder = tempfile.TemporaryDirectory()
    window = MainWindow(QSettings(f"{folder.name}/gradstep.ini", QSettings.Format.IniFormat))
    collecting = Collecting(window)
    collecting.watch(window.state)
    window.panels.canvas.set_reduce_motion(True)
    window.resize(1600, 1000)
    window.show()
    pause(0.3)
    print(name, flush=True)
    turns = Turns()
    window.open_path(path)
    until(lambda: window.state.place.iteration >= 0 and is_still(window))
    pause(2.5)
    turns.stop()
    row("opening: the longest turn", turns.clock, turns.processor, TURN_GOAL_MS, only_longest=True)
    trace = window.state.trace
    assert trace is not None
    strip, timeline = window.panels.timeline.strip, window.panels.timeline
    if len(trace.iterations()) > 10:
        row("drag over iterations", *drag(window, strip, strip.height() - 8, 0.1, 0.7), FRAME_GOAL_MS)
        window.run.to_iteration(5)
    else:
        turns = Turns()
        window.run.to_iteration(1)
        until(lambda: is_still(window))
        pause(2.5)
        turns.stop()
        row("another iteration: a turn", turns.clock, turns.processor, TURN_GOAL_MS, only_longest=True)
    until(lambda: is_still(window))
    pause(1.0)
    row("drag over steps", *drag(window, timeline, timeline.height() - 45, 0.1, 0.6), FRAME_GOAL_MS)
    pause(1.0)
    row("one step, graph", *frames(window, lambda _: window.run.step_over()), FRAME_GOAL_MS)
    pause(1.0)
    row("one step back, all panels", *frames(window, lambda _: window.run.step_back(), is_still), 2 * FRAME_GOAL_MS)
    print(f"  memory {memory_mb():.0f} MB", flush=True)
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    folder.cleanup()


def memory_mb() -> float:
    """What this process holds now."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return float(fields["VmRSS"].split()[0]) / 1024


def convolutions(folder: Path) -> Path:
    """Many iterations of a network of two convolutions and three layers."""
    script = folder / "convolutions.py"
    script.write_text(CONVOLUTIONS, encoding="utf-8")
    return long_trace(folder, 20_000, script)


def deep(folder: Path) -> Path:
    """Three iterations of a chain of 1,000 layers."""
    script, path = folder / "deep.py", folder / "deep.gradstep"
    script.write_text(DEEP, encoding="utf-8")
    command = [sys.executable, "-m", "gradstep", "record", str(script), "-o", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    "hello": lambda folder: long_trace(folder, 100_000, EXAMPLES / "hello.py"),
    "convolutions": convolutions,
    "deep": deep,
}


def main() -> None:
    application()
    load_later()
    print("median | 95th percentile, in ms, of the window's thread")
    for name in sys.argv[1:] or MADE:
        with tempfile.TemporaryDirectory() as folder:
            kept = os.environ.get("GRADSTEP_TRACES", "")
            path = Path(kept) / f"{name}.gradstep" if kept else MADE[name](Path(folder))
            look(name, path)


if __name__ == "__main__":
    main()
