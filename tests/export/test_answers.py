"""What a trace answers from Python: trees, values, explanations, chains and checks that show themselves."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import gradstep
from tests.helpers.checked_programs import SQUARE
from tests.helpers.recorded_traces import hello_path, net_path

__all__ = ["hello_path", "net_path"]

ROOT = Path(__file__).resolve().parents[2]


def test_the_tree_of_a_trace_goes_down_to_module_calls(hello_path: Path) -> None:
    with gradstep.open(hello_path) as trace:
        lines = repr(trace).splitlines()
        assert lines[0] == f"hello.gradstep: {len(trace.events)} events, 2 iterations"
        place = lines.index("  forward     5  linear, sigmoid, linear, sigmoid, mse_loss")
        assert lines[place + 1 : place + 5] == [
            "      net (Tiny): sigmoid, sigmoid",
            "        hidden_layer (Linear): linear",
            "        output_layer (Linear): linear",
            "      criterion (MSELoss): mse_loss",
        ]
        assert lines[-1].startswith("iterations[1]: events ")
        assert "<details><summary>iterations[1]: events" in trace._repr_html_()


def test_the_tree_of_many_module_calls_stays_short(tmp_path: Path) -> None:
    net = nn.Sequential(*(nn.Linear(1, 1) for _ in range(40)))
    with gradstep.record(tmp_path / "t.gradstep"):
        net(torch.ones(1, 1))
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        text = repr(trace.iterations[0])
        assert "... and 29 more module calls" in text
        assert len(text.splitlines()) == 15


def test_a_value_says_its_shape_format_and_range(net_path: Path) -> None:
    with gradstep.open(net_path) as trace:
        z1 = trace.iterations[0].value("z1")
        array = trace.iterations[0]["z1"]
        assert (z1.shape, z1.dtype, z1.device, z1.kept) == ((20, 8), "float32", "cpu", True)
        assert z1.array is not None
        assert (z1.array == array).all()
        assert z1.statistics is not None
        assert z1.statistics.max == float(array.max())
        assert repr(z1) == f"<z1: (20×8) float32, {array.min():.4g} .. {array.max():.4g}>"
        with pytest.raises(KeyError, match=r"no 'zz' in iterations\[0\]"):
            trace.iterations[0].value("zz")


def test_nan_and_infinity_are_counted(tmp_path: Path) -> None:
    with gradstep.record(tmp_path / "t.gradstep"):
        w = torch.tensor([1.0, float("nan"), 4.0, float("inf")], requires_grad=True)
        (w * 2).sum().backward()
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert repr(trace.iterations[0].value("w")) == "<w: (4) float32, 1 .. 4, 1 NaN, 1 inf>"


def test_an_explanation_is_text_and_latex(hello_path: Path) -> None:
    with gradstep.open(hello_path) as trace:
        found = trace.explain("z1")
        assert found.lines == ("z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14) = 1.124",)
        assert found.lines[0] in repr(found)
        latex = found._repr_latex_()
        assert latex is not None
        assert latex.startswith("$$")
        assert r"z^{(1)} = w^{(1)} \cdot x" in latex
        position = trace.iterations[0].phase("forward")[0].position
        assert trace.explain(position).lines == found.lines
        with pytest.raises(KeyError, match=r"no quantity 'zz' in iterations\[0\]"):
            trace.explain("zz")
        with pytest.raises(IndexError, match="no event at position 9999"):
            trace.explain(9999)


def test_an_element_is_chosen(net_path: Path) -> None:
    with gradstep.open(net_path) as trace:
        found = trace.explain("z1", element=(3, 5))
        assert found.element == (3, 5)
        number = float(trace.iterations[0]["z1"][3, 5])
        assert float(found.lines[-1].rsplit("= ", 1)[1].replace("−", "-")) == pytest.approx(number, rel=1e-5)


def test_a_chain_adds_up_to_the_gradient(hello_path: Path) -> None:
    with gradstep.open(hello_path) as trace:
        found = trace.chain("dC/dw1", iteration=1)
        assert found.recorded == float(trace.iterations[1]["dC/dw1"].item())
        assert found.computed == pytest.approx(found.recorded, rel=1e-6)
        assert sum(found.products) == found.computed
        assert "∂a⁽²⁾/∂z⁽²⁾" in repr(found)
        with pytest.raises(ValueError, match="not a gradient"):
            trace.chain("z1")


def test_a_check_is_true_where_nothing_differs(hello_path: Path) -> None:
    with gradstep.open(hello_path) as trace:
        found = trace.check()
        assert found
        assert found.iterations == (0, 1)
        assert repr(found) == f"{len(trace.iterations[0].events) + len(trace.iterations[1].events)} events agree, " + (
            "0 differ, 0 cannot be checked"
        )
        assert "<td>sigmoid</td>" in found._repr_html_()
        with pytest.raises(gradstep.GradstepError, match="no iteration 100"):
            trace.check(99)


def test_a_wrong_backward_is_named_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text(SQUARE.replace("{gradient}", "3 * x"), encoding="utf-8")
    with gradstep.record(tmp_path / "t.gradstep"):
        runpy.run_path(str(script), run_name="__main__")
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        found = trace.check()
    assert not found
    line = 1 + SQUARE.splitlines().index("    def backward(ctx, g):")
    assert f"SquareBackward, wrong.py:{line} differs" in repr(found)


def test_asking_needs_neither_torch_nor_qt(hello_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gradstep\n"
        "with gradstep.open(sys.argv[2]) as trace:\n"
        "    repr(trace), trace._repr_html_(), repr(trace.iterations[0].value('C'))\n"
        "    repr(trace.explain('dC/dw1')), repr(trace.chain('dC/dw1')), repr(trace.check())\n"
        "print([name for name in ('torch', 'PySide6', 'app') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), str(hello_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
