"""Numbers of one type turned into another, as `dtype=torch.int64` asks for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..call import Array, UnfitError, wide

_TYPES: dict[str, Any] = {
    **{name: name for name in ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
    **{name: name for name in ("float16", "float32", "float64", "complex64", "complex128")},
    **{"half": "float16", "float": "float32", "double": "float64", "short": "int16", "int": "int32", "long": "int64"},
    **{"cfloat": "complex64", "cdouble": "complex128"},
}


def cast(array: Array, dtype: str | None) -> Array:
    """The numbers in a type ("torch.int64"), rounded or cut off as it holds them, and widened again; None: unchanged.

    bfloat16, which numpy lacks, is kept in float64. Raises UnfitError for a type it does not know.
    """
    if dtype is None:
        return array
    name = dtype.removeprefix("torch.")
    if name == "bfloat16":
        return array.astype(np.float64)
    if name not in _TYPES:
        raise UnfitError(f"numpy has no {name}", f"NumPy 没有 {name}")
    with np.errstate(all="ignore"):
        return wide(array.astype(_TYPES[name]))


def to_bfloat16(x: Any) -> Array:
    """Rounded to float32, and then to its upper 16 bits, ties to even; in float32."""
    with np.errstate(over="ignore"):
        bits = np.asarray(x, dtype=np.float32).view(np.uint32).astype(np.uint64)
    cut = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16).astype(np.uint32).view(np.float32)
    return np.where(np.isnan(x), np.float32(np.nan), cut)
