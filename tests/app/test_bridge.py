"""The bridge: what a session's thread says arrives on the window's thread, in bundles and in order."""

from __future__ import annotations

import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.bridge import BUNDLE_MS, Bridge
from engine.session.session import Launch, Place, State

SCRIPT = """
import torch
w = torch.tensor(2.0, requires_grad=True)
y = w * w
print("done", flush=True)
"""


@pytest.fixture
def bridge(qtbot: QtBot) -> Bridge:
    return Bridge()


def told_from_a_thread(bridge: Bridge, count: int) -> None:
    def tell() -> None:
        for position in range(count):
            bridge.session.listeners.moved(Place(position))
            bridge.session.listeners.wrote("stdout", "x", 3)

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()


def test_what_other_threads_say_comes_on_the_windows_thread_once(bridge: Bridge, qtbot: QtBot) -> None:
    places: list[Place] = []
    texts: list[str] = []
    threads: set[QThread] = set()
    bridge.moved.connect(lambda place: (places.append(place), threads.add(QThread.currentThread())))
    bridge.wrote.connect(lambda stream, text, position: texts.append(text))
    with qtbot.waitSignal(bridge.settled):
        told_from_a_thread(bridge, 5000)
    assert places == [Place(4999)]
    assert "".join(texts) == "x" * 5000
    assert len(texts) <= 2
    assert threads == {bridge.thread()}
    bridge.close()


def test_a_script_that_prints_faster_than_a_screen_shows_is_told_of_in_few_pieces(bridge: Bridge, qtbot: QtBot) -> None:
    told: list[tuple[str, str, int]] = []
    bridge.wrote.connect(lambda *piece: told.append(piece))
    wrote = bridge.session.listeners.wrote
    with qtbot.waitSignal(bridge.settled):
        for position in range(5000):
            wrote("stderr" if position == 2000 else "stdout", f"{position}\n", position)
    texts = [text for _, text, _ in told]
    assert "".join(texts) == "".join(f"{position}\n" for position in range(5000))
    assert len(told) < 100
    assert ("stderr", "2000\n", 2000) in told
    assert all(position == int(text.split("\n")[0]) for _, text, position in told)
    bridge.close()


def test_bundles_are_not_more_frequent_than_frames(bridge: Bridge, qtbot: QtBot) -> None:
    times: list[float] = []
    bridge.settled.connect(lambda: times.append(time.monotonic()))
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        bridge.session.listeners.progress(1, 0)
        qtbot.wait(1)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) >= 3
    assert min(gaps) * 1000 > BUNDLE_MS * 0.8
    bridge.close()


def test_a_script_is_started_stepped_and_ended(bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> None:
    script = tmp_path / "square.py"
    script.write_text(SCRIPT)
    with qtbot.waitSignal(bridge.stopped, timeout=60_000) as stopped:
        bridge.start(Launch(script), tmp_path / "t.gradstep")
    assert stopped.args == ["entry"]
    with qtbot.waitSignal(bridge.ended, timeout=60_000) as ended:
        bridge.session.continue_()
    assert ended.args is not None
    assert ended.args[0].exit_code == 0
    assert bridge.session.state is State.ENDED
    bridge.close()


def test_a_retired_session_leaves_nothing_and_says_nothing(bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> None:
    script = tmp_path / "square.py"
    script.write_text(SCRIPT)
    with qtbot.waitSignal(bridge.stopped, timeout=60_000):
        bridge.start(Launch(script), tmp_path / "t.gradstep")
    told: list[object] = []
    bridge.ended.connect(told.append)
    with qtbot.waitSignal(bridge.destroyed, timeout=10_000):
        bridge.retire()
    assert told == []
