"""What a window costs while its script runs at full speed: turns of the event loop, and the turns after a pause.

Two scripts of thousands of small iterations, one silent, one that prints five lines at each. A turn is the time between
two looks at the event loop, of the window's thread, by the clock and by the processor.

    .venv/bin/python benchmarks/full_speed.py          ten seconds of each
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from long_runs import TURN_GOAL_MS, Turns, is_still, pause, row, until
from PySide6.QtCore import QSettings

from app.loaded_later import load_later
from app.main import application
from app.state import Status
from app.window import MainWindow

SECONDS = 10.0
QUIET = """
import torch
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.rand(4, 2), torch.rand(4, 1)
for i in range(1_000_000):
    optimizer.zero_grad()
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
"""
LOUD = QUIET + '    for k in range(5): print("iteration", i, k, loss.item())\n'


def look(name: str, text: str) -> None:
    """All figures of one script."""
    folder = tempfile.TemporaryDirectory()
    script = Path(folder.name) / f"{name}.py"
    script.write_text(text, encoding="utf-8")
    window = MainWindow(QSettings(f"{folder.name}/gradstep.ini", QSettings.Format.IniFormat))
    window.resize(1600, 1000)
    window.show()
    window.open_path(script, asked_for=True)
    until(lambda: window.state.status is Status.PAUSED and window.state.place.iteration >= 0 and is_still(window))
    pause(2.0)
    turns = Turns()
    window.run.go_on()
    pause(SECONDS)
    turns.stop()
    busy = [(clock, work) for clock, work in zip(turns.clock, turns.processor, strict=True) if work > 1.0]
    trace = window.state.trace
    count = 0 if trace is None else len(trace.iterations())
    print(f"{name}, {count} iterations in {SECONDS:.0f} s", flush=True)
    row("turns of more than 1 ms", [clock for clock, _ in busy], [work for _, work in busy], TURN_GOAL_MS)
    row("the longest turn", turns.clock, turns.processor, TURN_GOAL_MS, only_longest=True)
    turns = Turns()
    window.run.go_on()
    until(lambda: window.state.status is Status.PAUSED and is_still(window))
    pause(2.0)
    turns.stop()
    row("pausing: the longest turn", turns.clock, turns.processor, TURN_GOAL_MS, only_longest=True)
    window.close()
    folder.cleanup()


def main() -> None:
    application()
    load_later()
    print("median | 95th percentile, in ms, of the window's thread")
    for name, text in (("quiet", QUIET), ("loud", LOUD)):
        look(name, text)
    os._exit(0)  # nobody waits for the scripts' last words


if __name__ == "__main__":
    main()
