"""Local derivatives of activations, a'(z), in numpy float64.

Formulas: PyTorch's documentation of torch.nn.functional; at a kink the value that torch takes (relu'(0) = 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Settings = Mapping[str, Any]
"""The op's arguments that are no tensors (`Event.arguments`)."""


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _setting(settings: Settings, name: str, place: str, default: float) -> float:
    found = settings.get(name, settings.get(place, default))
    return float(found) if isinstance(found, int | float) else default


def _sigmoid(z: Array, _: Settings) -> Array:
    a = sigmoid(z)
    return a * (1 - a)


def _tanh(z: Array, _: Settings) -> Array:
    return 1 - np.tanh(z) ** 2


def _relu(z: Array, _: Settings) -> Array:
    return np.where(z > 0, 1.0, 0.0)


def _relu6(z: Array, _: Settings) -> Array:
    return np.where((z > 0) & (z < 6), 1.0, 0.0)


def _leaky_relu(z: Array, settings: Settings) -> Array:
    return np.where(z > 0, 1.0, _setting(settings, "negative_slope", "1", 0.01))


def _elu(z: Array, settings: Settings) -> Array:
    alpha = _setting(settings, "alpha", "1", 1.0)
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def _silu(z: Array, _: Settings) -> Array:
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


def _softplus(z: Array, settings: Settings) -> Array:
    beta, threshold = _setting(settings, "beta", "1", 1.0), _setting(settings, "threshold", "2", 20.0)
    return np.where(z * beta > threshold, 1.0, sigmoid(z * beta))


def _hardtanh(z: Array, settings: Settings) -> Array:
    low, high = _setting(settings, "min_val", "1", -1.0), _setting(settings, "max_val", "2", 1.0)
    return np.where((z > low) & (z < high), 1.0, 0.0)


def _logsigmoid(z: Array, _: Settings) -> Array:
    return sigmoid(-z)


_DERIVATIVES: dict[str, Callable[[Array, Settings], Array]] = {
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "relu6": _relu6,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "silu": _silu,
    "softplus": _softplus,
    "hardtanh": _hardtanh,
    "logsigmoid": _logsigmoid,
}


def has_derivative(op: str) -> bool:
    """Whether an op is an elementwise activation whose local derivative is known here."""
    return op.rstrip("_") in _DERIVATIVES


def derivative(op: str, z: NDArray[Any], settings: Settings) -> Array:
    """a'(z), array of z's shape. Raises KeyError for an op that `has_derivative` denies."""
    return _DERIVATIVES[op.rstrip("_")](np.asarray(z, dtype=np.float64), settings)
