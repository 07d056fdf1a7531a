"""A learner steps live through the smallest network: forward, backward, update, and back, and sees every number."""

from __future__ import annotations

import subprocess
from math import exp
from pathlib import Path

import pytest

from engine.analysis.quantities import quantities
from engine.session.session import Launch, Session, State

HELLO = Path(__file__).resolve().parents[2] / "resources" / "examples" / "hello.py"
WAIT_S = 60.0


def by_hand() -> list[tuple[str, float]]:
    """The 19 quantities of the example in the order of the textbook, worked out without torch."""

    def sigmoid(z: float) -> float:
        return 1 / (1 + exp(-z))

    x, w1, b1, w2, b2, target, lr = 0.8, 1.58, -0.14, 2.45, -0.11, 1.0, 0.1
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 + b2
    a2 = sigmoid(z2)
    da2 = 2 * (a2 - target)
    s2 = a2 * (1 - a2)
    dz2 = da2 * s2
    da1 = dz2 * w2
    s1 = a1 * (1 - a1)
    dz1 = da1 * s1
    forward = [("z1", z1), ("a1", a1), ("z2", z2), ("a2", a2), ("C", (a2 - target) ** 2)]
    backward = [
        ("dC/da2", da2), ("s'(z2)", s2), ("dC/dz2", dz2), ("dC/db2", dz2), ("dC/dw2", dz2 * a1),
        ("dC/da1", da1), ("s'(z1)", s1), ("dC/dz1", dz1), ("dC/db1", dz1), ("dC/dw1", dz1 * x),
    ]  # fmt: skip
    update = [
        ("new w1", w1 - lr * dz1 * x), ("new b1", b1 - lr * dz1),
        ("new w2", w2 - lr * dz2 * a1), ("new b2", b2 - lr * dz2),
    ]  # fmt: skip
    return forward + backward + update


def revealed(session: Session) -> tuple[str, float]:
    """Symbol and number of the quantity that was revealed last."""
    assert session.place.quantity
    quantity = quantities(session.trace, session.place.iteration)[session.place.quantity - 1]
    array = quantity.array(session.trace)
    assert array is not None
    return quantity.symbol, float(array.reshape(-1)[0])


def test_nineteen_steps_and_back(tmp_path: Path) -> None:
    what = Launch(HELLO, ("--double",), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    with Session() as session:
        session.start(what, tmp_path / "hello.gradstep")
        session.wait(WAIT_S)
        session.into()
        session.wait(WAIT_S)
        assert (session.place.iteration, session.place.quantity) == (0, 0)
        seen = []
        for _ in range(19):
            session.into()
            session.wait(WAIT_S)
            seen.append(revealed(session))
        assert [symbol for symbol, _ in seen] == [symbol for symbol, _ in by_hand()]
        assert [number for _, number in seen] == pytest.approx([number for _, number in by_hand()], rel=1e-12)
        assert session.state is State.PAUSED

        frontier = session.frontier
        for symbol, number in reversed(by_hand()):
            shown = revealed(session)
            assert shown[0] == symbol
            assert shown[1] == pytest.approx(number, rel=1e-12)
            session.back()
        assert (session.place.iteration, session.place.quantity) == (0, 0)
        assert session.frontier == frontier

        session.finish_phase()
        assert session.state is State.PAUSED
        assert revealed(session)[0] == "C"
        session.continue_()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert session.ending.exit_code == 0
