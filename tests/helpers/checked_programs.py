"""Small programs that the tests of verdicts record, and how to look at them."""

from __future__ import annotations

from engine.analysis.flow import flow_of
from engine.analysis.verdict.answer import Answer, Verdict
from engine.analysis.verdict.checker import Checker
from engine.events import Event, Kind
from engine.trace.reader import Trace

NET = """
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x, t = torch.randn(5, 3), torch.randn(5, 2)
for _ in range(2):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""

SQUARE = """
import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        y = x * x
        return y * factor

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * {gradient}, None

torch.manual_seed(0)
w = torch.randn(3, 2, requires_grad=True)
z = torch.randn(4, 3) @ w
Square.apply(z, 3.0).sum().backward()
"""


def verdicts(trace: Trace, iteration: int = 0) -> list[Verdict]:
    """The verdicts on all events of an iteration."""
    checker = Checker(flow_of(trace, iteration))
    return [checker.verdict(event) for event in trace.events(iteration=iteration)]


def not_agreeing(trace: Trace, iteration: int = 0) -> list[tuple[str, str]]:
    """(name, reason) of all events of an iteration that do not agree."""
    return [(found.name, found.reason.english) for found in verdicts(trace, iteration) if found.answer != Answer.AGREES]


def event_named(trace: Trace, name: str, kind: Kind | None = None, which: int = 0) -> Event:
    """An event by its name."""
    return [event for event in trace.events() if event.name == name and kind in (None, event.kind)][which]
