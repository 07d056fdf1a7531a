"""What a trace knows beside the numbers: strides, the lines that called modules, and whether autograd was following."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

import pytest

from engine.cli.event_text import event_text
from engine.cli.terminal import Terminal
from engine.cli.tree_text import tree_text
from engine.export.described import Described
from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

SCRIPT = """
    import torch
    from torch import nn

    torch.manual_seed(0)


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x):
            return torch.relu(self.fc(x))


    x = torch.arange(12.0).reshape(4, 3)
    column = x[:, 1:2]
    grown = column.expand(4, 3)
    sliced = x[::2, ::2]
    turned = x.t()
    out = turned + 0
    deep = torch.zeros(2, 3, 4).permute(2, 0, 1) * 1
    kept = torch.empty(2, 3, 4, 5).to(memory_format=torch.channels_last) * 0
    single = torch.zeros(3, 1).t() + 0
    net = Net()
    w = torch.tensor([2.0], requires_grad=True)
    loss = (net(x).sum() * w).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    with torch.inference_mode():
        net(x)
"""


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "script.py").write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    path = folder / "t.gradstep"
    assert record(Launch("script.py", folder=folder), path).exit_code == 0
    return path


def line_of(text: str) -> int:
    """The line of the script with this text in it."""
    return next(i for i, line in enumerate(textwrap.dedent(SCRIPT).splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("line", "shape", "strides"),
    [
        ("x = torch.arange", (4, 3), (3, 1)),
        ("column = ", (4, 1), (3, 1)),
        ("grown = ", (4, 3), (3, 0)),
        ("sliced = ", (2, 2), (6, 2)),
        ("turned = ", (3, 4), (1, 3)),
        ("out = ", (3, 4), (1, 3)),
        ("deep = ", (4, 2, 3), (1, 12, 4)),
        ("kept = ", (2, 3, 4, 5), (60, 1, 15, 3)),
    ],
)
def test_strides_are_those_of_torch(trace: Path, line: str, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
    """Worked out by hand: elements from one index to the next; torch keeps the order of memory where it computes."""
    with Trace(trace) as opened:
        events = [event for event in opened.events() if _line(opened, event.site) == line_of(line)]
        value = opened.value(next(slot.value for slot in events[-1].outputs if slot.value is not None))
        assert (value.shape, value.layout, value.strides) == (shape, "strided", strides)


def test_unusual_strides_are_printed(trace: Path) -> None:
    with Trace(trace) as opened:
        position = next(event.position for event in opened.events() if event.name == "expand")
        text = "\n".join(event_text(Described(opened), position, Terminal(io.StringIO())))
        assert "strides (3, 0)" in text
        assert text.count("strides") == 2, "of the column, and of what it grew to"


def test_a_module_call_has_its_own_line(trace: Path) -> None:
    with Trace(trace) as opened:
        sites = [(call.path or call.class_name, opened.call_site(call.id)) for call in opened.calls(0)]
        assert [(name, 0 if site is None else site.line) for name, site in sites] == [
            ("Net", line_of("loss = (")),
            ("fc", line_of("self.fc(x)")),
            ("Net", line_of("    net(x)")),
            ("fc", line_of("self.fc(x)")),
        ]
        tree = tree_text(Described(opened), 0, None, Terminal(io.StringIO()))
        net = next(line for line in tree if line.lstrip().startswith("net (Net)"))
        assert net.endswith(f"script.py:{line_of('loss = (')}")


def test_what_autograd_does_not_follow_is_marked(trace: Path) -> None:
    with Trace(trace) as opened:
        modes = {(event.name, _line(opened, event.site)): opened.grad_mode(event) for event in opened.events()}
        assert modes["sum", line_of("loss = (")] == "grad"
        assert {mode for (_, line), mode in modes.items() if line == line_of("w -= ")} == {"no_grad"}
        assert modes["linear", line_of("self.fc(x)")] == "inference", "of the second of the two calls"
        assert modes["MulBackward0", line_of("loss.backward")] == ""
        tree = "\n".join(tree_text(Described(opened), 0, None, Terminal(io.StringIO())))
        assert "sub_ (no_grad)" in tree


def _line(trace: Trace, site: int | None) -> int:
    found = trace.site(site)
    return 0 if found is None else found.line
