"""The graph of an iteration as text: a line of ops for each backward pass, and the way through grad_fn below it."""

from __future__ import annotations

import textwrap

from ..analysis.flow import flow_of
from ..analysis.grad_fn import Step, backward_chain, forward_chain, roots
from ..export.described import Described
from .terminal import Terminal

_STEP_WIDTH = 28
_NOTHING = "Autograd tracks nothing in this iteration, so it has no graph."


def chain_text(described: Described, iteration: int, terminal: Terminal) -> list[str]:
    """Lines about each root that a backward pass of the iteration began at."""
    flow = flow_of(described.trace, iteration)
    lines: list[str] = []
    for root in roots(flow):
        if lines:
            lines.append("")
        whole = " -> ".join(forward_chain(flow, root))
        lines += textwrap.wrap(whole, terminal.width, subsequent_indent="  ", break_long_words=False)
        lines += ["", terminal.dim("The same graph as autograd keeps it; each line goes on from the one above.")]
        lines += [_step_text(step, terminal) for step in backward_chain(flow, root)]
    return lines or [_NOTHING]


def _step_text(step: Step, terminal: Terminal) -> str:
    """As ".next_functions[0][0]   AddmmBackward0   0 AccumulateGrad of fc.bias, 1 ReluBackward0, 2 TBackward0"."""
    after = ", ".join(f"{number} {name}" for number, name in enumerate(step.after))
    return f"  {step.python:<{_STEP_WIDTH}}  {terminal.bold(step.name)}  {terminal.dim(after)}"
