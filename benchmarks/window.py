"""What the window costs: frames of the graph while panning, zooming and stepping, load, first paint and memory.

A frame is a change and all that it causes until the view is painted; no compositor or vsync is in it. Beside the time
on the clock stands the processor's: on a busy machine only that one says something about the program. Offscreen unless
a display is asked for: QT_QPA_PLATFORM=xcb .venv/bin/python benchmarks/window.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QPointF  # noqa: E402 the platform is chosen first
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.main import application  # noqa: E402
from app.models.scene import Card, CardState, Edge, Pill, Scene  # noqa: E402
from app.views.canvas.view import GraphCanvas  # noqa: E402

WIDTH, HEIGHT = 1600, 1000
FRAMES = 60
FRAME_GOAL_MS, LOAD_GOAL_MS, FIRST_PAINT_GOAL_MS, MEMORY_GOAL_MB = 16.7, 2000.0, 1000.0, 500.0
STEP_GOAL_MS = 16.0


def network(count: int, edges: int, modules: int) -> Scene:
    """A chain of `count` different ops in `modules` modules, with residual edges up to `edges`."""
    per = -(-count // modules)
    cards = tuple(
        Card(f"n{i}", f"op{i % 97}.{i % 89}", f"z{i}", "(32, 8)", cluster=("net", f"m{i // per}"),
             pills=(Pill(f"w@n{i}", f"w{i}", "(8, 8)"),) if i % 5 == 0 else ())
        for i in range(count)
    )  # fmt: skip
    chain = [Edge(f"n{i}", f"n{i + 1}") for i in range(count - 1)]
    step = max(1, count // max(1, edges - len(chain)))
    skips = [Edge(f"n{i}", f"n{i + 4}", 1) for i in range(0, count - 4, step)]
    return Scene(cards, (*chain, *skips)[:edges])


@dataclass(frozen=True, slots=True)
class Took:
    """ms on the clock, and ms of the processor, that of processes which ended meanwhile included."""

    clock: float
    processor: float


class Watch:
    """Measures from its making."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), _processor()

    def took(self) -> Took:
        """The time since then."""
        return Took((time.perf_counter() - self._clock) * 1000, (_processor() - self._processor) * 1000)


def _processor() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def shown(scene: Scene, *, is_open: bool) -> tuple[GraphCanvas, Took]:
    """A canvas with this scene, and the time until it was painted."""
    canvas = GraphCanvas()
    canvas.set_reduce_motion(True)
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    QApplication.processEvents()
    watch = Watch()
    lay_out(canvas, lambda: canvas.set_scene(scene))
    paint(canvas)
    took = watch.took()
    if is_open:
        watch = Watch()
        lay_out(canvas, lambda: canvas.set_open_levels(canvas.levels))
        paint(canvas)
        took = watch.took()
    return canvas, took


def lay_out(canvas: GraphCanvas, change: Callable[[], None]) -> None:
    """Makes a change that needs a layout, and runs the event loop until another process has made it."""
    loop = QEventLoop()
    canvas.layout_shown.connect(loop.quit)
    change()
    if canvas.picture is None:
        loop.exec()
    canvas.layout_shown.disconnect(loop.quit)


def paint(canvas: GraphCanvas) -> None:
    """Lets everything that is due happen, painting last."""
    QApplication.processEvents()
    canvas.viewport().repaint()


def frames(change: Callable[[int], None], count: int = FRAMES) -> list[Took]:
    """The time of each frame; the first two, which make images and fonts, are left out."""
    times: list[Took] = []
    for number in range(count + 2):
        watch = Watch()
        change(number)
        QApplication.processEvents()
        times.append(watch.took())
    return times[2:]


def moves(canvas: GraphCanvas) -> Iterator[tuple[str, list[Took]]]:
    """Panning and zooming far away, in the middle and near."""
    whole = canvas.fit_zoom()
    for name, zoom in (("far", max(whole, 0.05)), ("middle", 0.35), ("near", 1.0)):
        canvas.zoom_to(zoom)
        canvas.centerOn(canvas.world.center())
        paint(canvas)
        yield f"pan, {name}", frames(lambda n: canvas.pan(QPoint(17 if n % 40 < 20 else -17, 11)))
        middle = QPointF(WIDTH / 2, HEIGHT / 2)
        yield f"zoom, {name}", frames(lambda n, z=zoom, m=middle: canvas.zoom_to(z * 1.04 ** (n % 12 - 6), m))


def steps(canvas: GraphCanvas, scene: Scene, zoom: float) -> list[Took]:
    """One card after the other gets its value and the ring."""
    canvas.zoom_to(zoom)
    paint(canvas)
    ids = [card.id for card in scene.cards]

    def step(number: int) -> None:
        card = ids[(number * 7) % len(ids)]
        canvas.set_states({card: CardState(value_text=str(number), status="current")}, {})
        canvas.set_current(card)

    return frames(step)


def row(name: str, times: list[Took], goal: float) -> None:
    """One line: median and 95th percentile of both clocks, the goal, and whether they meet it."""
    cells: list[str] = []
    for title, found in (("clock", [one.clock for one in times]), ("processor", [one.processor for one in times])):
        high = sorted(found)[max(0, round(0.95 * len(found)) - 1)]
        met = "met" if high <= goal else "NOT"
        cells.append(f"{title} {statistics.median(found):7.1f} | {high:7.1f} {met}")
    print(f"  {name:24} {'   '.join(cells)}   goal {goal:.1f} ms")


def first_paint() -> list[Took]:
    """From the start of a process to the painted window, warm: with the bytecode that the first start leaves behind."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from app.main import application\n"
        "app = application()\n"
        "from PySide6.QtCore import QSettings\n"
        "from app.window import MainWindow\n"
        "win = MainWindow(QSettings('/nonexistent/gradstep.ini', QSettings.Format.IniFormat))\n"
        "win.show(); app.processEvents(); win.grab()\n"
        "print(time.process_time(), flush=True); win.close()\n"
    )
    times: list[Took] = []
    command = [sys.executable, "-c", code, str(ROOT)]
    with tempfile.TemporaryDirectory() as kept:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": kept}
        for _ in range(8):
            watch = Watch()
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
                assert process.stdout is not None
                processor = float(process.stdout.readline()) * 1000
                times.append(Took(watch.took().clock, processor))
    return times[1:]


def memory_mb() -> float:
    """What this process holds now."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return float(fields["VmRSS"].split()[0]) / 1024


def main() -> None:
    """Prints all figures."""
    application()
    print("median | 95th percentile, in ms")
    print(f"first paint of the window ({os.environ['QT_QPA_PLATFORM']})")
    row("from the start of Python", first_paint(), FIRST_PAINT_GOAL_MS)
    small = network(300, 380, 6)
    canvas, took = shown(small, is_open=True)
    print(f"300 nodes, {len(small.edges)} edges, all open")
    row("load", [took], LOAD_GOAL_MS)
    row("step, fitted", steps(canvas, small, canvas.fit_zoom()), STEP_GOAL_MS)
    row("step, near", steps(canvas, small, 0.75), STEP_GOAL_MS)
    canvas.close()
    large = network(10_000, 12_000, 100)
    for name, is_open in (("modules closed, as at first", False), ("all open", True)):
        canvas, took = shown(large, is_open=is_open)
        print(f"10,000 nodes, {len(large.edges):,} edges, {name}")
        row("load", [took], LOAD_GOAL_MS)
        for move, times in moves(canvas):
            row(move, times, FRAME_GOAL_MS)
        row("step, far", steps(canvas, large, canvas.fit_zoom()), FRAME_GOAL_MS)
        row("step, middle", steps(canvas, large, 0.35), FRAME_GOAL_MS)
        row("step, near", steps(canvas, large, 1.0), FRAME_GOAL_MS)
        canvas.close()
        canvas.deleteLater()
        QApplication.processEvents()
    held = memory_mb()
    met = "met" if held <= MEMORY_GOAL_MB else "NOT met"
    print(f"memory held at the end: {held:.0f} MB   goal {MEMORY_GOAL_MB:.0f}   {met}")


if __name__ == "__main__":
    main()
