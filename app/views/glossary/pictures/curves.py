"""Drawings with curves: activations and losses with their slopes, steps downhill, gradients by layer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF

from app.views.glossary.pictures.sketch import Sketch, picture
from engine.glossary.curves import Curve, activation_curve, loss_curve

translate = QCoreApplication.translate

_FRAME = QRectF(40, 14, 240, 166)
_LETTERS = {
    "cross_entropy": "z", "binary_cross_entropy_with_logits": "z", "nll_loss": "y", "binary_cross_entropy": "a",
}  # fmt: skip
_SMALL_STEP, _LARGE_STEP, _STEPS = 0.2, 0.93, 6


@picture("curve")
def activation(sketch: Sketch, op: str) -> None:
    """An activation and its slope, by the function that checks traces."""
    found = activation_curve(op)
    top = min(2.5, float(found.y.max()))
    span = (-4.0, 4.0, min(-0.4, float(found.y.min()) - 0.2), top + 0.2)
    _function(sketch, found, span, "z", "a", "∂a/∂z", (-2.0, 2.0))


@picture("loss")
def loss(sketch: Sketch, op: str) -> None:
    """A loss over one answer, and its slope."""
    found = loss_curve(op)
    low, high = float(found.x[0]), float(found.x[-1])
    letter = _LETTERS.get(op, "a")
    most = min(4.0, float(found.y.max()))
    least = max(-2.5, float(found.slope.min()))
    marks = (-2.0,) if high <= 0 else (0.5, 1.0) if high <= 1 else (-2.0, 2.0)
    span = (low, 1.0 if 0 < high <= 1 else high, least - 0.2, most + 0.1)
    _function(sketch, found, span, letter, "C", f"∂C/∂{letter}", marks)


def _function(
    sketch: Sketch,
    found: Curve,
    span: tuple[float, float, float, float],
    across: str,
    up: str,
    slope: str,
    marks: tuple[float, ...],
) -> None:
    sketch.axes(_FRAME, span, across, marks)
    sketch.curve(_FRAME, found.x, found.slope, span, "backward", dashed=True)
    sketch.curve(_FRAME, found.x, found.y, span, "forward")
    sketch.line((318, 80), (346, 80), token="forward", width=2.4)
    sketch.text(354, 80, up, align="left")
    sketch.line((318, 110), (346, 110), token="backward", width=2.4, dashed=True)
    sketch.text(354, 110, slope, align="left")


@picture("tangent")
def tangent(sketch: Sketch, _: str) -> None:
    """The slope of C at w, and which way is down."""
    frame, span = QRectF(50, 16, 250, 160), (-2.0, 2.0, -0.5, 4.0)
    x = np.linspace(-2.0, 2.0, 121)
    sketch.axes(frame, span, "w", ())
    sketch.curve(frame, x, x**2, span, "loss")
    at, slope = 1.2, 2.4
    near = np.array([at - 0.75, at + 0.75])
    sketch.curve(frame, near, at**2 + slope * (near - at), span, "backward", dashed=True)
    px, py = _place(frame, span, at, at**2)
    sketch.circle(px, py, 4.5, "", "backward", 1.0)
    sketch.text(px + 12, py + 12, "∂C/∂w > 0", "backward", align="left")
    sketch.arrow((px, 178), (px - 74, 178), token="parameter")
    sketch.text(px + 8, 186, "−η·∂C/∂w", "parameter", align="left")
    sketch.text(frame.left() + 8, frame.top() + 8, "C", align="left")


@picture("descent")
def descent(sketch: Sketch, kind: str) -> None:
    """Steps down a bowl: small and large ones, or seen from above with and without momentum."""
    if kind == "momentum":
        _from_above(sketch)
        return
    span = (-2.0, 2.0, -0.4, 4.2)
    for left, rate in ((20.0, _SMALL_STEP), (222.0, _LARGE_STEP)):
        frame = QRectF(left, 16, 172, 150)
        x = np.linspace(-2.0, 2.0, 121)
        sketch.curve(frame, x, x**2, span, "loss")
        w = -1.8
        points = [(w, w * w)]
        for _ in range(_STEPS):
            w -= rate * 2 * w
            points.append((w, w * w))
        places = [_place(frame, span, *point) for point in points]
        for before, after in pairwise(places):
            sketch.line(before, after, token="parameter", width=1.4)
        for place in places:
            sketch.circle(*place, 3.4, "", "parameter", 1.0)
        sketch.text(frame.center().x(), 184, f"η = {rate:g}", "muted")


def _from_above(sketch: Sketch) -> None:
    """A long valley, C = (u² + 12·v²)/2: the plain steps zigzag, those with momentum gather speed along it."""
    span = (-3.0, 3.0, -1.2, 1.2)
    for left, momentum, label in ((14.0, 0.0, "SGD"), (216.0, 0.6, "μ = 0.6")):
        frame = QRectF(left, 16, 188, 150)
        turn = np.linspace(0, 2 * np.pi, 73)
        for level in (0.4, 1.5, 3.4):
            width = np.sqrt(2 * level)
            sketch.curve(frame, width * np.cos(turn), width / np.sqrt(12) * np.sin(turn), span, "border")
        at, speed = np.array([-2.6, 0.62]), np.zeros(2)
        points = [tuple(at)]
        for _ in range(9):
            speed = momentum * speed + at * np.array([1.0, 12.0])
            at = at - 0.145 * speed if momentum == 0 else at - 0.11 * speed
            points.append(tuple(at))
        sketch.line(*(_place(frame, span, *point) for point in points), token="parameter", width=1.4)
        for point in points:
            sketch.circle(*_place(frame, span, *point), 2.8, "", "parameter", 1.0)
        sketch.text(frame.center().x(), 184, label, "muted")


@picture("layers")
def by_layers(sketch: Sketch, kind: str) -> None:
    """The size of the gradient from the last layer back to the first."""
    factor = 0.5 if kind == "vanishing" else 1.55
    sizes = np.array([factor**n for n in range(7)])
    heights = 128.0 * sizes / sizes.max()
    for number, height in enumerate(heights):
        x = 372.0 - number * 56.0
        sketch.box(x - 18, 156 - height, 36, height, "", "backward", fill=0.55, round_px=2)
        sketch.text(x, 172, f"a⁽{_raised(7 - number)}⁾", "muted", is_small=True)
    sketch.line((12, 156), (408, 156), token="muted", width=1.0)
    sketch.arrow((372, 190), (36, 190), token="backward")
    sketch.text(12, 14, "|∂C/∂a|", align="left")


@picture("overfitting")
def overfitting(sketch: Sketch, _: str) -> None:
    """The loss on training data falls on, that on other data turns up again."""
    frame, span = QRectF(40, 16, 250, 160), (0.0, 10.0, 0.0, 2.6)
    x = np.linspace(0.05, 10.0, 121)
    known = 2.2 * np.exp(-x / 2.2) + 0.12
    sketch.axes(frame, span, "", ())
    sketch.curve(frame, x, known, span, "forward")
    sketch.curve(frame, x, known + 0.25 + 0.016 * np.maximum(0.0, x - 2.5) ** 2.2, span, "loss", dashed=True)
    sketch.text(50, 24, "C", align="left")
    for y, token, words, dashed in (
        (80.0, "forward", translate("pictures", "training"), False),
        (110.0, "loss", translate("pictures", "new data"), True),
    ):
        sketch.line((312, y), (336, y), token=token, width=2.4, dashed=dashed)
        sketch.text(342, y, words, align="left", is_math=False)


@picture("softmax")
def softmax(sketch: Sketch, _: str) -> None:
    """Scores of any size become shares of 1."""
    z = np.array([2.0, 0.5, -1.0])
    p = np.exp(z) / np.exp(z).sum()
    sketch.line((40, 110), (160, 110), token="muted", width=1.0)
    for number, (score, share) in enumerate(zip(z, p, strict=True)):
        x = 50.0 + number * 38
        top = min(110.0, 110.0 - score * 40)
        sketch.box(x, top, 26, abs(score) * 40, "", "forward", fill=0.5, round_px=2)
        sketch.text(x + 13, top - 10 if score > 0 else top + abs(score) * 40 + 11, f"{score:g}", is_small=True)
        x = 272.0 + number * 38
        sketch.box(x, 164 - share * 130, 26, share * 130, "", "loss", fill=0.5, round_px=2)
        sketch.text(x + 13, 164 - share * 130 - 11, f"{share:.2f}", is_small=True)
    sketch.line((262, 164), (386, 164), token="muted", width=1.0)
    sketch.arrow((178, 100), (246, 100))
    sketch.text(212, 84, "softmax")
    sketch.text(26, 100, "z")
    sketch.text(400, 154, "p")


def _place(frame: QRectF, span: tuple[float, float, float, float], x: float, y: float) -> tuple[float, float]:
    low, high, bottom, top = span
    return (frame.left() + (x - low) / (high - low) * frame.width(),
            frame.bottom() - (y - bottom) / (top - bottom) * frame.height())  # fmt: skip


def _raised(number: int) -> str:
    return "⁰¹²³⁴⁵⁶⁷⁸⁹"[number]
