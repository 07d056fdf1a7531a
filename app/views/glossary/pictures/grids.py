"""Drawings of tables and images: matrix products, broadcasting, kernels, pooling, norms, dropout, embedding."""

from __future__ import annotations

import numpy as np

from app.views.glossary.pictures.sketch import Sketch, picture

_NOTHING_LIT: frozenset[tuple[int, int]] = frozenset()
_IMAGE = ((1, 0, 2, 1), (0, 3, 1, 0), (2, 1, 0, 4), (1, 0, 1, 2))
_KERNEL = ((1, 0), (0, -1))


@picture("matmul")
def matmul(sketch: Sketch, _: str) -> None:
    """A row of the input with a row of the weights (a column of wᵀ) gives one number."""
    row, column = ("1", "2", "3"), ("2", "0", "1")
    sketch.cells(30, 64, 32, [row, ("", "", "")], lit=frozenset((0, j) for j in range(3)))
    sketch.text(142, 96, "·")
    sketch.cells(160, 48, 32, [(column[i], "") for i in range(3)], "parameter", lit=frozenset((i, 0) for i in range(3)))
    sketch.text(242, 96, "=")
    sketch.cells(262, 64, 32, [("5", ""), ("", "")], "loss", lit=frozenset({(0, 0)}))
    for x, text in ((78.0, "x"), (192.0, "wᵀ"), (294.0, "y")):
        sketch.text(x, 26, text)
    sketch.text(210, 178, "1·2 + 2·0 + 3·1 = 5", "muted")


@picture("bilinear")
def bilinear(sketch: Sketch, _: str) -> None:
    """Every pair of numbers has a weight of its own."""
    sketch.cells(120, 60, 34, [["u₁"], ["u₂"]])
    sketch.cells(170, 14, 34, [["v₁", "v₂", "v₃"]])
    rows = [[f"w{'₁₂'[i]}{'₁₂₃'[j]}" for j in range(3)] for i in range(2)]
    sketch.cells(170, 60, 34, rows, "parameter", lit=frozenset({(1, 2)}))
    sketch.arrow((276, 112), (330, 112))
    sketch.text(350, 112, "y")
    sketch.text(210, 164, "u₂·w₂₃·v₃", "muted")


@picture("broadcast")
def broadcast(sketch: Sketch, _: str) -> None:
    """A row is used again for every row of a table; going back, the gradients of the copies are summed."""
    sketch.cells(20, 34, 30, [["1", "2", "3"], ["4", "5", "6"]])
    sketch.text(124, 64, "+")
    sketch.cells(140, 34, 30, [["10", "20", "30"]], "parameter")
    sketch.cells(140, 64, 30, [["10", "20", "30"]], "parameter", faint=True)
    sketch.text(246, 64, "=")
    sketch.cells(262, 34, 30, [["11", "22", "33"], ["14", "25", "36"]], "loss")
    sketch.text(65, 18, "a [2, 3]", "muted", is_small=True)
    sketch.text(185, 18, "b [3]", "muted", is_small=True)
    sketch.arrow((184, 96), (184, 122), token="muted", dashed=False)
    sketch.cells(140, 142, 30, [["2", "2", "2"]], "backward")
    sketch.arrow((308, 98), (308, 157), (236, 157), token="backward")
    sketch.text(128, 157, "∂C/∂b =", "backward", align="right")
    sketch.text(316, 130, "Σ", "backward", align="left")


@picture("view")
def view(sketch: Sketch, _: str) -> None:
    """The same numbers in the same order, in rows of another length."""
    sketch.cells(40, 62, 34, [["1", "2", "3"], ["4", "5", "6"]])
    sketch.arrow((156, 96), (196, 96))
    sketch.cells(206, 79, 34, [["1", "2", "3", "4", "5", "6"]])
    sketch.text(91, 150, "[2, 3]", "muted", is_math=False)
    sketch.text(308, 150, "[6]", "muted", is_math=False)


@picture("embedding")
def embedding(sketch: Sketch, _: str) -> None:
    """Numbers of words pick rows of a table."""
    sketch.cells(36, 52, 32, [["2"], ["0"], ["2"]])
    rows = [["", "", ""] for _ in range(4)]
    sketch.cells(150, 36, 32, rows, "parameter", lit=frozenset((i, j) for i in (0, 2) for j in range(3)))
    for row in range(4):
        sketch.text(140, 52 + 32 * row, str(row), "muted", align="right", is_small=True)
    sketch.cells(304, 52, 32, [["", "", ""]] * 3, "loss")
    for index, y in ((2, 68.0), (0, 100.0), (2, 132.0)):
        sketch.arrow((70, y), (130, 52 + 32 * index), token="muted", dashed=False)
        sketch.arrow((248, 52 + 32 * index), (302, y), token="forward")
    for x, text in ((52.0, "x"), (198.0, "w"), (352.0, "y")):
        sketch.text(x, 18, text)


@picture("dropout")
def dropout(sketch: Sketch, _: str) -> None:
    """In train mode some become 0 and the rest is enlarged; in eval mode nothing happens."""
    numbers, kept = (3, 1, 4, 2, 5, 2), (1, 0, 1, 1, 0, 1)
    sketch.cells(120, 16, 40, [numbers], height=34)
    dropped = ["0" if not keep else f"{2 * one:g}" for one, keep in zip(numbers, kept, strict=True)]
    sketch.cells(120, 84, 40, [dropped], "loss", lit=frozenset((0, j) for j in range(6) if kept[j]), height=34)
    sketch.cells(120, 150, 40, [numbers], "loss", height=34)
    for j, keep in enumerate(kept):
        if not keep:
            sketch.line((126 + j * 40, 90), (154 + j * 40, 112), token="error", width=2.0)
    sketch.text(108, 33, "x", align="right")
    sketch.text(108, 101, "train()", align="right", is_math=False, is_small=True)
    sketch.text(108, 167, "eval()", align="right", is_math=False, is_small=True)
    sketch.text(372, 101, "p = 0.5", "muted", align="left", is_small=True)


@picture("norm")
def norm(sketch: Sketch, kind: str) -> None:
    """Which numbers are brought to mean 0 and spread 1 together: those of a column, or those of a row."""
    is_batch = kind == "batch"
    lit = frozenset((i, 1) for i in range(4)) if is_batch else frozenset((1, j) for j in range(4))
    sketch.cells(40, 34, 34, [["", "", "", ""]] * 4, lit=lit)
    sketch.text(24, 102, "n", "muted")
    sketch.text(108, 20, "c" if is_batch else "d", "muted")
    sketch.arrow((190, 102), (230, 102))
    x = np.array([0.2, 1.7, 0.9, 2.4])
    for left, values, label in ((244.0, x, "x"), (336.0, (x - x.mean()) / x.std(), "x̂")):
        base = 130.0 if label == "x" else 96.0
        sketch.line((left - 4, base), (left + 72, base), token="muted", width=1.0)
        for number, one in enumerate(values):
            top, tall = (base - 30 * one, 30 * one) if one >= 0 else (base, -30 * one)
            token = "forward" if label == "x" else "loss"
            sketch.box(left + number * 17, top, 13, tall, "", token, fill=0.5, round_px=1)
        sketch.text(left + 34, 166, label)
    sketch.text(336 + 34, 186, "μ = 0, σ = 1", "muted", is_small=True)


@picture("kernel")
def kernel(sketch: Sketch, _: str) -> None:
    """A kernel on an image: what lies beneath it, times the weights, summed."""
    lit = frozenset((i, j) for i in (1, 2) for j in (1, 2))
    sketch.cells(24, 34, 32, _IMAGE, lit=lit)
    sketch.text(168, 98, "∗")
    sketch.cells(186, 66, 32, _KERNEL, "parameter")
    sketch.text(268, 98, "=")
    sketch.cells(290, 50, 32, _convolved(), "loss", lit=frozenset({(1, 1)}))
    for x, text in ((88.0, "x"), (218.0, "w"), (338.0, "y")):
        sketch.text(x, 18, text)
    sketch.text(210, 184, "3·1 + 1·0 + 1·0 + 0·(−1) = 3", "muted")


def _convolved() -> list[list[int]]:
    image, weights = np.array(_IMAGE), np.array(_KERNEL)
    return [[int((image[i : i + 2, j : j + 2] * weights).sum()) for j in range(3)] for i in range(3)]


@picture("spread")
def spread(sketch: Sketch, _: str) -> None:
    """One number of the input lays a scaled kernel onto the output."""
    sketch.cells(30, 66, 32, [[1, 2], [0, 3]], lit=frozenset({(0, 1)}))
    sketch.text(116, 98, "·")
    sketch.cells(134, 66, 32, [[1, 2], [3, 4]], "parameter")
    sketch.arrow((206, 98), (246, 98))
    lit = frozenset({(0, 1), (0, 2), (1, 1), (1, 2)})
    sketch.cells(262, 50, 32, _spread(), "loss", lit=lit)
    for x, text in ((62.0, "x"), (166.0, "w"), (310.0, "y")):
        sketch.text(x, 24, text)
    sketch.text(310, 170, "2·w", "muted")


def _spread() -> list[list[int]]:
    made, weights = np.zeros((3, 3), dtype=int), np.array([[1, 2], [3, 4]])
    for i, row in enumerate([[1, 2], [0, 3]]):
        for j, one in enumerate(row):
            made[i : i + 2, j : j + 2] += one * weights
    return [[int(one) for one in row] for row in made]


@picture("pool")
def pool(sketch: Sketch, kind: str) -> None:
    """Each window becomes its largest number, or its mean; below, where a gradient of 1 goes."""
    is_max = kind == "max"
    image = np.array(_IMAGE)
    windows = [[image[i : i + 2, j : j + 2] for j in (0, 2)] for i in (0, 2)]
    winners = frozenset((2 * i + int(np.argmax(w)) // 2, 2 * j + int(np.argmax(w)) % 2)
                        for i, row in enumerate(windows) for j, w in enumerate(row))  # fmt: skip
    sketch.cells(20, 50, 26, _IMAGE, lit=winners if is_max else _NOTHING_LIT)
    made = [[f"{(w.max() if is_max else w.mean()):g}" for w in row] for row in windows]
    sketch.arrow((132, 102), (158, 102))
    sketch.cells(164, 66, 36, made, "loss")
    sketch.arrow((240, 102), (270, 102), token="backward")
    routed = [["1" if (i, j) in winners else "0" for j in range(4)] if is_max else ["¼"] * 4 for i in range(4)]
    sketch.cells(278, 50, 26, routed, "backward", lit=winners if is_max else _NOTHING_LIT)
    for x, text, token in ((72.0, "x", "text"), (198.0, "y", "text"), (330.0, "∂C/∂x", "backward")):
        sketch.text(x, 28, text, token)
    for left in (20.0, 278.0):
        sketch.line((left + 52, 50), (left + 52, 154), token="text", width=2.0)
        sketch.line((left, 102), (left + 104, 102), token="text", width=2.0)
