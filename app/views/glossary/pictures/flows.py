"""Drawings of what flows where: units, the chain rule, the graph and its boxes, the phases of training."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.views.glossary.pictures.sketch import Sketch, picture

translate = QCoreApplication.translate


@picture("unit")
def unit(sketch: Sketch, _: str) -> None:
    """A unit: inputs times weights, the bias, the sum z, the activation a."""
    for number, y in enumerate((36.0, 100.0, 164.0), 1):
        sketch.circle(40, y, 17, f"x{'₁₂₃'[number - 1]}")
        sketch.arrow((58, y), (166, 100 + (y - 100) * 0.16))
        sketch.text(104, 100 + (y - 100) * 0.62 - 13, f"w{'₁₂₃'[number - 1]}", "parameter")
    sketch.circle(192, 100, 26, "Σ")
    sketch.text(192, 166, "b", "parameter")
    sketch.arrow((192, 154), (192, 128), token="parameter")
    sketch.arrow((219, 100), (272, 100))
    sketch.text(244, 86, "z")
    sketch.box(274, 78, 44, 44, "f")
    sketch.arrow((319, 100), (376, 100))
    sketch.text(348, 86, "a")


@picture("chain")
def chain(sketch: Sketch, _: str) -> None:
    """Values go forward, gradients come back, each multiplied by a local derivative."""
    for x, text in ((24.0, "x"), (132.0, "z"), (240.0, "a"), (348.0, "C")):
        sketch.box(x, 78, 48, 44, text, "loss" if text == "C" else "forward")
    for left, letter in ((72.0, "w"), (180.0, "f"), (288.0, "")):
        sketch.arrow((left + 2, 90), (left + 58, 90))
        sketch.text(left + 30, 76, letter, "parameter" if letter == "w" else "muted")
        sketch.arrow((left + 58, 111), (left + 2, 111), token="backward")
    for x, text in ((102.0, "· w"), (210.0, "· f′(z)"), (318.0, "∂C/∂a")):
        sketch.text(x, 128, text, "backward")
    sketch.text(156, 154, "∂C/∂z", "backward")
    sketch.text(48, 154, "∂C/∂x", "backward")


@picture("fork")
def fork(sketch: Sketch, _: str) -> None:
    """A value used twice: two gradients come back and are added."""
    sketch.box(34, 78, 52, 44, "x")
    for y, text in ((30.0, "u"), (126.0, "v")):
        sketch.box(200, y, 52, 44, text)
        sketch.box(336, 78, 52, 44, "C", "loss")
        towards = 22 if y < 78 else -22
        sketch.arrow((88, 94 if y < 78 else 106), (198, y + 16 if y < 78 else y + 28))
        sketch.arrow((198, y + 34 if y < 78 else y + 12), (88, 103 if y < 78 else 113), token="backward")
        sketch.arrow((254, y + 22), (334, 100 - towards * 0.3))
    sketch.text(60, 142, "∂C/∂x =", "backward")
    sketch.text(60, 164, "1 + 2", "backward")
    sketch.text(164, 90, "1", "backward")
    sketch.text(164, 113, "2", "backward")


@picture("graph")
def graph(sketch: Sketch, _: str) -> None:
    """Leaves, results and the loss; the way back from node to node ends in the boxes of the leaves."""
    sketch.box(20, 20, 46, 40, "x", "muted", dashed=True)
    sketch.box(20, 84, 46, 40, "w", "parameter")
    sketch.box(20, 148, 46, 40, "b", "parameter")
    sketch.box(150, 64, 46, 40, "·")
    sketch.box(240, 104, 46, 40, "+")
    sketch.box(336, 104, 46, 40, "C", "loss")
    sketch.arrow((68, 42), (148, 76))
    sketch.arrow((68, 98), (148, 86))
    sketch.arrow((68, 162), (238, 120))
    sketch.arrow((198, 90), (238, 112))
    sketch.arrow((288, 118), (334, 118))
    sketch.arrow((334, 132), (288, 132), token="backward")
    sketch.arrow((238, 126), (198, 104), token="backward")
    sketch.arrow((148, 98), (96, 110), token="backward")
    sketch.arrow((238, 136), (96, 176), token="backward")
    for y in (104.0, 168.0):
        sketch.box(68, y, 26, 20, "", "backward", fill=0.4, round_px=2)
    sketch.text(81, 135, ".grad", "backward", is_small=True, is_math=False)


@picture("cut")
def cut(sketch: Sketch, _: str) -> None:
    """Numbers go on, the gradient stops."""
    for x, text in ((24.0, "w"), (130.0, "z"), (258.0, "y"), (352.0, "C")):
        sketch.box(x, 78, 46, 44, text, {"w": "parameter", "C": "loss"}.get(text, "forward"))
    sketch.arrow((72, 90), (128, 90))
    sketch.arrow((178, 90), (256, 90))
    sketch.arrow((306, 90), (350, 90))
    sketch.arrow((350, 112), (306, 112), token="backward")
    sketch.line((256, 112), (226, 112), token="backward", width=2.0, dashed=True)
    sketch.line((217, 68), (217, 134), token="error", width=3.0)
    sketch.line((208, 104), (226, 122), token="error", width=2.4)
    sketch.line((208, 122), (226, 104), token="error", width=2.4)
    sketch.text(217, 52, "detach()", "error", is_small=True, is_math=False)
    sketch.text(48, 146, "w.grad: None", "muted", is_small=True, is_math=False)


@picture("boxes")
def boxes(sketch: Sketch, _: str) -> None:
    """What a gradient box holds over three passes, and after zero_grad."""
    steps = (("None", "muted"), ("3", "backward"), ("6", "backward"), ("9", "backward"), ("None", "muted"))
    for number, (text, token) in enumerate(steps):
        x = 14.0 + number * 83
        sketch.box(x, 82, 58, 44, text, token, fill=0.06 if token == "muted" else 0.1 + 0.12 * number,
                   dashed=token == "muted", is_math=token != "muted")  # fmt: skip
        if number:
            is_reset = number == len(steps) - 1
            sketch.arrow((x - 23, 104), (x - 3, 104), token="muted" if is_reset else "backward", dashed=False)
            sketch.text(x - 12, 58 if is_reset else 66, "zero_grad()" if is_reset else "+ 3",
                        "muted" if is_reset else "backward", is_small=True, is_math=not is_reset)  # fmt: skip
    sketch.text(210, 154, "backward() × 3", "muted", is_small=True, is_math=False)


@picture("loop")
def loop(sketch: Sketch, _: str) -> None:
    """The phases of an iteration, one after the other and round again."""
    phases = (
        (52.0, "forward", translate("pictures", "forward")), (157.0, "loss", translate("pictures", "loss")),
        (262.0, "backward", translate("pictures", "backward")), (367.0, "parameter", translate("pictures", "update")),
    )  # fmt: skip
    for x, token, words in phases:
        sketch.box(x - 45, 58, 90, 44, words, token, is_math=False)
    for x in (97.0, 202.0, 307.0):
        sketch.arrow((x + 1, 80), (x + 14, 80), token="muted", dashed=False)
    sketch.arrow((367, 104), (367, 140), (52, 140), (52, 104), token="muted", dashed=False)
    sketch.text(210, 160, "zero_grad()", "muted", is_math=False, is_small=True)


@picture("epoch")
def epoch(sketch: Sketch, _: str) -> None:
    """All samples, in batches: each batch one iteration, all of them one epoch."""
    for number in range(12):
        x = 30.0 + number * 30 + (number // 4) * 5
        token = ("forward", "parameter", "loss")[number // 4]
        sketch.box(x, 70, 26, 34, "", token, fill=0.35, round_px=2)
    for number in range(3):
        left = 28.0 + number * 125
        sketch.line((left, 112), (left, 118), (left + 118, 118), (left + 118, 112), token="muted", width=1.4)
        sketch.text(left + 59, 132, "N = 4", "muted", is_small=True)
    sketch.line((28, 58), (28, 52), (396, 52), (396, 58), token="text", width=1.4)
    sketch.text(212, 36, translate("pictures", "1 epoch = 3 iterations"), is_math=False)


@picture("tensor")
def tensor(sketch: Sketch, _: str) -> None:
    """A number, a row, a table, a block."""
    sketch.cells(24, 84, 30, [["3"]])
    sketch.cells(90, 84, 30, [["1", "4", "1"]])
    sketch.cells(216, 54, 30, [["2", "7"], ["1", "8"], ["2", "8"]])
    for shift in (24.0, 12.0, 0.0):
        sketch.cells(316 + shift, 64 - shift + 12, 24, [["", "", ""], ["", "", ""], ["", "", ""]], "parameter")
    for x, text in ((39.0, "[]"), (135.0, "[3]"), (246.0, "[3, 2]"), (358.0, "[3, 3, 3]")):
        sketch.text(x, 176, text, "muted", is_math=False)
