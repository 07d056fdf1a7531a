"""What the numbers cost on screen: equations laid out and painted, and the table of a 500x784 tensor refreshed.

.venv/bin/python benchmarks/equations.py          medians in ms, beside a frame of 16.7 ms
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from app.main import application
from app.models.tensor_shown import TensorShown
from app.theme import THEMES
from app.views.equation import EquationView
from app.views.tensor import TensorView
from engine.analysis.notation.expression import Add, Equals, EquationLine, Matrix, Number, Product, Transpose, layered
from engine.values import statistics as statistics_of

FRAME_MS, TURNS = 1000 / 60, 40


def main() -> None:
    """Prints a line for each panel."""
    app = application()
    random = np.random.default_rng(0)
    equation = EquationView(THEMES["dark"])
    equation.resize(900, 300)
    equation.show()
    _report("equation of 30 numbers", lambda: equation.set_equations([_sum(random)]), app)
    _report("product of 6x6 matrices", lambda: equation.set_equations([_product(random)]), app)
    tensor = TensorView(THEMES["dark"])
    tensor.resize(700, 600)
    tensor.show()
    shown = [_shown(random) for _ in range(TURNS)]
    for tab, name in enumerate(("table", "heatmap", "pictures")):
        tensor.tabs.setCurrentIndex(tab)
        turns = iter(shown)
        _report(f"500x784 as {name}", lambda turns=turns: tensor.set_tensor(next(turns)), app)


def _report(name: str, change: Callable[[], None], app: QApplication) -> None:
    """The processor's median time from a change to its being painted: a busy machine does not count."""
    spent = []
    for _ in range(TURNS):
        begin = time.process_time()
        change()
        app.processEvents()
        spent.append(1000 * (time.process_time() - begin))
    median = statistics.median(spent)
    print(f"{name}: {median:.1f} ms, {median / FRAME_MS:.2f} of a frame")


def _sum(random: np.random.Generator) -> EquationLine:
    numbers = [Product((Number(float(a), 7), Number(float(b), 7))) for a, b in random.normal(size=(15, 2))]
    return EquationLine(Equals((layered("z", 1), Add(tuple(numbers)))))


def _product(random: np.random.Generator) -> EquationLine:
    left, right = (
        Matrix(tuple(tuple(Number(float(x), 4) for x in row) for row in random.normal(size=(6, 6)))) for _ in range(2)
    )
    return EquationLine(Equals((layered("z", 1), Product((left, Transpose(right)), ""))))


def _shown(random: np.random.Generator) -> TensorShown:
    array = random.normal(size=(500, 784)).astype(np.float32)
    return TensorShown("w", "w⁽¹⁾", array, "float32", "cpu", "parameter", statistics_of(array))


if __name__ == "__main__":
    main()
