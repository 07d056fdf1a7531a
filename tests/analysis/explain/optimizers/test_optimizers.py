"""Each optimizer of torch.optim, with several settings, over several steps: its row computes what torch did."""

from __future__ import annotations

import pytest

from tests.analysis.explain.optimizers.conftest import Train
from tests.helpers.of_updates import agree

SETTINGS = {
    "SGD": (
        "lr=0.1",
        "lr=0.1, weight_decay=0.01",
        "lr=0.1, momentum=0.9, dampening=0.3",
        "lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01",
        "lr=0.01, momentum=0.5, maximize=True, foreach=False",
        "lr=torch.tensor(0.1), momentum=0.9, weight_decay=0.1, maximize=True, foreach=True",
        "lr=0.1, momentum=0.9, fused=True",
    ),
    "Adam": (
        "lr=0.01",
        "lr=0.01, betas=(0.5, 0.7), eps=1e-3, weight_decay=0.1, maximize=True",
        "lr=0.1, amsgrad=True",
        "lr=0.1, amsgrad=True, foreach=False, weight_decay=0.1, decoupled_weight_decay=True",
        "lr=0.01, fused=True, weight_decay=0.1",
        "lr=0.01, differentiable=False, foreach=True",
    ),
    "AdamW": ("lr=0.01", "lr=0.01, weight_decay=0.3, amsgrad=True, maximize=True", "lr=0.1, weight_decay=0.0"),
    "NAdam": (
        "lr=0.01",
        "lr=0.01, momentum_decay=0.5, weight_decay=0.1, maximize=True, foreach=True",
        "lr=0.01, weight_decay=0.1, decoupled_weight_decay=True, betas=(0.8, 0.9), eps=1e-4",
    ),
    "RAdam": (
        "lr=0.01",
        "lr=0.01, betas=(0.9, 0.99), weight_decay=0.1",
        "lr=0.01, weight_decay=0.1, decoupled_weight_decay=True, maximize=True, eps=0.01, foreach=True",
    ),
    "Adamax": ("lr=0.01", "lr=0.01, betas=(0.5, 0.6), eps=0.01, weight_decay=0.1, maximize=True", "foreach=True"),
    "Adagrad": (
        "lr=0.1",
        "lr=0.1, lr_decay=0.3, initial_accumulator_value=0.2, weight_decay=0.1",
        "lr=0.1, eps=0.1, maximize=True, foreach=True",
        "lr=0.1, fused=True",
    ),
    "Adadelta": ("", "lr=0.5, rho=0.7, eps=1e-3, weight_decay=0.1, maximize=True", "foreach=True"),
    "RMSprop": (
        "",
        "lr=0.1, alpha=0.5, eps=0.1, weight_decay=0.1, maximize=True",
        "momentum=0.9",
        "centered=True, foreach=True",
        "centered=True, momentum=0.5, weight_decay=0.01",
    ),
    "Rprop": ("lr=0.1", "lr=0.5, etas=(0.3, 2.0), step_sizes=(0.01, 0.7)", "lr=0.3, maximize=True, foreach=True"),
    "ASGD": (
        "lr=0.1",
        "lr=0.1, lambd=0.1, alpha=0.5, t0=1, weight_decay=0.1",
        "lr=0.1, t0=0, maximize=True, foreach=True",
    ),
    "Adafactor": (
        "",
        "lr=0.5, beta2_decay=-0.5, eps=(1e-3, 0.1), d=0.3, weight_decay=0.1",
        "lr=0.1, maximize=True, foreach=True",
    ),
}
CASES = [(name, settings) for name, several in SETTINGS.items() for settings in several]


@pytest.mark.parametrize(("name", "settings"), CASES, ids=[f"{name}({settings})" for name, settings in CASES])
def test_the_step_is_torch_s(train: Train, name: str, settings: str) -> None:
    steps = 8 if name in ("RAdam", "Rprop") else 4
    trace = train(f"{name}(net.parameters(), {settings})", steps)
    assert agree(trace, name) == steps * 8
