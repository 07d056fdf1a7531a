"""How finely each format of numbers counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..table.call import Array


@dataclass(frozen=True, slots=True)
class Precision:
    """A floating-point format. eps: from 1 to the next number; tiny: the smallest normal one; largest: the largest."""

    name: str
    eps: float
    tiny: float
    largest: float

    def ulps(self, difference: float, x: float) -> float:
        """A difference in steps of this format at the magnitude of x."""
        if difference == 0 or not np.isfinite(difference):
            return difference
        magnitude = min(max(abs(x), self.tiny), self.largest) if np.isfinite(x) else self.largest
        return float(difference / (self.eps * 2.0 ** np.floor(np.log2(magnitude))))


DOUBLE = Precision("float64", 2.0**-52, 2.0**-1022, float(np.finfo(np.float64).max))
SINGLE = Precision("float32", 2.0**-23, 2.0**-126, float(np.finfo(np.float32).max))
HALF = Precision("float16", 2.0**-10, 2.0**-14, 65504.0)

TF32 = Precision("tf32", 2.0**-10, SINGLE.tiny, SINGLE.largest)
"""What cuDNN rounds the arguments of convolutions in float32 to, unless told not to (torch.backends.cudnn)."""

PRECISIONS = {
    **{"float64": DOUBLE, "complex128": DOUBLE, "float32": SINGLE, "complex64": SINGLE},
    **{"float16": HALF, "complex32": HALF},
    "bfloat16": Precision("bfloat16", 2.0**-7, 2.0**-126, 3.3895313892515355e38),
    "float8_e4m3fn": Precision("float8_e4m3fn", 2.0**-3, 2.0**-6, 448.0),
    "float8_e4m3fnuz": Precision("float8_e4m3fnuz", 2.0**-3, 2.0**-7, 240.0),
    "float8_e5m2": Precision("float8_e5m2", 2.0**-2, 2.0**-14, 57344.0),
    "float8_e5m2fnuz": Precision("float8_e5m2fnuz", 2.0**-2, 2.0**-15, 57344.0),
}
"""By torch's name of the dtype; those of integers and truth values are missing: they are exact."""


def rounded(array: Array, precision: Precision) -> Array:
    """The numbers as a format holds them, not minding its ends: in float32, or float64 for that."""
    array = np.asarray(array)  # what NumPy computes from arrays without dimensions is none
    if array.dtype.kind != "f" or precision.eps < SINGLE.eps:
        return array
    if precision.eps == SINGLE.eps:
        return array.astype(np.float32)
    mantissa, exponent = np.frexp(array)
    steps = 2.0 / precision.eps
    return np.asarray(np.ldexp(np.round(mantissa * steps) / steps, exponent), dtype=np.float32)


def limited(array: Array, dtype: np.dtype[Any]) -> Array:
    """The numbers as a format holds them at its ends: too large ones are infinite."""
    if array.dtype.kind != "f" or dtype.kind != "f" or dtype.itemsize == 8:
        return array
    limits = np.finfo(dtype)
    over = np.abs(array) > float(limits.max) * (1 + float(limits.eps) / 4)
    return np.where(over, np.copysign(np.inf, array), array) if over.any() else array


def lowest(dtypes: Iterable[str]) -> Precision | None:
    """The coarsest of some formats; None where all are exact."""
    found = [PRECISIONS[dtype] for dtype in dtypes if dtype in PRECISIONS]
    return max(found, key=lambda precision: precision.eps, default=None)
