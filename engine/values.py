"""Values: snapshots of tensors. How their bytes are stored and how statistics are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

RAW_DTYPES: dict[str, str] = {
    "bfloat16": "<u2",
    "float8_e4m3fn": "|u1",
    "float8_e4m3fnuz": "|u1",
    "float8_e5m2": "|u1",
    "float8_e5m2fnuz": "|u1",
    "float8_e8m0fnu": "|u1",
    "complex32": "<u4",
    "qint8": "|i1",
    "quint8": "|u1",
    "qint32": "<i4",
    "bool": "|b1",
}
"""torch dtypes that numpy lacks (or names otherwise) -> the numpy dtype that carries their bytes."""

_SAME_IN_NUMPY = {
    *("float16", "float32", "float64", "complex64", "complex128"),
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
}


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of a value without its array. Computed in float64 over the finite elements.

    `min`, `max`, `mean`, `std` (population), `norm` (Euclidean); `zeros` is a share between 0 and 1;
    `nans` and `infs` are counts. All are NaN (shares and counts 0) where no element is finite.
    """

    min: float
    max: float
    mean: float
    std: float
    norm: float
    zeros: float
    nans: int
    infs: int


def row_major(shape: Sequence[int]) -> tuple[int, ...]:
    """The strides of a contiguous tensor: the last index runs fastest."""
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


@dataclass(frozen=True, slots=True)
class Value:
    """A snapshot of a tensor at one moment; its array is read on demand by its `id`.

    `dtype` and `device` are torch's names ("float32", "cuda:0"); `tensor` is the named tensor it is a version of,
    if any; `iteration` is when it was made (-1: before the first); `kept` says whether its array is in the trace;
    `reason` says why not. `layout` is torch's name ("strided", "sparse_coo"), "" where it was not recorded; `strides`
    are the elements from one index to the next in each dimension, as the tensor lay in memory.
    """

    id: int
    dtype: str
    shape: tuple[int, ...]
    device: str
    tensor: int | None
    iteration: int
    size_bytes: int
    kept: bool
    statistics: Statistics | None
    reason: str = ""
    layout: str = ""
    strides: tuple[int, ...] | None = None

    @property
    def numel(self) -> int:
        """Number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))


def storage_dtype(dtype: str) -> np.dtype[np.generic]:
    """The little-endian numpy dtype in which a torch dtype's bytes are stored. Raises TypeError for unknown ones."""
    if dtype not in RAW_DTYPES and dtype not in _SAME_IN_NUMPY:
        raise TypeError(f"elements of type {dtype} have no form in numpy")
    return np.dtype(RAW_DTYPES.get(dtype, dtype)).newbyteorder("<")


def widen(raw: np.ndarray, dtype: str) -> np.ndarray:
    """The numbers that stored elements stand for: bfloat16 and float8 as float32, complex32 as complex64.

    `raw`: array of `storage_dtype(dtype)`, any shape. Other dtypes come back unchanged.
    """
    if dtype == "bfloat16":
        return (raw.astype(np.uint32) << np.uint32(16)).view(np.float32)
    if dtype.startswith("float8"):
        return np.asarray(_float8_table(dtype)[raw])
    if dtype == "complex32":
        halves = np.ascontiguousarray(raw).view(np.float16).reshape(*raw.shape, 2).astype(np.float32)
        return halves.view(np.complex64)[..., 0]
    return raw


@cache
def _float8_table(dtype: str) -> np.ndarray:
    """All 256 values of a float8 format (OCP 8-bit floating point specification; fnuz: bias one higher, no -0)."""
    codes = np.arange(256, dtype=np.int64)
    if dtype == "float8_e8m0fnu":
        table = np.exp2((codes - 127).astype(np.float64))
        table[255] = np.nan
        return table.astype(np.float32)
    mantissa_bits = 3 if "e4m3" in dtype else 2
    fnuz = dtype.endswith("fnuz")
    bias = {3: 7, 2: 15}[mantissa_bits] + (1 if fnuz else 0)
    sign = np.where(codes >= 128, -1.0, 1.0)
    exponent = (codes & 127) >> mantissa_bits
    fraction = (codes & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    normal = (1.0 + fraction) * np.exp2(exponent - float(bias))
    table = sign * np.where(exponent == 0, fraction * np.exp2(1.0 - bias), normal)
    if fnuz:
        table[128] = np.nan
    elif mantissa_bits == 3:
        table[[127, 255]] = np.nan
    else:
        table[[124, 252]] = np.inf, -np.inf
        table[[125, 126, 127, 253, 254, 255]] = np.nan
    return np.asarray(table, dtype=np.float32)


_EMPTY = Statistics(np.nan, np.nan, np.nan, np.nan, np.nan, 0.0, 0, 0)
_CHUNK = 1 << 16
_SAFE_TO_SQUARE = (1e-140, 1e140)
"""Magnitudes between which squares and their sums neither overflow nor vanish."""


@np.errstate(all="ignore")
def statistics(array: np.ndarray) -> Statistics:
    """Statistics of one array of any shape and numeric dtype, in chunks so that a large one is not copied whole."""
    flat = array.reshape(-1)
    if flat.size == 0:
        return _EMPTY
    parts = [_moments(flat[start : start + _CHUNK]) for start in range(0, flat.size, _CHUNK)]
    return _joined(np.array(parts), flat.size)


@np.errstate(all="ignore")
def statistics_of_many(line: np.ndarray, sizes: Sequence[int]) -> list[Statistics]:
    """Statistics of many small arrays at once, laid end to end in `line`, reduced in a handful of numpy calls.

    line: shape (sum of sizes,), any numeric dtype. sizes: number of elements of each array.
    """
    counts = np.array(sizes, dtype=np.int64)
    full = np.flatnonzero(counts)
    if full.size == 0:
        return [_EMPTY] * len(sizes)
    line = _real(line)
    counts = counts[full]
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    finite = np.isfinite(line)
    if finite.all():
        low, high = np.minimum.reduceat(line, starts), np.maximum.reduceat(line, starts)
        clean, bad, nans = line, np.zeros(full.size), np.zeros(full.size)
    else:
        low = np.minimum.reduceat(np.where(finite, line, np.inf), starts)
        high = np.maximum.reduceat(np.where(finite, line, -np.inf), starts)
        clean = np.where(finite, line, 0.0)
        bad = np.add.reduceat((~finite).astype(np.float64), starts)
        nans = np.add.reduceat(np.isnan(line).astype(np.float64), starts)
    scale = np.maximum.reduceat(np.abs(clean), starts)
    scale[scale == 0.0] = 1.0
    known = counts - bad
    unit = clean / np.repeat(scale, counts)
    mean = np.add.reduceat(unit, starts) / known
    spread = np.where(finite, unit - np.repeat(mean, counts), 0.0)
    std = scale * np.sqrt(np.add.reduceat(spread * spread, starts) / known)
    norm = scale * np.sqrt(np.add.reduceat(unit * unit, starts))
    zeros = np.add.reduceat((line == 0.0).astype(np.float64), starts) / counts
    table = np.stack((low, high, mean * scale, std, norm, zeros, nans, bad - nans), axis=1)
    table[known == 0, :5] = np.nan
    found = [_EMPTY] * len(sizes)
    for i, row in zip(full.tolist(), table.tolist(), strict=True):
        low_i, high_i, mean_i, std_i, norm_i, zeros_i, nans_i, infs_i = row
        found[i] = Statistics(low_i, high_i, mean_i, std_i, norm_i, zeros_i, int(nans_i), int(infs_i))
    return found


def _real(flat: np.ndarray) -> np.ndarray:
    """float64 elements; a complex element counts by its magnitude."""
    return np.abs(flat.astype(np.complex128)) if flat.dtype.kind == "c" else flat.astype(np.float64)


def _moments(flat: np.ndarray) -> tuple[float, ...]:
    """count of finite, min, max, mean, norm of deviations, norm, zeros, nans, infs of one chunk."""
    line = _real(flat) if flat.dtype.kind == "c" else flat
    low, high = float(line.min()), float(line.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = np.isfinite(line)
        nans = int(np.isnan(line).sum())
        rest = line[finite]
        infs = line.size - rest.size - nans
        if rest.size == 0:
            return (0.0, np.inf, -np.inf, 0.0, 0.0, 0.0, 0.0, nans, infs)
        return (*_moments(rest)[:7], nans, infs)
    wide = line.astype(np.float64)
    zeros = float(wide.size - np.count_nonzero(wide))
    scale = max(abs(low), abs(high))
    if scale == 0.0 or _SAFE_TO_SQUARE[0] < scale < _SAFE_TO_SQUARE[1]:
        scale = 1.0
    else:
        wide /= scale
    mean = float(wide.mean())
    norm = _norm(wide)
    wide -= mean
    return (wide.size, low, high, mean * scale, _norm(wide) * scale, norm * scale, zeros, 0, 0)


def _norm(flat: np.ndarray) -> float:
    return float(np.sqrt(np.einsum("i,i->", flat, flat)))


def _long(lengths: np.ndarray) -> float:
    """The Euclidean length of a vector of any magnitude."""
    scale = float(np.abs(lengths).max())
    return 0.0 if scale == 0.0 else scale * _norm(lengths / scale)


def _joined(parts: np.ndarray, size: int) -> Statistics:
    """Joins the moments of chunks (Chan, Golub, LeVeque 1979)."""
    counts = parts[:, 0]
    total = counts.sum()
    zeros, nans, infs = parts[:, 6].sum(), parts[:, 7].sum(), parts[:, 8].sum()
    if total == 0:
        return Statistics(np.nan, np.nan, np.nan, np.nan, np.nan, 0.0, int(nans), int(infs))
    mean = float((parts[:, 3] * (counts / total)).sum())
    away = np.concatenate((parts[:, 4], np.sqrt(counts) * (parts[:, 3] - mean)))
    return Statistics(
        float(parts[:, 1].min()),
        float(parts[:, 2].max()),
        mean,
        _long(away / np.sqrt(total)),
        _long(parts[:, 5]),
        float(zeros / size),
        int(nans),
        int(infs),
    )
