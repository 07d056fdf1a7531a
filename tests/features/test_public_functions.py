"""Autograd functions that a script writes itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from engine.analysis.quantities import quantities
from engine.events import Event, Phase
from engine.trace.reader import Trace

Record = Callable[[str], tuple[Trace, str]]

PLAIN = """
    def forward(ctx, x, power):
        ctx.save_for_backward(x)
        ctx.power = power
        return x ** power
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * ctx.power * x ** (ctx.power - 1), None
"""

WITH_CONTEXT = """
    def forward(x, power):
        return x ** power
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
        ctx.power = inputs[1]
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * ctx.power * x ** (ctx.power - 1), None
"""

TRAIN = """
w = torch.tensor([0.5, -2.0, 3.0], requires_grad=True)
x = torch.tensor([1.0, 2.0, 3.0])
for i in range(2):
    h = Power.apply(w * x, 3)
    loss = (h * x).sum()
    w.grad = None
    loss.backward()
    with torch.no_grad():
        w -= 0.001 * w.grad
"""


def script(body: str) -> str:
    """A program with a function Power of these static methods."""
    methods = body.replace("    def ", "    @staticmethod\n    def ")
    return f"import torch\nclass Power(torch.autograd.Function):{methods}{TRAIN}"


def only(trace: Trace, iteration: int, name: str) -> Event:
    """The one event of an iteration with this name."""
    (found,) = [event for event in trace.events(iteration=iteration) if event.name == name]
    return found


@pytest.mark.parametrize("body", [PLAIN, WITH_CONTEXT], ids=["plain", "with context"])
def test_a_function_of_the_script_is_one_op_with_its_node_as_twin(record: Record, body: str) -> None:
    trace, _ = record(script(body))
    assert [i.number for i in trace.iterations() if i.number >= 0] == [0, 1]
    for iteration in (0, 1):
        call, backward = only(trace, iteration, "Power"), only(trace, iteration, "PowerBackward")
        assert call.phase == Phase.FORWARD
        assert backward.node is not None
        node = trace.node(backward.node)
        assert node is not None
        assert node.op == call.position
        z, h = (np.asarray(trace.array(slot.value or 0)) for slot in (call.inputs[0], call.outputs[0]))
        assert np.allclose(h, z**3)
        sent = np.asarray(trace.array(backward.outputs[0].value or 0))
        assert np.allclose(sent, np.array([1.0, 2.0, 3.0]) * 3 * z**2)
        symbols = [q.symbol for q in quantities(trace, iteration)]
        assert symbols == ["w · x", "h", "h · x", "C", "dC/d(h · x)", "dC/dh", "dC/d(w · x)", "dC/dw", "new w"]


def test_a_function_that_raises_is_an_event_with_its_error(record: Record) -> None:
    trace, printed = record(
        """
    import torch
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            raise ValueError("not today")
    try:
        Broken.apply(torch.ones(2, requires_grad=True))
    except ValueError as error:
        print(error)
    """
    )
    assert printed == "not today\n"
    (event,) = [event for event in trace.events() if event.name == "Broken"]
    assert event.error == "ValueError: not today"


def test_functions_of_torch_s_own_library_are_ops_too(record: Record) -> None:
    trace, _ = record(
        """
    import torch
    from torch.utils.checkpoint import checkpoint
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh())
    x = torch.ones(2, 3, requires_grad=True)
    checkpoint(net, x, use_reentrant=True).sum().backward()
    """
    )
    call, backward = only(trace, 0, "CheckpointFunction"), only(trace, 0, "CheckpointFunctionBackward")
    node = trace.node(backward.node or 0)
    assert node is not None
    assert node.op == call.position


def test_apply_is_torch_s_own_again_after_the_recording(record: Record) -> None:
    before = torch.autograd.Function.__dict__["apply"]
    record(script(PLAIN))
    assert torch.autograd.Function.__dict__["apply"] is before
