"""`gradstep op` answers to every name that PyTorch has for an operation."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("name", ["relu", "relu_", "F.relu", "nn.ReLU", "torch.nn.functional.relu", "ReluBackward0"])
def test_all_names_lead_to_the_same_row(run: Run, name: str) -> None:
    printed = run("op", name)
    assert printed.code == 0
    assert "relu(input" in printed.lines[0]
    assert "gradient" in printed.out


def test_a_node_comes_with_pytorchs_formula(run: Run) -> None:
    assert "gradient of self = grad / (self * self + 1).conj()" in run("op", "AtanBackward0").out


@pytest.mark.parametrize("name", ["AdamW", "StepLR", "nn.LSTM", "cross_entropy", "sub_", "AddmmBackward0"])
def test_layers_losses_optimizers_and_schedulers_are_known(run: Run, name: str) -> None:
    assert run("op", name).code == 0


def test_in_chinese(run: Run) -> None:
    assert "梯度" in run("op", "relu", "--language", "zh").out


def test_a_wrong_name_is_met_with_near_ones(run: Run) -> None:
    printed = run("op", "sigmoide")
    assert printed.code == 2
    assert "sigmoid" in printed.err


def test_the_list_has_a_line_each(run: Run) -> None:
    lines = run("op").lines
    assert len(lines) > 200
    assert any(line.startswith("conv2d ") or line.startswith("conv1d ") for line in lines)


def test_all_of_a_card_is_in_chinese(run: Run) -> None:
    printed = run("op", "AtanBackward0", "--language", "zh").out
    assert "self 的梯度 = grad / (self * self + 1).conj()" in printed
    assert "自动微分节点：AtanBackward" in printed
    assert "formula" not in printed
