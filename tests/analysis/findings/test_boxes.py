"""What happens to a `.grad` box is told in order."""

from __future__ import annotations

from pathlib import Path

from engine.analysis.findings.boxes import box_steps
from engine.analysis.findings.script import Script
from engine.events import Source
from tests.helpers.diagnosed import trace_of

ACCUMULATING = """
import torch

w = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(2):
    (w * 3).backward()
    (w * 4).backward()
    optimizer.step()
    optimizer.zero_grad()
"""


def test_fills_takes_and_emptyings_in_order(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ACCUMULATING, encoding="utf-8")
    with trace_of(script) as trace:
        (steps,) = box_steps(trace.events()).values()
    assert [(step.change.value, step.is_added) for step in steps] == [
        ("fill", False),
        ("fill", True),
        ("take", False),
        ("empty", False),
    ] * 2


def test_the_source_tells_optimizers_and_where_they_step() -> None:
    script = Script([Source(1, "train.py", ACCUMULATING), Source(2, "broken.py", "def (")])
    assert script.optimizers == {"optimizer"}
    (call,) = script.steps()
    assert (call.line, call.loop, call.receiver) == (9, 6, "optimizer")
    assert [call.line for call in script.named("backward")] == [7, 8]
