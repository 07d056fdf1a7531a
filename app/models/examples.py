"""The examples that the start page offers, each with a sentence of what it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

translate = QCoreApplication.translate

_CONTEXT = "examples"
SHIPPED = (
    QT_TRANSLATE_NOOP(
        "examples", "The smallest network that can learn: one input, one hidden neuron, one output neuron."
    ),
    QT_TRANSLATE_NOOP("examples", "Derivatives without pen and paper: four small sums that autograd differentiates."),
    QT_TRANSLATE_NOOP(
        "examples", "Reading handwritten digits: 784 pixels, 500 hidden units, 10 answers, trained by Adam."
    ),
    QT_TRANSLATE_NOOP(
        "examples", "A 4-3-1 network from plain tensors: every line of the backward pass is written by hand."
    ),
    QT_TRANSLATE_NOOP(
        "examples", "A small convolutional network in the manner of LeNet: one 32x32 picture, ten outputs."
    ),
    QT_TRANSLATE_NOOP("examples", "Fit a line through three points: y = 2x, found by gradient descent."),
    QT_TRANSLATE_NOOP(
        "examples", "A linear classifier from scratch: 1000 samples of four features, learned in batches of 50."
    ),
    QT_TRANSLATE_NOOP("examples", "A 5-8-4-1 classifier for two classes that no straight cut separates."),
)
"""The first lines of our own examples, for the translator."""


@dataclass(frozen=True, slots=True)
class Example:
    """A script to run, and what it is in a sentence."""

    path: Path
    sentence: str


def examples_in(folder: Path) -> list[Example]:
    """The example scripts of a folder, the one to begin with first, then by name.

    The sentence is the first line of the docstring, in the language of the translators that are installed by now.
    """
    found = [Example(path, translate(_CONTEXT, _first_line(path))) for path in folder.glob("*.py")]
    return sorted(found, key=lambda example: (example.path.stem != "hello", example.path.stem))


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]
