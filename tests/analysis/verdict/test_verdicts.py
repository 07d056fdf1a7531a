"""Verdicts on recorded events: right numbers agree, planted errors are found, and the rest is said to be unchecked."""

from dataclasses import replace

import numpy as np
import pytest

from engine.analysis.table.operation import OPERATIONS, row_of
from engine.analysis.verdict.answer import Answer
from engine.analysis.verdict.checker import verdict
from engine.events import Kind
from tests.helpers.checked_programs import NET, SQUARE, event_named, not_agreeing, verdicts

BACKWARD = """
import torch
torch.manual_seed(0)
w = torch.randn(4, 3, requires_grad=True)
x = torch.randn(6, 4)
z = x @ w
a = z.sigmoid()
(a * a + z).mean().backward()
"""


@pytest.mark.parametrize("options", [(), ("--double",)])
def test_every_step_of_the_first_example_agrees(recorded, options: tuple[str, ...]) -> None:
    trace = recorded("hello", "--iterations", "2", *options)
    for iteration in (0, 1):
        assert not_agreeing(trace, iteration) == []
    found = verdicts(trace)
    assert {part.method for one in found for part in one.comparisons} == {"numpy", "vjp", "finite differences"}


def test_each_kind_of_event_is_compared(recorded) -> None:
    trace = recorded(source=NET)
    assert not_agreeing(trace, 1) == []
    compared: dict[str, list[str]] = {}
    for one in verdicts(trace, 1):
        compared.setdefault(one.what.english, []).extend(part.what.english for part in one.comparisons)
    assert compared["linear"] == ["result"] * 2
    assert {"gradient for weight", "gradient for bias"} <= set(compared["gradients of linear"])
    assert compared[".grad"] == [".grad"] * 4
    assert compared["SGD"] == ["new parameter"] * 4


def test_views_inside_an_op_are_checked_with_it(recorded) -> None:
    trace = recorded(source=NET)
    event = event_named(trace, "TBackward0")
    linear = event_named(trace, "linear", which=1)
    found = verdict(trace, event.position)
    assert found.answer == Answer.AGREES
    assert found.reason.english == f"checked as part of linear at step {linear.position}"


def planted_gradient(trace, planted, change):
    """The trace with a changed dC/dw of the matmul in BACKWARD, and the verdict on the node that sent it."""
    node = event_named(trace, "MmBackward0")
    (slot,) = node.outputs
    return verdict(planted(trace, slot.value, change), node.position)


def shifted(gradient: np.ndarray) -> np.ndarray:
    gradient[2, 1] += 1e-3 * np.abs(gradient).max()
    return gradient


def rolled(gradient: np.ndarray) -> np.ndarray:
    return np.roll(gradient, 1, axis=0)


CHANGES = {
    "scaled by 1.001": lambda gradient: gradient * np.float32(1.001),
    "one element off": shifted,
    "rows exchanged": rolled,
    "sign": lambda gradient: -gradient,
    "a NaN": lambda gradient: np.where(gradient == gradient.max(), np.nan, gradient),
    "another shape": lambda gradient: gradient.T,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_gradient_is_found(recorded, planted, change: str) -> None:
    trace = recorded(source=BACKWARD)
    assert planted_gradient(trace, planted, lambda gradient: gradient).answer == Answer.AGREES
    found = planted_gradient(trace, planted, CHANGES[change])
    assert found.answer == Answer.DIFFERS
    assert not found.worst.agrees
    assert found.line == ("script" + found.line[0].removeprefix("script"), 8)


def test_the_wrong_element_is_pointed_at(recorded, planted) -> None:
    assert planted_gradient(recorded(source=BACKWARD), planted, shifted).worst.where == (2, 1)


def test_a_dropped_term_is_found(recorded, planted) -> None:
    """dC/dw is a sum over 6 samples; without the last it is another number."""
    trace = recorded(source=BACKWARD)
    x = trace.array(event_named(trace, "matmul").inputs[0].value)
    arrived = trace.array(event_named(trace, "MmBackward0").inputs[0].value)
    found = planted_gradient(trace, planted, lambda gradient: gradient - np.outer(x[5], arrived[5]))
    assert found.answer == Answer.DIFFERS


@pytest.mark.parametrize("name", ["linear", "sigmoid", "mse_loss"])
def test_a_wrong_result_is_found(recorded, planted, name: str) -> None:
    trace = recorded(source=NET)
    event = event_named(trace, name)
    changed = planted(trace, event.outputs[0].value, lambda result: result * np.float32(1.001))
    assert verdict(changed, event.position).answer == Answer.DIFFERS
    assert verdict(trace, event.position).answer == Answer.AGREES


def test_a_wrong_update_is_found(recorded, planted) -> None:
    trace = recorded(source=NET)
    event = event_named(trace, "SGD")
    old, gradient = (trace.array(slot.value) for slot in event.inputs[:2])
    changed = planted(trace, event.outputs[0].value, lambda _: old - np.float32(0.101) * gradient)
    assert verdict(changed, event.position).answer == Answer.DIFFERS


def test_parts_of_a_fork_are_checked_one_by_one_and_as_a_sum(recorded, planted) -> None:
    """z is used by sigmoid and by +, and what arrives for it is the sum of what both send back."""
    trace = recorded(source=BACKWARD)
    node = event_named(trace, "MmBackward0")
    found = verdict(trace, node.position)
    assert [part.what.english for part in found.comparisons if part.method == "numpy"] == ["sum of 2 parts"]
    changed = planted(trace, node.inputs[0].value, lambda gradient: gradient * np.float32(1.001))
    assert verdict(changed, node.position).answer == Answer.DIFFERS
    part = event_named(trace, "SigmoidBackward0")
    changed = planted(trace, part.outputs[0].value, lambda gradient: gradient * np.float32(1.001))
    assert verdict(changed, part.position).answer == Answer.DIFFERS


ADDED = """
import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
for factor in (3.0, 4.0):
    (w * w * factor).sum().backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
"""


def test_gradients_that_pile_up_are_added_to_what_was_there(recorded, planted) -> None:
    trace = recorded(source=ADDED)
    event = event_named(trace, "AccumulateGrad", which=1)
    assert event.iteration == 1
    assert event.inputs[0].value != event.outputs[0].value
    assert not_agreeing(trace, 1) == []
    arrived = trace.array(event.inputs[0].value)
    changed = planted(trace, event.outputs[0].value, lambda _: arrived)
    assert verdict(changed, event.position).answer == Answer.DIFFERS


def test_a_hook_that_changes_a_gradient_is_no_difference(recorded) -> None:
    trace = recorded(
        source="""
        import torch
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        z = w * 3
        z.register_hook(lambda g: g * 2)
        z.sum().backward()
        """
    )
    ((name, reason),) = not_agreeing(trace)
    assert name == "MulBackward0"
    assert "hooks" in reason


def test_kinks_are_left_out_of_differences(recorded) -> None:
    trace = recorded(
        source="""
        import torch
        z = torch.tensor([0.0, -1.0], requires_grad=True)
        z.relu().sum().backward()
        """
    )
    assert not_agreeing(trace) == []
    found = verdict(trace, event_named(trace, "ReluBackward0").position)
    moved = next(part for part in found.comparisons if part.method == "finite differences")
    assert 0 < moved.skipped < moved.elements


def test_saturated_sigmoids_agree_in_float32(recorded) -> None:
    """torch computes a (1 - a) from the rounded a; for z = 15 little of that is left."""
    trace = recorded(
        source="""
        import torch
        z = torch.tensor([15.0, 12.0, -20.0, 40.0], requires_grad=True)
        y = torch.tensor([9.0, 5.0, -12.0], requires_grad=True)
        (z.sigmoid().sum() + y.tanh().sum()).backward()
        """
    )
    assert not_agreeing(trace) == []


def test_half_precision_has_its_own_tolerance(recorded, planted) -> None:
    trace = recorded(source=BACKWARD.replace("torch.manual_seed(0)", "torch.set_default_dtype(torch.bfloat16)"))
    assert not_agreeing(trace) == []
    assert planted_gradient(trace, planted, lambda gradient: gradient * np.float32(1.2)).answer == Answer.DIFFERS


@pytest.mark.parametrize(
    "line",
    [
        "torch.linalg.cholesky(w @ w.T + 3 * torch.eye(4)).sum().backward()",
        "(w @ w.T).sin().sum().backward()",
        "w.sum(dtype=torch.float32).backward()",
        "w.half().float().square().sum().backward()",
        "(w.round(decimals=3) * w).sum().backward()",
        "torch.erfc(w + 9).sum().backward()",
        "(w - w.detach()).sin().sum().backward()",
        "w.sort().values.cumsum(0).max(dim=1).values.sum().backward()",
        "torch.where(w > 0, w, w * 0.1).norm().backward()",
        "torch.einsum('ij,kj->ik', w, w).exp().log().mean().backward()",
    ],
)
def test_ops_that_are_hard_on_differences_agree(recorded, line: str) -> None:
    head = "import torch\ntorch.manual_seed(0)\nw = torch.randn(4, 4, requires_grad=True)\n"
    found = verdicts(recorded(source=head + line))
    assert [(one.name, one.worst) for one in found if one.answer == Answer.DIFFERS] == []


def test_convolutions_on_nvidia_devices_are_as_coarse_as_cudnn_makes_them(recorded, planted) -> None:
    trace = recorded(
        source="""
        import torch
        from torch.nn import functional as F
        torch.manual_seed(0)
        F.conv1d(torch.randn(2, 3, 8), torch.randn(4, 3, 3))
        """
    )
    event = event_named(trace, "conv1d")
    changed = planted(trace, event.outputs[0].value, lambda result: result * np.float32(1.0005))
    assert verdict(changed, event.position).answer == Answer.DIFFERS
    values = changed.values
    changed.values = lambda keys: {key: replace(value, device="cuda:0") for key, value in values(keys).items()}
    assert verdict(changed, event.position).answer == Answer.AGREES


def test_a_dropout_of_zeros_is_left_out(recorded) -> None:
    """Behind a relu half of what goes in is 0: whether it was dropped cannot be told."""
    trace = recorded(
        source="""
        import torch
        from torch.nn import functional as F
        torch.manual_seed(0)
        z = torch.randn(6, 5, requires_grad=True)
        (F.dropout(z.relu(), 0.3) * torch.arange(5.0)).sum().backward()
        """
    )
    assert not_agreeing(trace) == []
    dropout = event_named(trace, "dropout")
    zeros = int((trace.array(dropout.inputs[0].value) == 0).sum())
    found = verdict(trace, next(event.position for event in trace.events() if event.node == dropout.outputs[0].node))
    assert next(part.skipped for part in found.comparisons if part.method == "vjp") == zeros


def test_results_that_are_made_from_other_results_are_followed(recorded, planted) -> None:
    """An LSTM cell makes h from c: what its own nodes send to c does not come from outside."""
    trace = recorded(
        source="""
        import torch
        from torch import nn
        torch.manual_seed(0)
        cell = nn.LSTMCell(3, 4)
        h = c = torch.zeros(2, 4)
        for step in torch.randn(3, 2, 3):
            h, c = cell(step, (h, c))
        (h.sum() + (c * c).sum()).backward()
        """
    )
    assert not_agreeing(trace) == []
    bias = event_named(trace, "AddmmBackward0")
    changed = planted(trace, bias.outputs[0].value, lambda gradient: gradient * np.float32(1.001))
    assert verdict(changed, bias.position).answer == Answer.DIFFERS


@pytest.mark.parametrize("change", [1.001, 0.999])
def test_no_number_of_a_training_step_can_be_off_by_a_thousandth(recorded, planted, change: float) -> None:
    """Whatever an event makes is changed in turn; then something must differ."""
    trace = recorded(source=NET)
    missed = []
    for event in trace.events(iteration=1):
        given = {slot.value for slot in event.inputs}
        for slot in event.outputs if event.kind != Kind.UPDATE else ():
            if slot.value in given or not np.any(trace.array(slot.value)):
                continue
            changed = planted(trace, slot.value, lambda numbers: numbers * numbers.dtype.type(change))
            if all(found.answer == Answer.AGREES for found in verdicts(changed, 1)):
                missed.append((event.position, event.name, slot.name))
    assert missed == []


def test_autograd_grad_hands_on_what_nodes_sent(recorded, planted) -> None:
    trace = recorded(
        source="""
        import torch
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        (dx,) = torch.autograd.grad((x * x * 3 + x).sum(), x)
        """
    )
    assert not_agreeing(trace) == []
    event = event_named(trace, "grad")
    assert trace.array(event.outputs[0].value).tolist() == [7.0, 13.0]
    changed = planted(trace, event.outputs[0].value, lambda gradient: gradient + 1)
    assert verdict(changed, event.position).answer == Answer.DIFFERS


def test_a_wrong_backward_of_the_scripts_own_is_named(recorded) -> None:
    trace = recorded(source=SQUARE.replace("{gradient}", "3 * x"))
    found = verdict(trace, event_named(trace, "SquareBackward").position)
    assert found.answer == Answer.DIFFERS
    file, line = found.line
    assert "def backward" in trace.sources()[0].text.splitlines()[line - 1]
    begun = f"Square.backward at {file}:{line} sends a gradient that differs from finite diff"
    assert found.reason.english.startswith(begun)
    assert {part.method for part in found.comparisons} == {"finite differences"}
    assert found.worst.computed == pytest.approx(2 * found.worst.recorded, rel=1e-4)


def test_a_right_backward_of_the_scripts_own_agrees(recorded) -> None:
    trace = recorded(source=SQUARE.replace("{gradient}", "6 * x"))
    assert not_agreeing(trace) == []
    assert verdict(trace, event_named(trace, "Square", Kind.OP).position).comparisons[0].elements == 8


def test_a_function_of_the_scripts_own_may_have_the_name_of_one_of_torchs(recorded) -> None:
    assert row_of("square") is not None
    source = SQUARE.replace("Square", "square")
    assert not_agreeing(recorded(source=source.replace("{gradient}", "6 * x"))) == []
    ((name, reason),) = not_agreeing(recorded(source=source.replace("{gradient}", "2 * x")))
    assert name == "squareBackward"
    assert reason.startswith("square.backward at ")


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("y = x * x.max().item()", "its forward leaves torch, by item()"),
        ("y = torch.from_numpy(x.detach().numpy() ** 2)", "its forward leaves torch, by numpy()"),
        ("y = torch.tensor([[1.0, 2.0]] * 4)", "inside it tensor makes"),
        ("y = torch.linalg.pinv(x).mT.contiguous()", "inside it, at linalg_pinv: there is no formula"),
    ],
)
def test_what_cannot_be_put_together_is_refused(recorded, monkeypatch, inside: str, reason: str) -> None:
    monkeypatch.delitem(OPERATIONS, "linalg_pinv", raising=False)
    trace = recorded(source=SQUARE.replace("{gradient}", "6 * x").replace("y = x * x", inside))
    for name in ("Square", "SquareBackward"):
        found = verdict(trace, event_named(trace, name).position)
        assert found.answer == Answer.CANNOT_CHECK
        assert found.reason.english.startswith(reason)


def test_what_cannot_be_checked_says_why(recorded, monkeypatch) -> None:
    monkeypatch.delitem(OPERATIONS, "linalg_pinv", raising=False)
    trace = recorded(
        source="""
        import torch
        from torch import nn
        x = torch.randn(3, 3, requires_grad=True)
        torch.linalg.pinv(x).sum().backward()
        try:
            x @ torch.ones(4)
        except RuntimeError:
            pass
        with torch.no_grad():
            nn.TransformerEncoderLayer(4, 2, batch_first=True).eval()(torch.randn(1, 2, 4))
        """
    )
    reasons = {}
    for event in trace.events():
        found = verdict(trace, event.position)
        if found.answer == Answer.CANNOT_CHECK:
            reasons.setdefault(event.name, found.reason.english)
    assert reasons["linalg_pinv"] == "there is no formula for linalg_pinv in the table"
    assert reasons["matmul"].startswith("it failed: RuntimeError: ")
    assert reasons["TransformerEncoderLayer"] == "what runs inside TransformerEncoderLayer was not recorded"


def test_numbers_that_were_not_kept_cannot_be_checked(recorded) -> None:
    trace = recorded(source=NET)
    event = event_named(trace, "linear")
    other = type(trace)(trace.path)
    other.array = lambda value: None
    found = verdict(other, event.position)
    assert found.answer == Answer.CANNOT_CHECK
    assert "not in the trace" in found.reason.english
    other.close()


def test_there_is_no_verdict_on_no_event(recorded) -> None:
    with pytest.raises(KeyError):
        verdict(recorded(source=NET), 10_000)


CAUSAL = """
import torch, torch.nn.functional as F
torch.manual_seed(5)
for _ in range(12):
    q, k, v = (torch.randn(2, 4, 16, 8, requires_grad=True) for _ in range(3))
    (F.scaled_dot_product_attention(q, k, v + 30, is_causal=True) * torch.randn(2, 4, 16, 8)).sum().backward()
"""


def test_a_query_that_sees_one_key_only_gets_rounding_where_nothing_is_due(recorded) -> None:
    trace = recorded(source=CAUSAL)
    position = event_named(trace, "ScaledDotProductFlashAttentionForCpuBackward0").position
    sent = trace.array(trace.event(position).outputs[0].value)
    assert np.abs(sent[:, :, 0]).max() > 0  # softmax over one score is 1 whatever the score: its derivative is 0
    assert [bad for one in trace.iterations() for bad in not_agreeing(trace, one.number)] == []
