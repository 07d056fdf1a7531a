"""Equations of dropout: the mask is read off the recorded result, as it was drawn at random.

Formula: PyTorch's documentation of Dropout; kept elements are divided by 1 - p.
"""

from __future__ import annotations

from .case import Backward, Forward, MissingNumbersError, Worked
from .expression import Fraction, Number, Sub
from .table import backward, forward


def _share(case: Forward | Backward) -> float:
    """p, the share that is dropped; 0 when not training."""
    p = case.settings.get("p", case.settings.get("1", 0.5))
    is_training = case.settings.get("training", case.settings.get("2", True))
    if not isinstance(p, int | float) or p >= 1:
        raise MissingNumbersError(case.op.name)
    return float(p) if is_training else 0.0


@forward("dropout", "dropout_")
def dropout(case: Forward) -> Worked:
    """x / (1 - p) where it was kept, else 0."""
    x, p = case.needed("0", "input"), _share(case)
    if p and case.result.value_at(case.index) == 0 != x.value_at(case.index):
        return Worked(Number(0), None, 0.0, note=f"Dropped: {p:.0%} of the elements are, drawn at random.")
    kept = Sub(Number(1), Number(p))
    symbols, numbers = Fraction(x.at(case.index), kept), Fraction(x.number(case.index), kept)
    return Worked(symbols, numbers, float(x.value_at(case.index) / (1 - p)), note="Kept, and made larger in exchange.")


@backward("dropout", "dropout_")
def dropout_backward(case: Backward) -> Worked:
    """The gradient takes the way that the number took."""
    g, p = case.upstream, _share(case)
    x = case.wrt.value_at(case.index)
    if x == 0.0:
        # A zero looks the same kept and dropped; the recorded gradient tells.
        is_kept = bool(case.gradient.value_at(case.index)) or not p
    else:
        is_kept = bool(case.result.value_at(case.index))
    if not is_kept:
        return Worked(Number(0), None, 0.0, note="It was dropped, so no gradient comes back to it.")
    kept = Sub(Number(1), Number(p))
    symbols, numbers = Fraction(g.at(case.index), kept), Fraction(g.number(case.index), kept)
    return Worked(symbols, numbers, float(g.value_at(case.index) / (1 - p)))
