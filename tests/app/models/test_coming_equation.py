"""What a running script is about to do is said before it is done, and turns out to be so."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.equation_lines import equation_lines
from engine.analysis.explain.coming import coming_lines
from engine.analysis.notation.printing import to_text
from engine.session.moment import Moment, moment_at
from engine.session.session import Launch, Level, Session

HELLO = Path(__file__).resolve().parents[3] / "resources" / "examples" / "hello.py"
SCRIPT = """
import torch
x = torch.tensor([[1.0, -2.0]])
w = torch.tensor([[3.0, 4.0], [5.0, 6.0]], requires_grad=True)
z = x @ w
a = torch.relu(z)
h = torch.special.expit(a)
h.sum().backward()
"""


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as made:
        yield made


def start(session: Session, script: Path, folder: Path) -> None:
    session.start(Launch(script, stdout=subprocess.DEVNULL), folder / "t.gradstep")
    session.wait(60)
    session.next_iteration()
    session.wait(60)


def moment_of(session: Session) -> Moment:
    return moment_at(session.trace, session.place, Level.QUANTITY, session.is_live)


def coming(session: Session) -> list[str]:
    moment = moment_of(session)
    lines = coming_lines(session.trace, moment.place.iteration, moment.steps[: moment.revealed])
    return [to_text(line.expression) for line in lines]


def test_every_step_of_hello_is_announced_with_its_numbers(session: Session, tmp_path: Path) -> None:
    start(session, HELLO, tmp_path)
    announced = 0
    for _ in range(15):
        said = coming(session)
        moment = moment_of(session)
        # Where the script is ahead, the next quantity is recorded and is explained from that.
        if moment.next is None:
            assert said
            assert said[-1].endswith(" = ?")
        session.into()
        session.wait(60)
        done = to_text(equation_lines(session.trace, moment_of(session), None)[0].expression)
        if moment.next is None and said[-1].count(" = ") == 3:
            announced += 1
            assert said[-1].split(" = ")[-2] in done
    assert announced >= 10


def test_the_first_steps_are_called_as_the_script_calls_them(session: Session, tmp_path: Path) -> None:
    start(session, HELLO, tmp_path)
    assert coming(session) == ["z⁽¹⁾ = w·x + b = 1.58·0.8 + (-0.14) = ?"]
    session.into()
    session.wait(60)
    assert coming(session) == ["a⁽¹⁾ = σ(z⁽¹⁾) = 1/(1 + e^(-1.124)) = ?"]


def test_elements_have_places_and_unknown_ops_only_their_inputs(session: Session, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    start(session, script, tmp_path)
    said = []
    for _ in range(3):
        said += coming(session)
        session.into()
        session.wait(60)
    assert said == [
        "z = matmul(x, w) = ?",
        "a_(0,0) = max(0, z_(0,0)⁽¹⁾) = max(0, -7) = ?",
        "h = special_expit(a⁽¹⁾) = ?",
    ]
