"""What the canvas says while it has no graph."""

from __future__ import annotations

import contextlib
import io
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import gradstep
from app.docks.waiting import Waiting
from app.models.ahead import Ahead
from app.models.scene import Card, Scene
from app.state import AppState, Status
from app.theme import THEMES
from app.views.canvas.view import GraphCanvas
from engine.session.place import Place
from engine.trace.reader import Trace


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["light"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(600, 400)
    made.show()
    yield made
    made.stop()


def recorded(folder: Path, source: str) -> Trace:
    """The trace of a script, whether it fails or not."""
    script, path = folder / "script.py", folder / "script.gradstep"
    script.write_text(source, encoding="utf-8")
    with contextlib.suppress(RuntimeError), contextlib.redirect_stdout(io.StringIO()), gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    return Trace(path)


def test_a_graph_leaves_no_words(canvas: GraphCanvas) -> None:
    canvas.set_empty_words("Nothing yet", "Wait.")
    assert canvas.empty.isVisible()
    assert not canvas.tools.isVisible()
    canvas.set_scene(Scene((Card("x", "x"),)))
    assert not canvas.empty.isVisible()
    assert canvas.tools.isVisible()
    canvas.set_scene(Scene())
    assert canvas.empty.isVisible()


def test_the_words_stay_inside_a_small_canvas(canvas: GraphCanvas) -> None:
    canvas.set_empty_words("A heading", "Many words that say what goes on. " * 4)
    for width, height in ((240, 160), (1400, 900)):
        canvas.resize(width, height)
        assert canvas.rect().contains(canvas.empty.geometry())
        assert abs(canvas.empty.geometry().center().x() - canvas.rect().center().x()) <= 1


def test_a_script_that_runs_says_how_far_it_is(canvas: GraphCanvas, qtbot: QtBot) -> None:
    state = AppState()
    waiting = Waiting(state, Ahead(), canvas)
    state.set_status(Status.STARTING)
    assert "Starting Python" in canvas.empty.text()
    state.set_status(Status.RECORDING)
    assert "has not called torch" in canvas.empty.text()
    state.set_recorded(7)
    assert "7 torch calls" in canvas.empty.text()
    state.set_asking(True)
    assert "waits for input" in canvas.empty.text()
    assert waiting is not None


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("print('hello')", "The script made no torch call"),
        ("raise RuntimeError('no data')", "The script ended before its first torch call"),
    ],
)
def test_a_trace_without_a_graph_says_why(canvas: GraphCanvas, tmp_path: Path, source: str, heading: str) -> None:
    state = AppState()
    waiting = Waiting(state, Ahead(), canvas)
    with recorded(tmp_path, source) as trace:
        state.set_trace(trace)
        state.set_status(Status.ENDED)
        assert heading in canvas.empty.text()
    assert waiting is not None


def test_a_script_that_is_held_says_whether_it_learns_next(canvas: GraphCanvas, tmp_path: Path) -> None:
    state = AppState()
    waiting = Waiting(state, Ahead(), canvas)
    with recorded(tmp_path, "import torch\ntorch.ones(1)") as trace:
        state.set_trace(trace)
        state.set_status(Status.PAUSED)
        assert "held in its set-up" in canvas.empty.text()
        state.set_place(Place(1, 0, 0))
        assert "about to begin" in canvas.empty.text()
    assert waiting is not None
