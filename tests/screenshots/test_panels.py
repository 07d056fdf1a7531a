"""Every panel, page and dialog looks as it was approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.dialogs.palette import CommandPalette, Entry
from app.dialogs.preferences import KeyRow, PreferencesDialog
from app.models.lesson_walk import Ask, Choice, Page, Told
from app.settings import Settings
from app.views.lesson import LessonView
from app.views.welcome import Example, WelcomePage
from app.window import MainWindow
from engine.lessons.covers import Cover

Alone = Callable[[QWidget, int, int], QWidget]
Check = Callable[[QWidget, str], None]

PANELS: dict[str, tuple[Callable[[MainWindow], QWidget], int, int]] = {
    "equation": (lambda window: window.panels.explaining.panel, 640, 300),
    "timeline": (lambda window: window.panels.timeline, 640, 110),
    "source": (lambda window: window.panels.reading.panel, 400, 420),
    "call_tree": (lambda window: window.panels.listing.panel, 400, 420),
    "console": (lambda window: window.panels.console_panel, 400, 160),
    "variables": (lambda window: window.panels.debugging.naming.variables_view, 400, 320),
    "parameters": (lambda window: window.panels.debugging.naming.parameters_view, 440, 200),
    "plots": (lambda window: window.panels.plotting.panel, 400, 280),
    "watches": (lambda window: window.panels.watching.view, 340, 200),
    "breakpoints": (lambda window: window.panels.debugging.breaking.view, 340, 200),
    "findings": (lambda window: window.panels.debugging.finding.view, 400, 340),
    "branches": (lambda window: window.panels.debugging.branching.view, 400, 300),
    "toolbar": (lambda window: window.toolbar, 1280, 44),
}
TENSOR_TABS = {"tensor_table": 0, "tensor_heatmap": 1, "tensor_histogram": 3}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel(name: str, window: MainWindow, alone: Alone, check: Check) -> None:
    find, width, height = PANELS[name]
    check(alone(find(window), width, height), name)


@pytest.mark.parametrize("name", TENSOR_TABS)
def test_a_tab_of_the_tensor_panel(name: str, window: MainWindow, alone: Alone, check: Check) -> None:
    window.panels.tensor.tabs.setCurrentIndex(TENSOR_TABS[name])
    check(alone(window.panels.tensor, 340, 420), name)


@pytest.mark.parametrize("name", ["graph_neurons", "graph_cards"])
def test_a_face_of_the_graph(name: str, window: MainWindow, alone: Alone, check: Check) -> None:
    canvas = window.panels.canvas
    if canvas.shows_neurons != (name == "graph_neurons"):
        canvas.toggle_neurons()
    check(alone(canvas, 640, 560), name)


def test_the_start_page(window: MainWindow, alone: Alone, check: Check, tmp_path: Path) -> None:
    sentences = {"hello.py": "The smallest network.", "two_layer.py": "Matrices, from scratch."}
    examples = [Example(tmp_path / name, words) for name, words in sentences.items()]
    lessons = [Cover(tmp_path, 1, 25, "Hello, backprop", ""), Cover(tmp_path, 2, 20, "One neuron", "")]
    page = WelcomePage(window.looks.theme, examples, lessons)
    check(alone(page, 720, 520), "start_page")


def test_a_lesson(window: MainWindow, alone: Alone, check: Check) -> None:
    told = Told("<p>How large is z?</p>", "14", False, "<p>The bias is missing.</p>", "7", "<p>It is 2·3 + 1.</p>")
    ask = Ask("<p>What does relu make of it?</p>", (Choice("1", "0"), Choice("2", "7")), "choose one")
    page = Page("Hello, backprop", 2, 5, "Forward", "<p>w is 3, x is 2 and b is 1.</p>", "", (told,), ask, True, False)
    view = LessonView(window.looks.theme)
    view.show_page(page)
    check(alone(view, 400, 460), "lesson")


def test_the_command_palette(window: MainWindow, alone: Alone, check: Check) -> None:
    actions = [QAction("Step over"), QAction("Step back"), QAction("Stop")]
    for action, key in zip(actions, ("F10", "Ctrl+F10", "Shift+F5"), strict=True):
        action.setShortcut(QKeySequence(key))
    palette = CommandPalette([Entry(action, "Debug", "") for action in actions])
    palette.field.setText("st")
    check(alone(palette, 480, 200), "palette")


def test_the_preferences(window: MainWindow, alone: Alone, check: Check) -> None:
    keys = (KeyRow("step", "Step over", "F10"), KeyRow("back", "Step back", "Ctrl+F10"))
    check(alone(PreferencesDialog(Settings(theme="dark", language="en"), keys), 480, 420), "preferences")
