"""The 1-1-1 example, event by event, against a derivation by hand in plain Python."""

from __future__ import annotations

import math
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "resources" / "examples" / "hello.py"


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + math.exp(-z))


@pytest.mark.parametrize(("options", "tolerance"), [([], 2e-6), (["--double"], 1e-12)])
def test_each_number_at_its_event(
    record: Any, monkeypatch: pytest.MonkeyPatch, options: list[str], tolerance: float
) -> None:
    import torch

    monkeypatch.setattr(sys, "argv", ["hello.py", *options])
    usual = torch.get_default_dtype()
    try:
        found = record(lambda: runpy.run_path(str(EXAMPLE), run_name="__main__"))
    finally:
        torch.set_default_dtype(usual)

    x, w1, b1, w2, b2, y, lr = 0.8, 1.58, -0.14, 2.45, -0.11, 1.0, 0.1
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 + b2
    a2 = sigmoid(z2)
    cost = (a2 - y) ** 2
    dC_da2 = 2 * (a2 - y)
    dC_dz2 = dC_da2 * a2 * (1 - a2)
    dC_da1 = dC_dz2 * w2
    dC_dz1 = dC_da1 * a1 * (1 - a1)
    assert (round(z1, 4), round(a1, 7), round(dC_dz1 * x, 7)) == (1.124, 0.7547299, -0.0137817)

    def close(array: Any, number: float) -> None:
        assert array.size == 1
        assert float(array.reshape(-1)[0]) == pytest.approx(number, rel=tolerance, abs=tolerance)

    forward = [event for event in found.ops if event.phase == "forward"]
    assert [event.name for event in forward] == ["linear", "sigmoid", "linear", "sigmoid", "mse_loss"]
    for event, value in zip(forward, (z1, a1, z2, a2, cost), strict=True):
        close(found.output(event), value)
    for event, gradient in zip(forward, (dC_dz1, dC_da1, dC_dz2, dC_da2, 1.0), strict=True):
        close(found.gradient(event), gradient)
    gradients = {
        "hidden_layer.weight": (w1, dC_dz1 * x),
        "hidden_layer.bias": (b1, dC_dz1),
        "output_layer.weight": (w2, dC_dz2 * a1),
        "output_layer.bias": (b2, dC_dz2),
    }
    for name, (old, gradient) in gradients.items():
        (box,) = found.boxes(name)
        close(box, gradient)
        (update,) = found.updates(name)
        assert [slot.name for slot in update.inputs] == ["value", "grad"]
        close(found.input(update), old)
        close(found.input(update, 1), gradient)
        close(found.output(update), old - lr * gradient)
        assert update.arguments["lr"] == lr
    close(found.boxes("x")[0], dC_dz1 * w1)
    lines = EXAMPLE.read_text().splitlines()
    for event, text in zip(
        forward,
        ["self.hidden_layer(x)", "torch.sigmoid(z1)", "self.output_layer(a1)", "torch.sigmoid(z2)"],
        strict=False,
    ):
        site = found.trace.site(event.site)
        assert lines[site.line - 1][site.column : site.end_column] == text
