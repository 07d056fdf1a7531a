"""Local derivatives agree with central differences of the activations that torch computes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.analysis.derivatives import derivative, has_derivative

SMOOTH = ["sigmoid", "tanh", "silu", "softplus", "logsigmoid", "elu", "leaky_relu", "relu", "relu6", "hardtanh"]


@pytest.mark.parametrize("name", SMOOTH)
def test_central_differences(name: str) -> None:
    z = np.array([-7.3, -2.0, -0.4, 0.3, 0.9, 2.5, 7.1, 25.0])
    function = getattr(torch, name, None) or getattr(torch.nn.functional, name)
    step = 1e-6
    above, below = (function(torch.from_numpy(z + sign * step)).numpy() for sign in (1, -1))
    np.testing.assert_allclose(derivative(name, z, {}), (above - below) / (2 * step), rtol=1e-6, atol=1e-9)


def test_kinks_and_names() -> None:
    assert derivative("relu_", np.array([0.0]), {}) == 0.0
    assert derivative("leaky_relu", np.array([-1.0]), {"negative_slope": 0.2}) == 0.2
    assert has_derivative("sigmoid_")
    assert not has_derivative("softmax")
    with pytest.raises(KeyError):
        derivative("softmax", np.zeros(2), {})
