"""An exception breakpoint holds a live script at what raised, before the exception goes on, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from engine.session.breakpoints import Breakpoint, Breakpoints, What
from engine.session.place import Level
from engine.session.session import Session, State

Debug = Callable[..., AbstractContextManager[Any]]
WAIT_S = 60.0

RAISING = """
    import torch

    class Picky(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            raise ValueError("picky")

    def caught(what):
        try:
            what()
        except Exception as error:
            print("caught", type(error).__name__, flush=True)

    w = torch.tensor([1.0, 2.0], requires_grad=True)
    pair = torch.tensor([5.0, 7.0])
    caught(pair.item)
    caught(w.numpy)
    caught(lambda: bool(pair))
    wrong = (w * 3).exp()
    wrong.add_(1)
    caught(wrong.sum().backward)
    caught((Picky.apply(w) * 4).sum().backward)
    total = (w * 3).sum()
    total.backward()
    caught(total.backward)
    caught(w.backward)
    caught(lambda: torch.autograd.grad(pair.sum(), w))
    caught(lambda: torch.cat([w, torch.ones(2, 2)]))
    print("end")
    """

RAISED = [
    ("item", "RuntimeError", [[5.0, 7.0]]),
    ("numpy", "RuntimeError", [[1.0, 2.0]]),
    ("bool", "RuntimeError", [[5.0, 7.0]]),
    ("ExpBackward0", "RuntimeError", [[1.0, 1.0]]),
    ("PickyBackward", "ValueError", [[4.0, 4.0]]),
    ("MulBackward0", "RuntimeError", None),
    ("backward", "RuntimeError", [[1.0, 2.0]]),
    ("grad", "RuntimeError", None),
    ("cat", "RuntimeError", [[1.0, 2.0], [[1.0, 1.0], [1.0, 1.0]]]),
]
"""What raises, in order, and the operands to be looked at there; None: not looked at."""


def test_each_is_stopped_at_with_its_operands(script: Callable[..., Any], debugged: Debug) -> None:
    raising = script(RAISING)
    bare = raising.run_bare()
    assert bare[0] == 0, bare[2].decode()
    stops = []
    with debugged(raising) as session:
        session.level = Level.NODE
        session.breakpoints = Breakpoints(others=(Breakpoint(What.EXCEPTION),))
        while session.state is State.PAUSED:
            session.continue_()
            session.wait(WAIT_S)
            here = session.trace.event(session.place.position)
            if session.state is not State.PAUSED:
                break
            assert here is not None
            assert here.pending
            slots = [slot.value for slot in here.inputs if slot.value is not None]
            arrays = [session.trace.array(value) for value in slots]
            operands = [None if array is None else array.tolist() for array in arrays]
            stops.append((here.name, here.error.partition(":")[0], operands))
            assert session.printed().count("caught") == len(stops) - 1, "nobody has heard of it yet"
            assert session.why.english == f"{here.name} failed: {here.error}"
        assert session.ending.exit_code == 0
        assert not session.ending.recorder_error
        live = [(event.position, event.name) for event in session.trace.events() if event.error]
    assert [(name, error) for name, error, _ in stops] == [(name, error) for name, error, _ in RAISED]
    for (name, _, operands), (_, _, wanted) in zip(stops, RAISED, strict=True):
        assert wanted is None or operands == wanted, name
    assert session.trace_path.with_suffix(".stdout").read_bytes() == bare[1]
    assert raising.run_recorded()[1] == bare[1]
    with Session() as recorded:
        recorded.open(raising.trace)
        recorded.level = Level.NODE
        recorded.breakpoints = Breakpoints(others=(Breakpoint(What.EXCEPTION),))
        found = [event for event in recorded.trace.events() if event.error]
        assert [(event.position, event.name) for event in found] == live
        places = []
        for _ in found:
            recorded.continue_()
            places.append(recorded.place.position)
        assert places == [event.position for event in found], "a recorded run stops at the same places"
