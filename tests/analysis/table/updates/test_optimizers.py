"""Each optimizer of torch.optim, with several settings, over several steps: its row computes what torch did."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.table.call import UnfitError
from engine.analysis.table.rule import RULES, Step
from tests.analysis.table.updates.conftest import Train
from tests.helpers.equations import english
from tests.helpers.of_updates import agree, computed, updates

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
        "lr=0.5, beta2_decay=-0.5, eps=(1e-3, 0.1), d=1.5, weight_decay=0.1",
        "lr=0.1, maximize=True, foreach=True",
    ),
}
CASES = [(name, settings) for name, several in SETTINGS.items() for settings in several]


@pytest.mark.parametrize(("name", "settings"), CASES, ids=[f"{name}({settings})" for name, settings in CASES])
def test_the_step_is_torch_s(train: Train, name: str, settings: str) -> None:
    steps = 8 if name in ("RAdam", "Rprop") else 4
    trace = train(f"{name}(net.parameters(), {settings})", steps)
    assert agree(trace, name) == steps * 8


@pytest.mark.parametrize(
    "settings",
    [
        "lr=0.1",
        "lr=0.1, momentum=0.5, nesterov=False, weight_decay=0.0, ns_steps=3",
        "lr=0.1, adjust_lr_fn='match_rms_adamw', eps=1e-3",
    ],
)
@pytest.mark.parametrize("net", ["net = nn.Linear(3, 2, bias=False)", "net = nn.Linear(2, 3, bias=False)"])
def test_muon(train: Train, settings: str, net: str) -> None:
    data = "x, y = (torch.randn(5, net.in_features), torch.randn(5, net.out_features))"
    trace = train(f"Muon(net.parameters(), {settings})", 3, net=net, begin=data)
    assert agree(trace, "Muon") == 18


def test_a_large_matrix_of_muon_is_explained_but_not_checked(train: Train) -> None:
    trace = train(
        "Muon(net.parameters())", 1, net="net = nn.Linear(80, 80, bias=False)", begin="x = y = torch.randn(5, 80)"
    )
    (event,) = updates(trace, "Muon")
    with pytest.raises(UnfitError, match="bfloat16"):
        computed(trace, event)
    page = explain(trace, event.position, (3, 4))
    assert page.worked
    assert "not repeated here" in page.notes[0].english
    # The direction of steepest descent, turned: 0.001 times an element of a matrix with singular values near 1.
    turned = float(to_text(page.lines[-2].expression).split(" = ")[-1])
    assert 0 < abs(turned) < 1.3


TABLE = "table = nn.Embedding(4, 2, sparse=True)"
LOOK_UP = """net = lambda x: table(torch.tensor([[1, 2, 1], [2, 2, 0], [0, 1, 1]][min(n, 2)]))
    x, y = torch.zeros(1), torch.ones(3, 2) * torch.tensor([1.0, -2.0])"""


def test_sparse_adam_steps_the_rows_that_were_used(train: Train) -> None:
    trace = train("SparseAdam(table.parameters(), lr=0.1, betas=(0.8, 0.9))", 4, net=TABLE, begin=LOOK_UP)
    assert agree(trace, "SparseAdam") == 32
    event = updates(trace, "SparseAdam")[1]
    notes = english(explain(trace, event.position, (1, 0)).notes)
    assert notes == ("This row was not used, so nothing happens to it.",)


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@pytest.mark.parametrize("name", ["SGD", "Adagrad"])
def test_sparse_gradients_of_others(train: Train, name: str) -> None:
    trace = train(f"{name}(table.parameters(), lr=0.1)", 4, net=TABLE, begin=LOOK_UP)
    assert agree(trace, name) == 32


def test_scaled_gradients_of_a_fused_step_are_unscaled(train: Train) -> None:
    clip = """optimizer.grad_scale = torch.full((), 4.0, dtype=torch.float32)
        optimizer.found_inf = torch.zeros((), dtype=torch.float32)"""
    trace = train("Adam(net.parameters(), lr=0.01, fused=True)", 2, clip=clip)
    assert agree(trace, "Adam") == 16


def test_groups_have_their_own_settings(train: Train) -> None:
    groups = "[{'params': [net.weight], 'lr': 0.5}, {'params': [net.bias], 'momentum': 0.0}]"
    trace = train(f"SGD({groups}, lr=0.1, momentum=0.9)")
    assert agree(trace, "SGD") == 32
    assert {event.arguments["lr"] for event in updates(trace, "SGD")} == {0.5, 0.1}


def test_complex_numbers_are_not_guessed_at(train: Train) -> None:
    net = "w = nn.Parameter(torch.ones(3, 2, dtype=torch.complex128)); net = lambda x: (x.to(w.dtype) @ w).abs()"
    trace = train("Adam([w])", 1, net=net)
    (event,) = updates(trace, "Adam")
    assert not explain(trace, event.position).worked
    with pytest.raises(UnfitError, match="complex"):
        RULES["Adam"].step(Step(np.ones(2) * 1j, np.ones(2) * 1j, {}, {}))


def test_lbfgs_is_explained_in_words_and_says_why_it_is_not_checked(train: Train) -> None:
    closure = """def closure():
        optimizer.zero_grad()
        loss = (net(torch.ones(3, 3)) ** 2).sum()
        loss.backward()
        return loss"""
    step = "optimizer.step = partial(optimizer.step, closure)"
    net = "from functools import partial; net = nn.Linear(3, 2)"
    trace = train("LBFGS(net.parameters(), max_iter=3)", 2, net=net, begin=f"{closure}\n    {step}")
    for event in updates(trace, "LBFGS"):
        page = explain(trace, event.position)
        assert page.about.english.startswith("All weights together move")
        assert not page.worked
    with pytest.raises(UnfitError, match="gradients of all parameters"):
        computed(trace, event)


@pytest.mark.parametrize("name", [*SETTINGS, "Muon", "SparseAdam", "LBFGS"])
def test_every_optimizer_has_words_in_both_languages(name: str) -> None:
    words = RULES[name].words
    for said in (words.does, words.gradient):
        assert said[0].endswith(".")
        assert said[1].endswith("。")


def test_all_optimizers_of_torch_have_a_row() -> None:
    kinds = [kind for kind in vars(torch.optim).values() if isinstance(kind, type)]
    names = {kind.__name__ for kind in kinds if issubclass(kind, torch.optim.Optimizer)} - {"Optimizer"}
    assert names <= set(RULES)


def test_adam_reads_like_the_textbook(train: Train) -> None:
    trace = train("Adam(net.parameters(), lr=0.01)", 2)
    page = explain(trace, updates(trace, "Adam")[2].position, (0, 0))
    symbols = [to_text(line.expression).split(" = ")[:2] for line in page.lines]
    assert [left for left, _ in symbols] == ["m", "v", "m̂", "v̂", "new w_(0,0)⁽¹⁾"]
    assert symbols[2][1] == "m/(1 - β₁^t)"
    assert symbols[4][1] == "w_(0,0)⁽¹⁾ - η·m̂/(√(v̂) + ε)"
    assert english(page.notes) == ("Step 2 of the optimizer.",)
    assert all(to_latex(line.expression) for line in page.lines)
