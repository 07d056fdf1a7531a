"""Other threads and processes of the script."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

ROOT = Path(__file__).resolve().parents[2]


def in_a_thread(work: Callable[[], Any]) -> None:
    """Runs something on another thread and waits for it."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    assert not failed, failed


def test_other_threads_are_left_alone(record: Any) -> None:
    net = nn.Sequential(nn.Linear(1, 1), nn.Tanh())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def work() -> None:
        net(torch.ones(1, 1)).sum().backward()
        optimizer.step()

    def run() -> None:
        torch.sigmoid(torch.ones(1))
        in_a_thread(work)
        torch.cos(torch.ones(1))

    found = record(run)
    assert found.names == ["ones", "sigmoid", "ones", "cos"]
    assert len(found.events) == 4


def test_a_backward_pass_on_another_thread(record: Any) -> None:
    """Its graph was made, and so hooked, on the recorded thread."""

    def run() -> float:
        x = torch.tensor([2.0], requires_grad=True)
        loss = (torch.sigmoid(x) * 3).sum()
        in_a_thread(loss.backward)
        torch.neg(x)
        assert x.grad is not None
        return x.grad.item()

    found = record(run)
    assert found.result == pytest.approx(3 * 0.104993585)
    assert not found.kind("node")
    assert found.names[-1] == "neg"


def test_many_threads_at_once(record: Any) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Tanh())
    losses: list[Tensor] = []

    def run() -> int:
        losses.extend(net(torch.ones(2, 4)).sum() for _ in range(8))
        threads = [threading.Thread(target=loss.backward) for loss in losses]
        for thread in threads:
            thread.start()
        for _ in range(50):
            net(torch.ones(2, 4)).sum().backward()
        for thread in threads:
            thread.join()
        return 0

    found = record(run)
    assert [event.position for event in found.events] == list(range(len(found.events)))
    assert len(found.named("AccumulateGrad")) == 100


def double(batch: list[Any]) -> Tensor:
    """A collate function with an op of its own."""
    return torch.stack([item[0] for item in batch]) * 2


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_workers_of_a_data_loader(record: Any) -> None:
    data = TensorDataset(torch.arange(8.0))

    def run() -> list[list[float]]:
        loader = DataLoader(data, batch_size=4, num_workers=2, collate_fn=double, multiprocessing_context="fork")
        return [torch.neg(batch).tolist() for batch in loader]

    found = record(run)
    assert found.result == [[0, -2, -4, -6], [-8, -10, -12, -14]]
    assert [found.input(event).tolist() for event in found.named("neg")] == [[0, 2, 4, 6], [8, 10, 12, 14]]
    assert "stack" not in found.names, "that happened in the workers"


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_child_trains_unwatched(record: Any) -> None:
    def run() -> int:
        net = nn.Linear(1, 1)
        loss = net(torch.ones(1, 1)).sum()
        child = os.fork()
        if child == 0:
            loss.backward()
            for _ in range(600):
                torch.sigmoid(net(torch.ones(1, 1))).sum().backward()
            os._exit(0 if net.weight.grad is not None else 1)
        _, status = os.waitpid(child, 0)
        torch.cos(torch.ones(1))
        return os.waitstatus_to_exitcode(status)

    found = record(run)
    assert found.result == 0
    assert not found.kind("node")
    assert found.names[-1] == "cos"


def test_output_of_other_threads_is_kept_with_its_position(tmp_path: Path) -> None:
    from engine.recorder.recorder import Recorder
    from engine.trace.reader import Trace
    from engine.trace.writer import TraceWriter

    writer = TraceWriter(tmp_path / "t.gradstep", {})
    recorder = Recorder(writer)

    def talk(name: int) -> None:
        for number in range(400):
            recorder.note_output("stdout", f"{name} {number}\n")

    with recorder:
        threads = [threading.Thread(target=talk, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(1500):
            torch.neg(torch.ones(1))
        for thread in threads:
            thread.join()
    writer.close()
    assert writer.failure == ""
    with Trace(tmp_path / "t.gradstep") as trace:
        said = trace.output()
    assert len(said) == 1600
    assert [output.id for output in said] == list(range(1, 1601))
    positions = [output.position for output in said]
    assert positions == sorted(positions)


INTERRUPT = """
import sys, threading, _thread, time
from pathlib import Path
import torch
from engine.recorder.recorder import Recorder
from engine.trace.writer import TraceWriter
writer = TraceWriter(Path(sys.argv[1]), {})
net = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh())
try:
    with Recorder(writer):
        for _ in range(5):
            net(torch.ones(2, 4)).sum().backward()
        threading.Timer(0.1, _thread.interrupt_main).start()
        while True:
            net(torch.ones(2, 4)).sum().backward()
except KeyboardInterrupt:
    print("interrupted", torch._C._len_torch_function_stack())
writer.close()
print(repr(writer.failure))
"""


def test_ctrl_c_at_any_moment_ends_the_recording_well(tmp_path: Path) -> None:
    from engine.trace.reader import Trace

    path = tmp_path / "t.gradstep"
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout == "interrupted 0\n''\n", done.stderr
    with Trace(path) as trace:
        assert "recorder_error" not in trace.meta()
        events = trace.events()
        assert len(events) > 10
        for event in events[-50:]:
            for slot in (*event.inputs, *event.outputs):
                if slot.value is not None:
                    assert trace.array(slot.value) is not None
