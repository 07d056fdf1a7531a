"""Curves of activations and losses, computed by the table's own formulas: what a card's picture draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.table.call import bind
from ..analysis.table.operation import row_of

Numbers = NDArray[np.float64]

_POINTS = 241
_FAR = 4.0
_EDGE = 0.02
"""How near a probability comes to 0 and 1."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of one number, and its derivative. x, y, slope: shape (points,)."""

    x: Numbers
    y: Numbers
    slope: Numbers


def activation_curve(op: str) -> Curve:
    """The curve of an activation by its event's name ("relu"). Raises KeyError for an unknown one."""
    z = np.linspace(-_FAR, _FAR, _POINTS)
    a, slope = _worked(op, z, "input")
    return Curve(z, a, slope)


def loss_curve(op: str) -> Curve:
    """How a loss depends on one answer, the target being fixed: 0, or "yes", or the first of two classes.

    Raises KeyError for an unknown loss.
    """
    x, sample = _LOSSES[op]
    found = [_worked(*sample(one)) for one in x]
    return Curve(x, np.array([float(y) for y, _ in found]), np.array([slope.reshape(-1)[0] for _, slope in found]))


_Sample = tuple[str, Numbers, str, Numbers | NDArray[np.int64]]


def _of_numbers(op: str, target: float) -> Callable[[float], _Sample]:
    return lambda at: (op, np.array([at]), "input", np.array([target]))


def _of_classes(op: str) -> Callable[[float], _Sample]:
    """A sample of two classes, the right one's score being `at` and the other's 0."""
    return lambda at: (op, np.array([[at, 0.0]]), "input", np.array([0]))


_WIDE, _SHARES = np.linspace(-3.0, 3.0, _POINTS), np.linspace(_EDGE, 1 - _EDGE, _POINTS)
_LOSSES: dict[str, tuple[Numbers, Callable[[float], _Sample]]] = {
    "mse_loss": (_WIDE, _of_numbers("mse_loss", 0.0)),
    "l1_loss": (_WIDE, _of_numbers("l1_loss", 0.0)),
    "huber_loss": (_WIDE, _of_numbers("huber_loss", 0.0)),
    "cross_entropy": (np.linspace(-_FAR, _FAR, _POINTS), _of_classes("cross_entropy")),
    "nll_loss": (np.linspace(-_FAR, 0.0, _POINTS), _of_classes("nll_loss")),
    "binary_cross_entropy": (_SHARES, _of_numbers("binary_cross_entropy", 1.0)),
    "binary_cross_entropy_with_logits": (
        np.linspace(-_FAR, _FAR, _POINTS),
        _of_numbers("binary_cross_entropy_with_logits", 1.0),
    ),
}


def _worked(
    op: str, x: Numbers, key: str, target: Numbers | NDArray[np.int64] | None = None
) -> tuple[Numbers, Numbers]:
    """What the table's row makes of a call, and the derivative of the sum of that."""
    found = row_of(op)
    if found is None:
        raise KeyError(op)
    row, form = found
    tensors = {"0": x} if target is None else {"0": x, "1": target}
    call = bind(form, f"torch.nn.functional.{op}", tensors, {})
    y = np.asarray(row.forward(call))
    return y, np.asarray(row.vjp(call, [np.ones_like(y)])[key])
