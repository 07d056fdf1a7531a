"""A user checks a program of their own: what the script did on purpose is not called torch's mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import gradstep
from engine.cli.main import main


def test_a_hook_that_halves_a_gradient_is_the_script_s_own_doing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.gradstep"
    with gradstep.record(path):
        w = torch.tensor([1.0, -2.0], requires_grad=True)
        w.register_hook(lambda gradient: gradient * 0.5)
        (w * w).sum().backward()
    assert main(["check", str(path), "--all"], lambda _: 0) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "cannot check, the script has hooks that may change gradients on their way" in printed


def test_running_statistics_and_inference_mode_give_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.LeakyReLU(0.1, inplace=True), torch.nn.Linear(3, 1))
    x = torch.randn(6, 3)
    with gradstep.record(path):
        net(x).sum().backward()
        net.eval()
        with torch.inference_mode():
            net(x)
    assert main(["check", str(path), "--all"], lambda _: 0) == 0
