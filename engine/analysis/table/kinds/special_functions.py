"""Special functions in numpy: logistic, erf, gamma and their kin, to about twelve digits, for arrays of float64.

Sources: erf, erfc and the logarithm of gamma are those of Python's math module, element by element. digamma and
polygamma: recurrence up to 20 and the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11). erfinv: Winitzki's
approximation, and Newton's steps with Halley's correction. Bessel functions I: their integrals (9.6.19).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..call import Array

Floats = NDArray[np.float64]

ROOT_PI = math.sqrt(math.pi)
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""B₂, B₄ ... B₁₆."""
_HIGH = 20.0
"""From where the asymptotic series is exact enough."""
_DEEP = 1000.0
"""Below minus this, polygamma would take too long."""


def logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)), without overflow."""
    if z.dtype.kind == "c":
        return np.asarray(1 / (1 + np.exp(-z)))
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _each(function: Callable[[float], float]) -> Callable[[Floats], Floats]:
    def applied(x: Floats) -> Floats:
        x = np.asarray(x, dtype=np.float64)
        return np.fromiter((function(float(number)) for number in x.reshape(-1)), np.float64, x.size).reshape(x.shape)

    return applied


def _lgamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except ValueError:
        return math.inf


erf = _each(math.erf)
erfc = _each(math.erfc)
lgamma = _each(_lgamma)


def digamma(x: Floats) -> Floats:
    """The derivative of ln Γ; at 0 an infinity of the other sign, at negative whole numbers NaN, as torch has it."""
    x = np.asarray(x, dtype=np.float64)
    pole = (x <= 0) & (x == np.floor(x))
    reflected = x < 0
    z = np.where(pole, 1.0, np.where(reflected, 1 - x, x))
    value = _digamma_of_positive(z)
    fraction = x - np.floor(x)
    turned = np.where(reflected & ~pole, fraction, 0.25)
    value = np.where(reflected, value - math.pi / np.tan(math.pi * turned), value)
    value = np.where(pole, np.nan, value)
    return np.where(x == 0, np.copysign(np.inf, -x), value)


def _digamma_of_positive(z: Floats) -> Floats:
    value = np.zeros_like(z)
    for _ in range(int(_HIGH)):
        low = z < _HIGH
        value = value - np.where(low, 1 / np.where(low, z, 1.0), 0.0)
        z = np.where(low, z + 1, z)
    series = sum(b / (2 * k * z ** (2 * k)) for k, b in enumerate(_BERNOULLI, start=1))
    return np.asarray(value + np.log(z) - 0.5 / z - series)


def polygamma(n: int, x: Floats) -> Floats:
    """The n-th derivative of digamma, n >= 1: (-1)ⁿ⁺¹ n! Σ 1/(x + k)ⁿ⁺¹; ±∞ at 0, -1, -2 ..."""
    x = np.asarray(x, dtype=np.float64)
    known = np.isfinite(x) & (x > -_DEEP)
    z, value = np.where(known, x, 1.0), np.zeros_like(x)
    while np.any(low := z < _HIGH):
        value = value + np.where(low, np.where(low, z, 1.0) ** -(n + 1.0), 0.0)
        z = np.where(low, z + 1, z)
    value = value * math.factorial(n) + math.factorial(n - 1) / z**n + math.factorial(n) / (2 * z ** (n + 1))
    for k, b in enumerate(_BERNOULLI, start=1):
        value = value + b * math.factorial(2 * k + n - 1) / (math.factorial(2 * k) * z ** (2 * k + n))
    value = value * (-1.0) ** (n + 1)
    return np.where(known, value, np.where(np.isposinf(x), 0.0, np.nan))


def trigamma(x: Floats) -> Floats:
    """The derivative of digamma as torch computes it: six steps up and a short series, exact to nine digits.

    Source: trigamma in aten/src/ATen/native/Math.h of PyTorch. For all digits see `polygamma`.
    """
    x = np.asarray(x, dtype=np.float64)
    low = x < 0.5
    z = np.where(low, 1 - x, x)
    value = np.where(low, -((math.pi / np.sin(math.pi * np.where(low, x, 0.25))) ** 2), 0.0)
    for _ in range(6):
        value = value + 1 / (z * z)
        z = z + 1
    ixx = 1 / (z * z)
    value = value + (1 + 1 / (2 * z) + ixx * (1 / 6 - ixx * (1 / 30 - ixx / 42))) / z
    return np.where(low, -value, value)


def erfinv(y: Floats) -> Floats:
    """The number whose erf is y; ±∞ at ±1, NaN beyond."""
    y = np.asarray(y, dtype=np.float64)
    inside = np.abs(y) < 1
    t = np.where(inside, y, 0.0)
    w = -np.log((1 - t) * (1 + t))
    a = 2 / (math.pi * 0.147) - w / 2
    x = np.sign(t) * np.sqrt(np.sqrt(a * a + w / 0.147) - a)
    for _ in range(4):
        # Beyond 0.5 the rest 1 - |y| is known exactly, and erfc keeps its digits.
        far = np.abs(t) > 0.5
        rest = np.where(far, (1 - np.abs(t)) - erfc(np.abs(x)), 0.0)
        off = np.where(far, -np.sign(t) * rest, t - erf(x))
        step = off * ROOT_PI / 2 * np.exp(x * x)
        x = x + step / (1 - x * step)
    return np.where(inside, x, np.where(np.abs(y) == 1, np.copysign(np.inf, y), np.nan))


def ndtri(p: Floats) -> Floats:
    """The number below which a standard normal draw lies with probability p."""
    return np.asarray(math.sqrt(2.0) * erfinv(2 * np.asarray(p) - 1))


def bessel_i(order: int, x: Floats) -> Floats:
    """The modified Bessel function I of order 0 or 1: the mean of exp(x cos t) cos(order t) over half a turn."""
    x = np.asarray(x, dtype=np.float64)
    steps = 200
    t = (np.arange(steps) + 0.5) * math.pi / steps
    scaled = np.exp(np.abs(x)[..., None] * (np.cos(t) - 1)) * np.cos(order * t)
    return np.asarray(scaled.mean(axis=-1) * np.sign(x) ** order)
