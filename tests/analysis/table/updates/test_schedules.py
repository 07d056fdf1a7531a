"""Each scheduler of torch.optim.lr_scheduler, step by step: its row computes the learning rate that torch set."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from tests.analysis.table.updates.conftest import Train
from tests.helpers.equations import english
from tests.helpers.of_updates import agree, updates

SETTINGS = {
    "StepLR": ("optimizer, 3, gamma=0.5",),
    "MultiStepLR": ("optimizer, [2, 5, 5, 7], gamma=0.5",),
    "ConstantLR": ("optimizer, factor=0.25, total_iters=4", "optimizer"),
    "LinearLR": ("optimizer, start_factor=0.1, end_factor=0.9, total_iters=6", "optimizer"),
    "ExponentialLR": ("optimizer, 0.8",),
    "PolynomialLR": ("optimizer, 6, power=2.0", "optimizer, 20"),
    "CosineAnnealingLR": ("optimizer, 4", "optimizer, 7, eta_min=0.01"),
    "CosineAnnealingWarmRestarts": ("optimizer, 3", "optimizer, 2, T_mult=2, eta_min=0.01"),
    "LambdaLR": ("optimizer, lambda epoch: 0.9**epoch", "optimizer, [lambda e: 1 / (1 + e), lambda e: 0.5]"),
    "MultiplicativeLR": ("optimizer, lambda epoch: 0.9 + 0.01 * epoch",),
    "CyclicLR": (
        "optimizer, 0.01, 0.2, 3, 2",
        "optimizer, 0.01, 0.2, 2, mode='triangular2', base_momentum=0.5",
        "optimizer, [0.01, 0.02], [0.2, 0.1], 2, mode='exp_range', gamma=0.9, cycle_momentum=False",
        "optimizer, 0.01, 0.2, 2, scale_fn=lambda n: 0.5**n, scale_mode='iterations'",
    ),
    "OneCycleLR": (
        "optimizer, 0.3, total_steps=12",
        "optimizer, [0.3, 0.1], epochs=4, steps_per_epoch=3, anneal_strategy='linear', three_phase=True",
        "optimizer, 0.3, total_steps=11, cycle_momentum=False, pct_start=0.5",
    ),
    "SequentialLR": (
        "optimizer, [LinearLR(optimizer, 0.1, total_iters=3), ExponentialLR(optimizer, 0.8)], [4]",
        "optimizer, [LambdaLR(optimizer, lambda e: 0.5 + e), MultiplicativeLR(optimizer, lambda e: 0.9 - e / 50),"
        " CosineAnnealingLR(optimizer, 4)], [2, 6]",
        "optimizer, [ConstantLR(optimizer, total_iters=2), CosineAnnealingWarmRestarts(optimizer, 2)], [3]",
    ),
    "ChainedScheduler": (
        "[LinearLR(optimizer, 0.1, total_iters=3), ExponentialLR(optimizer, 0.9), StepLR(optimizer, 2)]",
        "[SequentialLR(optimizer, [LinearLR(optimizer), ExponentialLR(optimizer, 0.8)], [3]), StepLR(optimizer, 2)]",
    ),
}
CASES = [(name, settings) for name, several in SETTINGS.items() for settings in several]
TWO_GROUPS = "SGD([{'params': [net.weight], 'lr': 0.2}, {'params': [net.bias]}], lr=0.1, momentum=0.9)"


@pytest.mark.parametrize(("name", "settings"), CASES, ids=[f"{name}({settings[:40]})" for name, settings in CASES])
def test_the_next_rate_is_torch_s(train: Train, name: str, settings: str) -> None:
    trace = train(TWO_GROUPS, 10, before=f"scheduler = {name}({settings})", after="scheduler.step()")
    assert agree(trace, name) >= 20
    rates = [event.arguments["new_lr"] for event in updates(trace, name)]
    seen = [event.arguments["lr"] for event in updates(trace, "SGD")]
    # Two parameters, one a group, a step: what the scheduler set is what the optimizer's next step went by.
    assert seen[2:] == [rate for pair in rates[-10:-1] for rate in pair]


@pytest.mark.parametrize("name", ["CyclicLR", "OneCycleLR"])
def test_momentum_of_adam_is_its_first_beta(train: Train, name: str) -> None:
    settings = {"CyclicLR": "optimizer, 0.01, 0.2, 2", "OneCycleLR": "optimizer, 0.2, total_steps=9"}[name]
    trace = train("Adam(net.parameters())", 8, before=f"scheduler = {name}({settings})", after="scheduler.step()")
    assert agree(trace, name) >= 8
    assert agree(trace, "Adam") == 64
    turned = [event.arguments["new_momentum"][0] for event in updates(trace, name)][-8:]
    betas = [event.arguments["betas"][0] for event in updates(trace, "Adam")]
    assert betas[2::2] == turned[:-1]


@pytest.mark.filterwarnings("ignore:The epoch parameter")
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *(("StepLR", "optimizer, 3"), ("MultiStepLR", "optimizer, [2, 5]"), ("ConstantLR", "optimizer, 0.3, 4")),
        *(("LinearLR", "optimizer"), ("ExponentialLR", "optimizer, 0.8"), ("PolynomialLR", "optimizer, 6, 2.0")),
        *(("CosineAnnealingLR", "optimizer, 4, 0.01"), ("CosineAnnealingWarmRestarts", "optimizer, 2, 2")),
        ("CosineAnnealingWarmRestarts", "optimizer, 3"),
    ],
)
def test_epochs_that_the_script_names(train: Train, name: str, settings: str) -> None:
    trace = train(
        TWO_GROUPS, 8, before=f"scheduler = {name}({settings})", after="scheduler.step([1, 4, 2, 9, 3, 0, 5, 7][n])"
    )
    assert agree(trace, name) >= 16


METRICS = "[5.0, 4.0, 4.1, 3.9999, 4.2, 3.0, 3.5, 3.4, 3.3, 3.2, 3.1, 3.05]"


@pytest.mark.parametrize(
    "settings",
    [
        "optimizer, patience=1, factor=0.5",
        "optimizer, patience=0, cooldown=2, threshold=0.2, threshold_mode='abs', min_lr=[0.05, 0.001]",
        "optimizer, mode='max', patience=1, threshold=0.01",
        "optimizer, mode='max', patience=2, threshold_mode='abs', eps=0.1",
    ],
)
@pytest.mark.parametrize("given", ["{metric}", "metrics=torch.tensor({metric})"])
def test_reduction_on_a_plateau(train: Train, settings: str, given: str) -> None:
    after = f"scheduler.step({given.format(metric=METRICS + '[n]')})"
    trace = train(TWO_GROUPS, 12, before=f"scheduler = ReduceLROnPlateau({settings})", after=after)
    assert agree(trace, "ReduceLROnPlateau") == 24


def test_a_rate_that_is_a_tensor(train: Train) -> None:
    trace = train(
        "SGD(net.parameters(), lr=torch.tensor(0.1))",
        4,
        before="scheduler = StepLR(optimizer, 2)",
        after="scheduler.step()",
    )
    assert agree(trace, "StepLR") == 4
    rates = [event.arguments["new_lr"][0] for event in updates(trace, "StepLR")]
    np.testing.assert_allclose(rates, [0.1, 0.01, 0.01, 0.001], rtol=1e-12)


def lines(trace: object, position: int) -> list[str]:
    """The equations of a page as text."""
    return [to_text(line.expression) for line in explain(trace, position).lines]  # type: ignore[arg-type]


def test_it_reads_like_the_formula(train: Train) -> None:
    trace = train(
        "SGD(net.parameters(), lr=0.1)", 4, before="scheduler = StepLR(optimizer, 2, 0.5)", after="scheduler.step()"
    )
    first, second, *_ = updates(trace, "StepLR")
    assert lines(trace, first.position) == ["new η = η = 0.1"]
    assert english(explain(trace, first.position).notes) == ("Epoch 1: it changes at every multiple of 2.",)
    assert lines(trace, second.position) == ["new η = η·γ = 0.1·0.5 = 0.05"]
    assert explain(trace, second.position).about.english == "Every few epochs the learning rate is multiplied by γ."


def test_a_function_of_the_script_is_shown_as_f(train: Train) -> None:
    before = "scheduler = LambdaLR(optimizer, lambda epoch: 0.5 / epoch if epoch else 1.0)"
    trace = train("SGD(net.parameters(), lr=0.1)", 2, before=before, after="scheduler.step()")
    assert lines(trace, updates(trace, "LambdaLR")[1].position) == ["new η = η₀·f(t) = 0.1·0.25 = 0.025"]


def test_parts_of_a_chain_are_shown_one_after_another(train: Train) -> None:
    before = "scheduler = ChainedScheduler([ExponentialLR(optimizer, 0.5), StepLR(optimizer, 1, 0.1)])"
    trace = train("SGD(net.parameters(), lr=0.1)", 1, before=before, after="scheduler.step()")
    first, second, new = lines(trace, updates(trace, "ChainedScheduler")[0].position)
    assert first.endswith("= η·γ = 0.1·0.5 = 0.05")
    assert second.endswith("= η·γ = 0.05·0.1 = 0.005")
    assert new.endswith("= 0.005")
