"""dC/dw by replaying the whole forward pass: right, or refused with a reason, never another number."""

import numpy as np
import pytest

from engine.analysis.flow import flow_of
from engine.analysis.table.operation import OPERATIONS
from engine.analysis.verdict import replay
from engine.analysis.verdict.checker import Checker
from engine.analysis.verdict.whole import check_passes
from engine.events import Kind
from tests.helpers.checked_programs import NET, SQUARE, event_named


def passes(trace, iteration: int = 0):
    return check_passes(Checker(flow_of(trace, iteration)))


def test_every_parameter_of_a_net_agrees(recorded) -> None:
    for iteration in (0, 1):
        (found,) = passes(recorded(source=NET), iteration)
        assert (found.reason.english, found.root, found.differing) == ("", "C", [])
        assert set(found.parameters) == {"0.weight", "0.bias", "2.weight", "2.bias"}
        for comparison in found.parameters.values():
            assert comparison.difference < 1e-5 * max(abs(comparison.computed), 1e-3)
            assert comparison.elements > comparison.skipped


def test_in_double_precision_the_differences_are_tiny(recorded) -> None:
    (found,) = passes(recorded("hello", "--iterations", "2", "--double"))
    assert found.differing == []
    for comparison in found.parameters.values():
        assert comparison.relative < 1e-9


def test_a_wrong_gradient_is_found(recorded, planted) -> None:
    trace = recorded(source=NET)
    event = event_named(trace, "AccumulateGrad")
    changed = planted(trace, event.inputs[0].value, lambda gradient: gradient * np.float32(1.01))
    (found,) = passes(changed)
    assert found.differing == [trace.tensor(event.tensor).name]


def test_a_wrong_backward_of_the_scripts_own_is_found(recorded) -> None:
    (wrong,) = passes(recorded(source=SQUARE.replace("{gradient}", "3 * x")))
    assert wrong.differing == ["w"]
    (right,) = passes(recorded(source=SQUARE.replace("{gradient}", "6 * x")))
    assert right.differing == []


def test_masks_and_detached_values_are_constants(recorded) -> None:
    (found,) = passes(
        recorded(
            source="""
            import torch
            from torch.nn import functional as F
            torch.manual_seed(0)
            w = torch.randn(5, 8, requires_grad=True)
            z = torch.randn(6, 5) @ w
            a = F.dropout(z, 0.4)
            with torch.no_grad():
                scale = z.abs().mean()
            (a * a / z.detach() / scale).sum().backward()
            """
        )
    )
    assert (found.reason.english, found.differing) == ("", [])
    assert found.parameters["w"].elements > 0


def test_what_a_dropout_hides_is_left_out(recorded) -> None:
    """Weights that begin as zeros make zeros, of which nobody can tell whether they were dropped."""
    (found,) = passes(
        recorded(
            source="""
            import torch
            from torch.nn import functional as F
            torch.manual_seed(0)
            w = torch.zeros(3, 4, requires_grad=True)
            (F.dropout(torch.randn(5, 3) @ w, 0.5) * torch.randn(5, 4)).sum().backward()
            """
        )
    )
    assert (found.reason.english, found.differing) == ("", [])
    assert found.parameters["w"].skipped == found.parameters["w"].elements


def test_coarse_formats_inside_widen_the_tolerance(recorded, planted) -> None:
    trace = recorded(
        source="""
        import torch
        from torch import nn
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = net(torch.randn(6, 4)).square().mean()
        loss.backward()
        """
    )
    (found,) = passes(trace)
    assert (found.reason.english, found.differing) == ("", [])
    event = event_named(trace, "AccumulateGrad")
    (wrong,) = passes(planted(trace, event.inputs[0].value, lambda gradient: gradient * 2))
    assert len(wrong.differing) == 1


def test_gradients_that_are_nothing_but_rounding_agree(recorded) -> None:
    """A bias before a normalization has no effect, so its gradient is 0 but for rounding."""
    (found,) = passes(
        recorded(
            source="""
            import torch
            from torch import nn
            torch.manual_seed(0)
            net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
            net(torch.randn(16, 3)).square().sum().backward()
            """
        )
    )
    assert (found.reason.english, found.differing) == ("", [])


def test_each_backward_pass_has_its_own_root(recorded) -> None:
    found = passes(
        recorded(
            source="""
            import torch
            w = torch.tensor([1.0, 2.0, -1.0], requires_grad=True)
            y = (w * w).exp()
            y.backward(torch.tensor([1.0, 0.5, -2.0]), retain_graph=True)
            (w ** 3).sum().backward()
            """
        )
    )
    assert [len(part.parameters) for part in found] == [1, 1]
    assert [part.differing for part in found] == [[], []]
    w = np.array([1.0, 2.0, -1.0])
    for part, slopes in zip(found, (2 * w * np.exp(w * w) * [1.0, 0.5, -2.0], 3 * w * w), strict=True):
        comparison = part.parameters["w"]
        assert comparison.computed == pytest.approx(slopes[comparison.where[0]], rel=1e-6)


@pytest.mark.parametrize(
    "lines",
    [
        "y = z[1:]\ny.mul_(2)",
        "y = z.view(-1)\nz.mul_(2)",
        "y = z.T\ny.add_(1)",
    ],
)
def test_what_was_written_through_a_view_is_refused_or_right(recorded, lines: str) -> None:
    source = f"import torch\nw = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\nz = w * 3\n{lines}\n"
    (found,) = passes(recorded(source=source + "(z * z + y.sum()).sum().backward()"))
    assert "changed through another view" in found.reason.english
    assert found.parameters == {}


def test_writing_in_place_without_views_is_replayed(recorded) -> None:
    (found,) = passes(
        recorded(
            source="""
            import torch
            w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
            z = w * w
            z += w
            z.mul_(w)
            z.sum().backward()
            """
        )
    )
    assert (found.reason.english, found.differing) == ("", [])
    comparison = found.parameters["w"]
    w = np.array([1.0, 2.0, 3.0])[comparison.where]
    assert comparison.computed == pytest.approx(3 * w * w + 2 * w, rel=1e-6)


def test_elements_at_kinks_are_left_out(recorded) -> None:
    (found,) = passes(
        recorded(
            source="""
            import torch
            w = torch.tensor([0.0], requires_grad=True)
            w.relu().sum().backward()
            """
        )
    )
    comparison = found.parameters["w"]
    assert comparison.agrees
    assert comparison.skipped == comparison.elements == 1


def test_a_program_that_is_too_large_is_refused(recorded, monkeypatch) -> None:
    monkeypatch.setattr(replay, "MOST_NUMBERS", 20)
    (found,) = passes(recorded(source=NET))
    assert found.reason.english.startswith("more than 0 million numbers")


def test_an_op_without_a_formula_is_the_reason(recorded, monkeypatch) -> None:
    monkeypatch.delitem(OPERATIONS, "linalg_pinv", raising=False)
    (found,) = passes(
        recorded(
            source="""
            import torch
            w = torch.randn(3, 3, requires_grad=True)
            torch.linalg.pinv(w * 2).sum().backward()
            """
        )
    )
    assert found.reason.english.startswith("linalg_pinv at step ")


def test_a_trace_without_parameters_has_no_passes(recorded) -> None:
    trace = recorded(source="import torch\nx = torch.ones(3) * 2")
    assert passes(trace, trace.iterations()[0].number) == []
    assert all(event.kind == Kind.OP for event in trace.events())


def test_numbers_without_dimensions_are_replayed_where_a_gradient_nearly_cancels(recorded) -> None:
    """x is odd, so that dC/dshift is a sum of 2000 numbers that cancel, far below what rounding explains at first."""
    (found,) = passes(
        recorded(
            source="""
            import math, torch
            x = torch.linspace(-math.pi, math.pi, 2000)
            shift, slope = torch.tensor(0.0, requires_grad=True), torch.tensor(0.3, requires_grad=True)
            z = shift + slope * x
            loss = (0.5 * (5 * z**3 - 3 * z) + torch.sin(x)).pow(2).sum()
            loss.backward()
            """
        )
    )
    assert (found.reason.english, found.differing) == ("", [])
    assert set(found.parameters) == {"shift", "slope"}
