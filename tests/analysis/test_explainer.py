"""Every equation, with the recorded numbers put in, comes to the recorded result."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.quantities import quantities
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.equations import english, holds, some_elements

Record = Callable[..., Trace]

RUNS = [
    ("hello", ()),
    ("autograd", ()),
    ("four_three_one", ("--passes", "2")),
    ("four_three_one", ("--passes", "2", "--buggy")),
    ("linear_regression", ("--epochs", "3")),
    ("linear_regression", ("--epochs", "3", "--no-zero-grad")),
    ("scratch_minibatch", ("--epochs", "1")),
    ("two_layer", ("--epochs", "2")),
    ("two_layer", ("--epochs", "2", "--mixed")),
    ("two_layer", ("--epochs", "2", "--quartic")),
    ("digits", ("--epochs", "1", "--drawn")),
    *(("lenet", ("--optimizer", name)) for name in ("momentum", "nesterov", "adam", "rmsprop")),
]
WITHOUT_EQUATION = {"tensor", "empty", "grad"}
"""What gives numbers from outside, or none."""


def lines(explanation: Explanation) -> list[str]:
    """The equations as text."""
    return [to_text(line.expression) for line in explanation.lines]


@pytest.mark.parametrize(("name", "argv"), RUNS)
def test_equations_come_to_the_recorded_numbers(recorded: Record, name: str, argv: tuple[str, ...]) -> None:
    trace = recorded(name, *argv)
    checked = 0
    for iteration in trace.iterations()[:4] + trace.iterations()[-2:]:
        for event in trace.events(iteration=iteration.number):
            for element in some_elements(trace, event, most=3):
                explanation = explain(trace, event.position, element)
                checked += agree(explanation)
                if event.kind == Kind.OP and event.name not in WITHOUT_EQUATION and not event.error:
                    assert explanation.worked, f"{event.name} has no equation"
        for quantity in quantities(trace, iteration.number):
            checked += agree(explain(trace, quantity))
    assert checked > 20


def agree(explanation: Explanation) -> int:
    """How many numbers its equations come to: float32 results of some hundred products, some of which cancel."""
    return holds(explanation, rtol=2e-4, atol=2e-6)


def test_hello_reads_like_the_textbook(recorded: Record) -> None:
    trace = recorded("hello")
    pages = {quantity.symbol: lines(explain(trace, quantity)) for quantity in quantities(trace, 0)}
    assert pages["z1"] == ["z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14) = 1.124"]
    assert pages["a1"] == ["a⁽¹⁾ = σ(z⁽¹⁾) = 1/(1 + e^(-1.124)) = 0.7547299"]
    assert pages["C"] == ["C = (a⁽²⁾ - t)² = (0.8505712 - 1)² = 0.02232896"]
    assert pages["dC/da2"] == ["∂C/∂a⁽²⁾ = 2·(a⁽²⁾ - t) = 2·(0.8505712 - 1) = -0.2988576"]
    assert pages["dC/dz2"] == [
        "σ′(z⁽²⁾) = a⁽²⁾·(1 - a⁽²⁾) = 0.8505712·(1 - 0.8505712) = 0.1270998",
        "∂C/∂z⁽²⁾ = ∂C/∂a⁽²⁾·σ′(z⁽²⁾) = -0.2988576·0.1270998 = -0.03798474",
    ]
    assert pages["s'(z2)"] == pages["dC/dz2"][:1]
    assert pages["dC/db2"] == ["∂C/∂b⁽²⁾ = ∂C/∂z⁽²⁾ = -0.03798474"]
    assert pages["dC/da1"] == ["∂C/∂a⁽¹⁾ = ∂C/∂z⁽²⁾·w⁽²⁾ = -0.03798474·2.45 = -0.09306262"]
    assert pages["new w1"] == ["new w⁽¹⁾ = w⁽¹⁾ - η·∂C/∂w⁽¹⁾ = 1.58 - 0.1·(-0.01378166) = 1.581378"]


def test_without_the_result_it_can_be_predicted(recorded: Record) -> None:
    trace = recorded("hello")
    z1 = quantities(trace, 0)[0]
    assert lines(explain(trace, z1, reveal=False)) == ["z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14)"]


def test_small_matrices_are_shown_whole(recorded: Record) -> None:
    trace = recorded("linear_regression", "--epochs", "3")
    page = explain(trace, quantities(trace, 0)[0])
    assert page.element is None
    assert lines(page) == ["z⁽¹⁾ = x (w⁽¹⁾)ᵀ + b⁽¹⁾ = [1; 2; 3] [0.5] + [-0.25] = [0.25; 0.75; 1.25]"]
    assert lines(explain(trace, quantities(trace, 0)[0], (1, 0)))[-1].endswith("= 0.5·2 + (-0.25) = 0.75")


def test_a_gradient_that_came_in_parts_is_their_sum(recorded: Record) -> None:
    trace = recorded("two_layer", "--epochs", "2", "--mixed")
    quantity = next(q for q in quantities(trace, 0) if q.symbol == "dC/dz1")
    page = explain(trace, quantity)
    assert english(page.notes) == ("2 ops used it; what they send back adds up.",)
    assert r"\underbrace" in to_latex(page.lines[-1].expression)


def test_gradients_add_up_without_zero_grad(recorded: Record) -> None:
    trace = recorded("linear_regression", "--epochs", "3", "--no-zero-grad")
    events = [e for e in trace.events(iteration=0) if e.name == "AccumulateGrad"]
    assert english(explain(trace, events[0].position).notes) == ("The box was empty.",)
    first = [float(trace.array(event.outputs[0].value).reshape(-1)[0]) for event in events]
    for was, event in zip(first, [e for e in trace.events(iteration=1) if e.name == "AccumulateGrad"], strict=True):
        page, arrived = explain(trace, event.position), float(trace.array(event.inputs[0].value).reshape(-1)[0])
        assert english(page.notes) == ("Added to what was there: gradients add up until they are cleared.",)
        assert page.checks[0].computed.reshape(-1)[0] == pytest.approx(was + arrived, rel=1e-6)
        assert holds(page, rtol=1e-6, atol=0.0) == 1


TWO_OPTIMIZERS = """
    import torch
    torch.manual_seed(0)
    makes, judges = torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)
    first, second = (torch.optim.SGD(net.parameters(), lr=0.1) for net in (judges, makes))
    for _ in range(2):
        made = torch.tanh(makes(torch.randn(4, 2)))
        first.zero_grad()
        (judges(made.detach()) ** 2).mean().backward()
        first.step()
        second.zero_grad()
        judges(made).mean().backward()
        second.step()
"""


def test_gradients_that_go_back_into_an_earlier_iteration_have_equations(recorded: Record) -> None:
    """A generator is run before its judge's update, and its gradients arrive after it."""
    trace = recorded(source=TWO_OPTIMIZERS)
    back = [
        event
        for event in trace.events(iteration=1)
        if event.node is not None and (node := trace.node(event.node)) is not None and node.iteration == 0
    ]
    assert [event.name for event in back if event.name.startswith("Tanh")]
    for event in back:
        page = explain(trace, event.position)
        assert page.worked or event.name == "TBackward0"
        assert not page.worked or agree(page)


ODD = """
    import torch
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = torch.add(x, x, alpha=2) + torch.sum(input=x, dim=-1, keepdim=True)
    z = torch.nn.functional.conv1d(y.unsqueeze(0), torch.ones(1, 2, 1))
    (z.clamp(0, 5).cumsum(-1) * torch.ones(2, 0).sum()).sum().backward()
"""


def test_unusual_calls_are_answered_without_a_wrong_equation(recorded: Record) -> None:
    trace = recorded(source=ODD)
    for event in trace.events():
        assert not any("torch did something else" in note.english for note in explain(trace, event.position).notes)
    added = next(event for event in trace.events() if event.name == "add")
    # x + 2x at the first place
    assert explain(trace, added.position).checks[0].computed == 3.0


def test_what_has_no_equation_says_so(recorded: Record) -> None:
    trace = recorded("hello")
    page = explain(trace, 0)
    assert not page.worked
    (note,) = english(page.notes)
    assert note == "There is no equation for empty here: its contents are undefined. It is not checked in numpy."
    with pytest.raises(KeyError):
        explain(trace, 10**6)


OPS = {
    "div": "(x / y).sum()",
    "neg": "(-x * y).sum()",
    "square": "x.square().sum()",
    "sqrt": "(x * x).sqrt().sum()",
    "exp": "x.exp().mean()",
    "log": "(x * x).log().sum()",
    "abs": "(x - y).abs().sum()",
    "leaky_relu": "torch.nn.functional.leaky_relu(x - 1).sum()",
    "softmax": "(x.softmax(dim=1) * y).sum()",
    "l1_loss": "torch.nn.functional.l1_loss(x, y)",
    "bce_logits": "torch.nn.functional.binary_cross_entropy_with_logits(x, y * 0)",
    "transpose": "(x.transpose(0, 1) @ y).sum()",
    "permute": "(x.permute(1, 0) * 2).sum()",
    "mean_of_rows": "(x.mean(dim=0) ** 3).sum()",
    "sum_kept": "(x * x.sum(dim=1, keepdim=True)).sum()",
    "broadcast": "(x * c + c).sum()",
    "vector": "(x @ c.flatten()[:3]).sum()",
    "log_softmax": "(x.log_softmax(dim=1) * y).sum()",
    "nll_loss": "torch.nn.functional.nll_loss(x.log_softmax(1), torch.tensor([2, 0]))",
    "cross_entropy_sum": "torch.nn.functional.cross_entropy(x, torch.tensor([2, 0]), reduction='sum')",
    "dropout": "(torch.nn.functional.dropout(x, 0.5) * y).sum()",
    "silu_chain": "torch.nn.functional.silu(x * y).sum()",
    "scalars": "x.sum() * y.sum() + 1",
    "axis": "(x.sum(axis=0) * 2).mean(dim=(0,))",
    "strided": "torch.nn.functional.conv2d(x.reshape(1, 1, 2, 3), k, stride=1, padding=1).sum()",
    "pooled": "torch.nn.functional.max_pool2d(x.reshape(1, 1, 2, 3), 2, stride=1, padding=1).sum()",
}


@pytest.mark.parametrize("expression", OPS.values(), ids=OPS.keys())
def test_single_ops_and_their_gradients(recorded: Record, expression: str) -> None:
    source = f"""
        import torch
        x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True)
        y = torch.tensor([[2.0, -1.0, 4.0], [0.5, 3.0, -2.0]], requires_grad=True)
        c = torch.tensor([[1.5, -0.5, 2.5]], requires_grad=True)
        k = torch.tensor([[[[1.0, 2.0], [-1.0, 0.5]]]], requires_grad=True)
        result = {expression}
        result.backward()
    """
    trace = recorded(source=source)
    nodes = 0
    for event in trace.events(iteration=0):
        for element in some_elements(trace, event, most=3):
            explanation = explain(trace, event.position, element)
            compared = agree(explanation)
            nodes += compared if event.kind == Kind.NODE else 0
    assert nodes > 0
    assert any(agree(explain(trace, quantity)) for quantity in quantities(trace, 0))
