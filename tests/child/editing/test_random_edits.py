"""Whatever is edited wherever: what follows is what a script computes that has the edit written into it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.wire.messages import Edit, Edited
from tests.child.editing.conftest import play

OPS = {
    "sigmoid": "torch.sigmoid({})",
    "tanh": "torch.tanh({})",
    "exp": "torch.exp({})",
    "square": "torch.square({})",
    "mul": "{} * 1.5",
    "add": "{} + 0.25",
}
START = """
w = torch.tensor([0.3, -0.2, 0.5], dtype=torch.float64, requires_grad=True)
h0 = w * torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64)
"""
END = """
loss = {}.sum() + (w * 0).sum()
loss.backward()
with torch.no_grad():
    w -= 0.1 * w.grad
"""


def program(ops: list[str], exchange: dict[int, str]) -> str:
    """Its text. exchange: after which result which line is put in."""
    lines = [START.strip(), *([exchange[0]] if 0 in exchange else [])]
    for i, name in enumerate(ops):
        lines.append(f"h{i + 1} = {OPS[name].format(f'h{i}')}")
        if i + 1 in exchange:
            lines.append(exchange[i + 1])
    return "\n".join([*lines, END.strip().format(f"h{len(ops)}")])


def run(text: str, path: Path) -> list[list[float]]:
    """Loss, gradient and new w."""
    path.write_text(text, encoding="utf-8")
    names: dict[str, Any] = {"torch": torch}
    exec(compile(text, str(path), "exec"), names)
    return [[names["loss"].item()], names["w"].grad.tolist(), names["w"].tolist()]


@settings(max_examples=25, deadline=None)
@given(
    ops=st.lists(st.sampled_from(sorted(OPS)), min_size=1, max_size=5),
    place=st.integers(0, 4),
    new=st.lists(st.floats(-1, 1, width=16), min_size=3, max_size=3),
    keeps=st.booleans(),
)
def test_a_result_exchanged_anywhere(ops: list[str], place: int, new: list[float], keeps: bool) -> None:
    at = place % len(ops)
    wanted = f"torch.tensor({new}, dtype=torch.float64)"
    line = f"h{at} = h{at} + ({wanted} - h{at}).detach()" if keeps else f"h{at} = {wanted}"
    # The first product is that of w; the others are counted from there.
    which = sum(one == ops[at] for one in ops[:at]) + (ops[at] == "mul")
    with tempfile.TemporaryDirectory() as folder:
        expected = run(program(ops, {at: line}), Path(folder) / "by_hand.py")
        text, script = program(ops, {}), Path(folder) / "script.py"
        edit = Edit(f"h{at}", str(new), keeps)
        played = play(Path(folder) / "t.gradstep", lambda: run(text, script), {(ops[at], which): [edit]})
        with played.trace as trace:
            (answer,) = played.answers
            assert isinstance(answer, Edited), answer
            assert answer.gradient == ("kept" if keeps else "cut")
            for got, by_hand in zip(played.result, expected, strict=True):
                np.testing.assert_allclose(got, by_hand, rtol=1e-12, atol=1e-15)
            (event,) = played.edits()
            assert played.array(event.outputs[0].value).tolist() == new
            reader = trace.event(event.position + 1)
            assert reader is not None
            assert reader.inputs[0].value == event.outputs[0].value
            update = [one for one in trace.events() if one.kind == "update"][-1]
            assert played.array(update.outputs[0].value).tolist() == played.result[2]


@settings(max_examples=10, deadline=None)
@given(ops=st.lists(st.sampled_from(sorted(OPS)), min_size=1, max_size=6))
def test_without_an_edit_a_held_run_has_the_same_bits(ops: list[str]) -> None:
    text = program(ops, {})
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        played = play(Path(folder) / "t.gradstep", lambda: run(text, script), {("nothing", 0): []})
        played.trace.close()
        assert played.result == run(text, script)
