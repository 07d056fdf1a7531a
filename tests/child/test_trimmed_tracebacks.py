"""Recorded failures read as bare ones: the same code runs with and without a recorder, and tracebacks are compared."""

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from engine.child.tracebacks import trim
from engine.recorder.recorder import Recorder
from engine.trace.writer import TraceWriter


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(3, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.layers(x)
        return y


def wrong_shapes_in_a_module() -> None:
    Net()(torch.ones(1, 3))


def wrong_shapes_in_an_operator() -> None:
    torch.matmul(torch.ones(2, 3), torch.ones(2, 3))


def wrong_argument_of_a_python_function() -> None:
    F.softmax(torch.ones(3), dim=5)


def wrong_loss() -> None:
    F.cross_entropy(torch.ones(2, 3), torch.tensor([1, 7]))


def backward_twice() -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    y.backward()  # type: ignore[no-untyped-call]
    y.backward()  # type: ignore[no-untyped-call]


def chained() -> None:
    try:
        wrong_shapes_in_an_operator()
    except RuntimeError as error:
        raise ValueError("bad shapes") from error


def in_a_group() -> None:
    try:
        wrong_argument_of_a_python_function()
    except IndexError as error:
        raise ExceptionGroup("several", [error]) from None


FAILURES = [
    wrong_shapes_in_a_module,
    wrong_shapes_in_an_operator,
    wrong_argument_of_a_python_function,
    wrong_loss,
    backward_twice,
    chained,
    in_a_group,
]


def failure_of(play: Callable[[], None]) -> BaseException:
    """What a failing function raises."""
    try:
        play()
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("play", FAILURES, ids=lambda play: play.__name__)
def test_a_recorded_traceback_reads_as_the_bare_one(play: Callable[[], None], tmp_path: Path) -> None:
    bare = failure_of(play)
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    with Recorder(writer):
        recorded = failure_of(play)
    writer.close()
    untrimmed = traceback.format_exception(recorded)
    trim(recorded)
    assert traceback.format_exception(recorded) == traceback.format_exception(bare)
    assert untrimmed != traceback.format_exception(bare)


def test_a_module_with_hooks_of_its_own_keeps_them_in_its_traceback(tmp_path: Path) -> None:
    def play() -> None:
        net = Net()
        net.register_forward_hook(lambda module, args, output: None)
        net(torch.ones(1, 3))

    bare = failure_of(play)
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    with Recorder(writer):
        recorded = failure_of(play)
    writer.close()
    trim(recorded)
    frames = [frame.name for frame in traceback.extract_tb(recorded.__traceback__)]
    assert frames == [frame.name for frame in traceback.extract_tb(bare.__traceback__)]
    assert frames.count("inner") == 1


def test_an_exception_that_holds_itself_is_trimmed_once() -> None:
    error = ValueError("a")
    other = KeyError("b")
    error.__context__, other.__context__ = other, error
    trim(error)
    assert error.__context__ is other
