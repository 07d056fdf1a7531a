"""Drawings of layers for sequences: an RNN unrolled, the gates of LSTM and GRU, attention."""

from __future__ import annotations

import numpy as np

from app.views.glossary.pictures.sketch import Sketch, picture


@picture("rnn")
def rnn(sketch: Sketch, _: str) -> None:
    """The same layer at three time steps; the state goes on, the gradient comes back."""
    for number in range(3):
        x = 74.0 + number * 118
        sub = "₁₂₃"[number]
        sketch.box(x, 70, 66, 48, "tanh")
        sketch.arrow((x + 33, 166), (x + 33, 120))
        sketch.text(x + 33, 180, f"x{sub}")
        sketch.arrow((x + 33, 68), (x + 33, 34))
        sketch.text(x + 33, 20, f"h{sub}")
        sketch.arrow((x - 48, 86), (x - 2, 86))
        sketch.arrow((x - 2, 106), (x - 48, 106), token="backward")
        sketch.text(x - 26, 72, "w", "parameter")
    sketch.text(22, 86, "h₀", align="right")


@picture("gates")
def gates(sketch: Sketch, kind: str) -> None:
    """The gates of a cell: σ decides how much passes, tanh what is written."""
    if kind == "gru":
        _gru(sketch)
        return
    _cell(sketch, "c")
    parts = ((96.0, "σ", "f", 9), (156.0, "σ", "i", -12), (206.0, "tanh", "g", 12), (266.0, "σ", "o", 9))
    for x, text, letter, side in parts:
        sketch.box(x - 20, 108, 40, 30, text, "parameter")
        sketch.text(x + side, 98, letter, "parameter", is_small=True)
        sketch.line((x, 152), (x, 138), token="edge")
    sketch.line((16, 152), (266, 152), token="edge")
    sketch.circle(96, 40, 10, "×")
    sketch.arrow((96, 108), (96, 52), token="parameter")
    sketch.circle(181, 78, 10, "×")
    sketch.arrow((156, 108), (172, 86), token="parameter")
    sketch.arrow((206, 108), (190, 86), token="parameter")
    sketch.circle(181, 40, 10, "+")
    sketch.arrow((181, 68), (181, 52))
    sketch.box(288, 56, 44, 24, "tanh")
    sketch.arrow((310, 42), (310, 55))
    sketch.circle(310, 122, 10, "×")
    sketch.arrow((310, 81), (310, 111))
    sketch.arrow((286, 122), (299, 122), token="parameter")
    sketch.arrow((321, 122), (404, 122))
    sketch.text(398, 106, "h", align="right")


def _cell(sketch: Sketch, kept: str) -> None:
    """The outline, with what is kept from step to step going through at the top."""
    sketch.box(62, 12, 300, 152, "", "muted", fill=0.03)
    sketch.arrow((16, 40), (404, 40))
    sketch.text(20, 24, kept, align="left")
    sketch.text(398, 24, kept, align="right")
    sketch.text(20, 178, "h, x", align="left")


def _gru(sketch: Sketch) -> None:
    _cell(sketch, "h")
    for x, text, letter, side in ((110.0, "σ", "z", -12), (196.0, "σ", "r", 14), (280.0, "tanh", "n", 14)):
        sketch.box(x - 22, 112, 44, 30, text, "parameter")
        sketch.text(x + side, 102, letter, "parameter", is_small=True)
        sketch.line((x, 154), (x, 142), token="edge")
    sketch.line((16, 154), (280, 154), token="edge")
    sketch.circle(110, 40, 10, "×")
    sketch.arrow((110, 112), (110, 52), token="parameter")
    sketch.circle(280, 76, 10, "×")
    sketch.arrow((280, 112), (280, 88), token="parameter")
    sketch.arrow((110, 76), (268, 76), token="parameter")
    sketch.text(190, 64, "1 − z", "parameter", is_small=True)
    sketch.circle(280, 40, 10, "+")
    sketch.arrow((280, 65), (280, 52))
    sketch.arrow((219, 127), (256, 127), token="parameter")


@picture("attention")
def attention(sketch: Sketch, _: str) -> None:
    """Queries against keys give weights; each row of them takes a mean of the values."""
    scores = np.array([[2.0, 0.3, -0.8, 0.0], [0.2, 1.6, 0.4, -1.0], [-0.6, 0.1, 0.9, 1.8]])
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    sketch.cells(18, 66, 24, [["", ""]] * 3)
    sketch.text(42, 50, "q")
    sketch.cells(84, 18, 24, [["", "", "", ""]] * 2, "parameter")
    sketch.text(132, 8, "kᵀ", is_small=True)
    for i in range(3):
        for j in range(4):
            sketch.box(84 + j * 30, 72 + i * 30, 30, 30, "", "loss", fill=float(p[i, j]) * 0.85, round_px=1, width=1.0)
            sketch.text(99 + j * 30, 87 + i * 30, f"{p[i, j]:.1f}", is_small=True)
    sketch.text(144, 180, "p = softmax(q·kᵀ/√d)", "muted", is_small=True)
    sketch.text(222, 116, "·")
    sketch.cells(238, 66, 24, [["", ""]] * 4)
    sketch.text(262, 50, "v")
    sketch.text(306, 116, "=")
    sketch.cells(326, 78, 24, [["", ""]] * 3, "forward", lit=frozenset({(0, 0), (0, 1)}))
    sketch.text(350, 62, "y")
