"""What recording costs: a recorded training iteration against the bare one, as ratios measured in one run."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.big_models import GPT2, resnet50
from engine.recorder.recorder import Recorder
from engine.trace.writer_process import WriterProcess

Iteration = Callable[[], None]
ROUNDS = 7


def training(model: nn.Module, optimizer: torch.optim.Optimizer, loss: Callable[[], torch.Tensor]) -> Iteration:
    """One pass of a training loop."""

    def iteration() -> None:
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return iteration


def tiny() -> Iteration:
    """1-1-1, sigmoid, batch 1, SGD."""
    net = nn.Sequential(nn.Linear(1, 1), nn.Sigmoid(), nn.Linear(1, 1), nn.Sigmoid())
    x, t = torch.tensor([[0.8]]), torch.tensor([[1.0]])
    return training(net, torch.optim.SGD(net.parameters(), lr=0.1), lambda: F.mse_loss(net(x), t))


def digits() -> Iteration:
    """784-500-10, batch 128, Adam."""
    net = nn.Sequential(nn.Linear(784, 500), nn.ReLU(), nn.Linear(500, 10))
    x, t = torch.randn(128, 784), torch.randint(0, 10, (128,))
    return training(net, torch.optim.Adam(net.parameters(), lr=1e-3), lambda: F.cross_entropy(net(x), t))


def lenet() -> Iteration:
    """LeNet, batch 16, SGD."""
    net = nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(576, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )
    x, t = torch.randn(16, 1, 32, 32), torch.randint(0, 10, (16,))
    return training(net, torch.optim.SGD(net.parameters(), lr=0.01), lambda: F.cross_entropy(net(x), t))


def lstm() -> Iteration:
    """LSTMCell, 100 time steps, batch 16, SGD."""
    cell, last = nn.LSTMCell(16, 32), nn.Linear(32, 1)
    x, t = torch.randn(100, 16, 16), torch.randn(16, 1)
    net = nn.ModuleList([cell, last])

    def loss() -> torch.Tensor:
        h, c = torch.zeros(16, 32), torch.zeros(16, 32)
        for step in x:
            h, c = cell(step, (h, c))
        return F.mse_loss(last(h), t)

    return training(net, torch.optim.SGD(net.parameters(), lr=0.01), loss)


def elementwise() -> Iteration:
    """10,000 elementwise ops on 16 numbers."""
    w = nn.Parameter(torch.randn(16))

    def loss() -> torch.Tensor:
        h = w
        for _ in range(5000):
            h = h * 0.9999
            h = h + 0.0001
        return h.sum()

    return training(nn.ParameterList([w]), torch.optim.SGD([w], lr=0.01), loss)


def residual() -> Iteration:
    """ResNet-50 with in-place ReLU, batch 4 of 3x128x128, SGD."""
    net = resnet50()
    x, t = torch.randn(4, 3, 128, 128), torch.randint(0, 1000, (4,))
    return training(net, torch.optim.SGD(net.parameters(), lr=0.01), lambda: F.cross_entropy(net(x), t))


def language() -> Iteration:
    """GPT-2 in its small configuration, batch 2 of 64 tokens, SGD."""
    net = GPT2()
    x = torch.randint(0, 50257, (2, 65))
    return training(
        net,
        torch.optim.SGD(net.parameters(), lr=0.01),
        lambda: F.cross_entropy(net(x[:, :-1]).flatten(0, 1), x[:, 1:].flatten()),
    )


MODELS = {
    "1-1-1 [1]": (tiny, 1000, 3.0),
    "784-500-10 [128]": (digits, 60, 1.5),
    "LeNet [16]": (lenet, 100, 2.0),
    "LSTMCell x100 [16]": (lstm, 10, 1.5),
    "ResNet-50 [4]": (residual, 2, 1.2),
    "GPT-2 small [2x64]": (language, 2, 1.15),
    "10,000 elementwise": (elementwise, 3, 2.5),
}


def seconds(iteration: Iteration, count: int) -> float:
    """Seconds an iteration takes, as the mean of `count`."""
    begin = time.perf_counter()
    for _ in range(count):
        iteration()
    return (time.perf_counter() - begin) / count


def recorded(iteration: Iteration, count: int, folder: Path) -> tuple[float, float, int]:
    """(seconds an iteration while the script runs, with the writer's rest, events an iteration)."""
    begin = time.perf_counter()
    writer = WriterProcess(folder / "benchmark.gradstep", {})
    recorder = Recorder(writer)
    with recorder:
        script = seconds(iteration, count)
    writer.close()
    return script, (time.perf_counter() - begin) / count, recorder.position // count


_FIRST = """
import sys, time
sys.path.insert(0, sys.argv[1])
import torch
x = torch.ones(1, requires_grad=True)
begin = time.perf_counter()
import gradstep
with gradstep.record(sys.argv[2]):
    y = x * 2
during = time.perf_counter()
print(during - begin)
"""


def first_recording(folder: Path) -> float:
    """Seconds of the first recording in a process that has imported torch: loading, begin, one op, end."""
    root = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", _FIRST, root, str(folder / "first.gradstep")]
    return statistics.median(float(subprocess.check_output(command, text=True)) for _ in range(ROUNDS))


def afterwards(folder: Path) -> float:
    """A bare iteration of the smallest net after a recording, as a ratio to one before it, in alternating rounds."""
    ratios = []
    for _ in range(ROUNDS):
        iteration = tiny()
        seconds(iteration, 1000)
        before = seconds(iteration, 1000)
        recorded(iteration, 100, folder)
        gc.collect()
        ratios.append(seconds(iteration, 1000) / before)
    return statistics.median(ratios)


def main() -> None:
    """Prints a row a model: medians over alternating rounds, and the goal of the design; then what comes around it."""
    torch.set_num_threads(1)
    wanted = " ".join(sys.argv[1:])
    if not wanted or "around" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            first, after = first_recording(Path(folder)), afterwards(Path(folder))
        print(f"first recording in a process {first:.3f} s (goal 0.1)")
        print(f"bare iteration after a recording {after:.2f} (goal 1.00)")
    print(f"{'model [batch]':22}{'events':>8}{'bare ms':>10}{'script':>9}{'whole':>8}{'goal':>7}")
    for name, (make, count, goal) in MODELS.items():
        if wanted and not any(word.lower() in f"{name} {make.__name__}".lower() for word in wanted.split()):
            continue
        torch.manual_seed(0)
        iteration = make()
        seconds(iteration, max(2, count // 4))
        bare, script, whole, events = [], [], [], 0
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(ROUNDS):
                gc.collect()
                bare.append(seconds(iteration, count))
                during, everything, events = recorded(iteration, count, Path(folder))
                script.append(during)
                whole.append(everything)
        base = statistics.median(bare)
        print(
            f"{name:22}{events:>8}{base * 1e3:>10.3f}{statistics.median(script) / base:>9.2f}"
            f"{statistics.median(whole) / base:>8.2f}{goal:>7.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
