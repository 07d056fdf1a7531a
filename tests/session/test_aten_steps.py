"""Stepping at the aten level, live and recorded, and what the command line says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.session import cursor
from engine.session.launch import Launch
from engine.session.place import Level, Place
from engine.session.record import record
from engine.session.recorded import Recorded
from engine.session.session import State
from engine.trace.reader import Trace

Debug = Callable[..., AbstractContextManager[Any]]
ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0

SCRIPT = """
    import sys
    import torch

    net = torch.nn.Linear(2, 2)
    net.weight.data.fill_(0.5)
    loss = net(torch.ones(1, 2)).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        net.weight -= net.weight.grad
    print("torch._dynamo" in sys.modules)
    """


@pytest.fixture(scope="module")
def aten_trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording at the aten level."""
    folder = tmp_path_factory.mktemp("aten")
    lines = [line.removeprefix("    ") for line in SCRIPT.strip("\n").splitlines()]
    (folder / "script.py").write_text("\n".join(lines), encoding="utf-8")
    what = Launch(folder / "script.py", stdout=subprocess.DEVNULL, with_aten=True)
    assert record(what, folder / "t.gradstep").exit_code == 0
    return folder / "t.gradstep"


def walk(record: Recorded, level: Level) -> list[Place]:
    """All places of a level from the start to the last."""
    places = [cursor.place_at(record, 0, level)]
    while (found := cursor.into(record, places[-1], level)) is not None:
        places.append(found)
    return places


def test_each_call_is_a_step_and_back_undoes_it(aten_trace: Path) -> None:
    with Trace(aten_trace) as trace:
        record = Recorded(trace)
        places = walk(record, Level.ATEN)
        # An event without calls is a step too; the last event has none after it.
        steps = [max(1, len(trace.aten(position, position + 1))) for position in range(len(trace) - 1)]
        last = max(1, len(trace.aten(len(trace) - 1, len(trace))))
        assert len(places) == sum(steps) + last
        assert len(places) > len(walk(record, Level.NODE))
        for before, after in pairwise(places):
            assert cursor.back(record, after, Level.ATEN) == before
        assert cursor.back(record, places[0], Level.ATEN) == places[0]


def test_over_and_out_finish_the_event_they_are_in(aten_trace: Path) -> None:
    with Trace(aten_trace) as trace:
        record = Recorded(trace)
        linear = next(event.position for event in trace.events() if event.name == "linear")
        middle = Place(linear, None, 0, 1)
        assert cursor.over(record, middle, Level.ATEN) == cursor.out(record, middle, Level.ATEN)
        after = cursor.over(record, middle, Level.ATEN)
        assert after is not None
        assert (after.position, after.aten) == (linear + 1, 0)
        before = cursor.over_back(record, middle, Level.ATEN)
        assert before == cursor.out_back(record, middle, Level.ATEN)
        assert (before.position, before.aten) == (linear, 0)
        node = next(event.position for event in trace.events() if event.name == "AddmmBackward0")
        over = cursor.over(record, Place(node, None, 0), Level.ATEN)
        assert over is not None
        assert (over.position, over.aten) == (node + 1, 0), "an event whose calls are not wanted is stepped over"


@pytest.mark.cold_start
def test_a_live_script_is_stepped_the_same_way(aten_trace: Path, debugged: Debug) -> None:
    with Trace(aten_trace) as trace:
        recorded = [(place.position, place.aten) for place in walk(Recorded(trace), Level.ATEN)]
    with debugged(aten_trace.with_name("script.py"), with_aten=True) as session:
        session.level = Level.ATEN
        live = []
        while session.state is State.PAUSED:
            live.append((session.place.position, session.place.aten))
            assert session.frontier <= session.place.position + 1
            session.into()
            session.wait(WAIT_S)
        assert not session.ending.recorder_error
        assert session.printed() == "False\n", "torch's compiler was not imported for it"
    # At the last event the script is over as soon as its calls are known.
    assert live == recorded[: len(live)]
    assert len(live) >= len(recorded) - 4


def test_the_place_is_kept_from_level_to_level_and_back(aten_trace: Path, debugged: Debug) -> None:
    with debugged(aten_trace.with_name("script.py"), with_aten=True) as session:
        session.next_iteration()
        session.wait(WAIT_S)
        for _ in range(2):
            session.into()
            session.wait(WAIT_S)
        revealed = session.place
        session.back()
        shown = session.place
        assert shown.position <= revealed.position
        for level in (Level.NODE, Level.PHASE, Level.ATEN, Level.MODULE, Level.QUANTITY):
            session.level = level
            assert (session.place.position, session.place.iteration) == (shown.position, shown.iteration)
        assert session.place == shown, "as many quantities are revealed as before"


def test_the_command_line_says_so_and_shows_it(script: Callable[..., Any], tmp_path: Path) -> None:
    path = script(SCRIPT).path
    gradstep = [sys.executable, str(ROOT / "gradstep.py")]
    run: dict[str, Any] = {"cwd": tmp_path, "capture_output": True, "text": True, "check": True}
    recorded = subprocess.run([*gradstep, "record", path, "--level", "aten", "-o", "t.gradstep"], **run)
    assert "the last bits of prod, masked.prod, ormqr and LinearCrossEntropyLoss can change" in recorded.stderr
    tree = subprocess.run([*gradstep, "show", "t.gradstep", "--tree"], **run).stdout.splitlines()
    linear = next(i for i, line in enumerate(tree) if " linear " in line)
    assert [line.split()[0] for line in tree[linear + 1 : linear + 3]] == ["aten::t", "aten::addmm"]
    exported = json.loads(subprocess.run([*gradstep, "export", "t.gradstep", "--to", "json"], **run).stdout)
    (event,) = [event for event in exported["events"] if event["op"] == "linear"]
    assert [call["function"] for call in event["aten"]] == ["aten::t", "aten::addmm"]
    made = event["aten"][1]["outputs"][0]
    assert exported["values"][str(made["id"])]["shape"] == [1, 2]
    (node,) = [event for event in exported["events"] if event["op"] == "AddmmBackward0"]
    assert [call["op"] for call in node["aten"]].count("mm") == 1
    full = subprocess.run([*gradstep, "show", "t.gradstep", "--position", str(event["position"])], **run).stdout
    assert "aten::addmm" in full
    quiet = subprocess.run([*gradstep, "record", path, "-q", "--level", "aten", "-o", "t.gradstep"], **run)
    assert quiet.stderr == ""
