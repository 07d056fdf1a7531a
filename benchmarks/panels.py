"""What the panels cost: filling and painting each with much to show, beside what is allowed for it.

Each row is a median, so one slow moment of the machine does not count. Offscreen unless a display is asked for:
QT_QPA_PLATFORM=xcb .venv/bin/python benchmarks/panels.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402 the platform is chosen first

from app.main import application  # noqa: E402
from app.models.call_tree import CallTreeModel  # noqa: E402
from app.models.tensor_shown import TensorShown  # noqa: E402
from app.models.timeline_steps import TimelineStep  # noqa: E402
from app.plots.loss_curve import LossCurve  # noqa: E402
from app.theme import THEMES  # noqa: E402
from app.views.console import Console  # noqa: E402
from app.views.equation.view import EquationView  # noqa: E402
from app.views.source import SourceView  # noqa: E402
from app.views.tensor import TensorView  # noqa: E402
from app.views.timeline import Timeline  # noqa: E402
from engine.analysis.notation.expression import EquationLine, Matrix, Number, Power  # noqa: E402
from engine.events import Output  # noqa: E402
from engine.trace.batch import Batch  # noqa: E402
from engine.trace.reader import Trace  # noqa: E402
from engine.trace.writer import TraceWriter  # noqa: E402

THEME = THEMES["dark"]
TURNS = 9


def median_ms(turn: Callable[[int], None]) -> float:
    """The median time of some turns; the first, which fills caches, does not count."""
    turn(0)
    taken = []
    for number in range(1, TURNS + 1):
        begun = time.perf_counter()
        turn(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def loss_curve() -> Callable[[int], None]:
    view = LossCurve(THEME)
    view.resize(400, 300)
    view.show()
    view.set_points(np.arange(1000), np.exp(-np.arange(1000) / 500))

    def turn(number: int) -> None:
        view.set_current(number)
        view.grab()

    return turn


def equation() -> Callable[[int], None]:
    view = EquationView(THEME)
    view.resize(900, 300)
    numbers = Matrix(tuple(tuple(Number(i * 10 + j + 0.125) for j in range(10)) for i in range(3)))

    def turn(number: int) -> None:
        view.set_equations([EquationLine(Power(numbers, Number(number)))])
        view.grab()

    return turn


def timeline() -> Callable[[int], None]:
    view = Timeline(THEME)
    view.resize(900, 90)
    view.set_steps([TimelineStep(f"s{i}", phase) for phase in ("forward", "backward", "update") for i in range(3334)])

    def turn(number: int) -> None:
        view.set_revealed(5000 + number)
        view.grab()

    return turn


def tensor_table() -> Callable[[int], None]:
    view = TensorView(THEME)
    view.resize(420, 500)
    array = np.random.default_rng(0).normal(size=(500, 784)).astype(np.float32)

    def turn(number: int) -> None:
        view.set_tensor(TensorShown("w", "", array + number, "float32", "cpu", "value", None))
        view.grab()

    return turn


def source() -> Callable[[int], None]:
    view = SourceView(THEME)
    view.resize(500, 600)

    def turn(number: int) -> None:
        text = "".join(f"def f{i}(x):\n    return x * {i + number}  # times\n" for i in range(1000))
        view.set_source(Path(f"long{number}.py"), text)
        view.grab()

    return turn


def console() -> Callable[[int], None]:
    view = Console(THEME)
    view.append([Output(i, i, "stdout", f"iteration {i}\n") for i in range(10_000)])
    return lambda number: view.set_position(5000 + number)


def call_tree() -> Callable[[int], None]:
    folder = tempfile.TemporaryDirectory()
    path, count = Path(folder.name) / "huge.gradstep", 100_000
    writer = TraceWriter(path, {"script": "huge.py"})
    writer.put(Batch(events=[(i, "op", f"sin{i}", "torch.sin", 0, "forward", None, None, [], [], None, None, None, i,
                              1000, 0, "") for i in range(count)], iterations=[(0, 0, count)]))  # fmt: skip
    writer.close()

    def turn(number: int) -> None:
        with Trace(path) as trace:
            model = CallTreeModel()
            model.set_trace(trace)
            model.index_at(count - 2 - number)
            model.set_trace(None)
        assert folder.name

    return turn


ROWS: tuple[tuple[str, Callable[[], Callable[[int], None]], float], ...] = (
    ("loss curve, 1,000 points, one more", loss_curve, 33.0),
    ("equation with 30 numbers, laid out and painted", equation, 5.0),
    ("timeline of 10,000 steps, one more", timeline, 16.7),
    ("tensor table of 500x784, another tensor", tensor_table, 30.0),
    ("source of 2,000 lines, another file", source, 250.0),
    ("console of 10,000 lines, another place", console, 5.0),
    ("call tree of 100,000 events, opened at its end", call_tree, 500.0),
)


def main() -> None:
    application()
    print(f"{'panel':<52}{'median ms':>10}{'goal ms':>10}{'share':>8}")
    for name, made, goal in ROWS:
        took = median_ms(made())
        print(f"{name:<52}{took:>10.2f}{goal:>10.1f}{took / goal:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
