"""Records optimizers and schedulers at work in float64."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.trace.reader import Trace
from tests.analysis.conftest import Record

Train = Callable[..., Trace]

SCRIPT = """
    import torch
    from torch import nn
    from torch.optim.lr_scheduler import *
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    {net}
    optimizer = torch.optim.{optimizer}
    {before}
    x = torch.randn(5, 3)
    y = torch.randn(5, 2)
    {begin}
    for n in range({steps}):
        optimizer.zero_grad()
        loss = ((net(x) - y) ** 2).mean() * 3
        loss.backward()
        {clip}
        optimizer.step()
        {after}
"""


@pytest.fixture(scope="session")
def train(recorded: Record) -> Train:
    """train("SGD(net.parameters(), lr=0.1)", steps=3) is the trace of a small regression with that optimizer.

    net: a line that makes it; before: a line that follows the optimizer; begin: lines before the loop; clip, after:
    lines before and after each step.
    """

    def run(optimizer: str, steps: int = 4, **lines: str) -> Trace:
        lines = {"net": "net = nn.Linear(3, 2)", "before": "", "begin": "", "clip": "", "after": "", **lines}
        return recorded(source=SCRIPT.format(optimizer=optimizer, steps=steps, **lines))

    return run
