"""Panels to take pictures of: one window on a small recording, in which every panel has something to show."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.main import application
from app.models.branches import Beside, BranchRow, QuantityLine
from app.settings import Settings, save_settings
from app.window import MainWindow
from engine.bilingual import NOTHING, Bilingual, same
from engine.wire.breakpoints import Breakpoint, What
from tests.app.conftest import record
from tests.helpers import pictures

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "net.py"
ITERATION, REVEALED = 1, 12
"""In the backward pass of the second iteration, after dC/dw of the first layer."""
PATIENCE_S = 60
AWAY = (200, 200)
"""Where a panel is shown: not where the mouse is, under which a button lights up."""
WATCHES = ("C", "norm(dC/dw1)", "mean(a1 > 0)", "nobody")
BREAKPOINTS = (
    Breakpoint(What.LINE, os.path.realpath(SCRIPT), 24, condition="iteration == 3"),
    Breakpoint(What.NOT_FINITE),
    Breakpoint(What.PARAMETER, "hidden.*", enabled=False),
)


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Callable[[QWidget, str], None]:
    """check(panel, name) fails where the panel looks otherwise than its approved picture; `--approve` approves it.

    A panel that shall look otherwise on one platform has a picture for that one (`preferences-xcb.png`).
    """

    def compare(panel: QWidget, name: str) -> None:
        own = f"{name}-{QGuiApplication.platformName()}"
        now, file = FOLDER / "failed" / f"{own}.png", FOLDER / f"{own}.png"
        if not file.is_file():
            file = file.with_name(f"{name}.png")
        actual = pictures.pixels(panel.grab().toImage())
        approve = request.config.getoption("--approve")
        told = pictures.held_against(actual, file, now, approve=approve)
        if told:
            pytest.fail(f"{name}: {told} See {now.relative_to(FOLDER.parents[1])}; add --approve to approve it.")

    return compare


@pytest.fixture(scope="package")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window at the place of the pictures, with all that is worked out beside it shown. Tests only look at it."""
    if sys.platform != "linux":
        pytest.skip("Letters are drawn alike on Linux only, where fontconfig says how (tests/fonts.conf)")
    path = recorded(tmp_path_factory.mktemp("pictured") / "net.gradstep")
    application()
    flash, _ = qapp.cursorFlashTime(), qapp.setCursorFlashTime(0)
    store = QSettings(str(path.with_name("gradstep.ini")), QSettings.Format.IniFormat)
    save_settings(store, Settings(theme="dark", digits=4, reduce_motion=True))
    made = MainWindow(store)
    made.show()
    made.open_path(path)
    prepare(made)
    yield made
    qapp.setCursorFlashTime(flash)
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def alone(window: MainWindow) -> Callable[[QWidget, int, int], QWidget]:
    """Takes a panel out of its place and gives it a size, so that no other panel changes its picture."""

    def take(panel: QWidget, width: int, height: int) -> QWidget:
        panel.setParent(None)
        panel.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        panel.setGeometry(*AWAY, width, height)
        panel.show()
        wait(lambda: is_settled(window))
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        return panel

    return take


def recorded(path: Path) -> Path:
    """A recording of the script in which every event took as long as on any other machine, with what it prints."""
    record(SCRIPT, path)
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE events SET start_ns = position * 20000, duration_ns = 1000 * (5 + position % 7)")
        file.execute(
            "INSERT INTO output (position, stream, text) "
            "SELECT end, 'stdout', 'epoch ' || number || ' is over' || char(10) FROM iterations WHERE number >= 0"
        )
    return path


def prepare(window: MainWindow) -> None:
    """Goes to the place and fills the panels that would be empty."""
    panels = window.panels
    wait(lambda: panels.moment is not None and is_settled(window))
    window.run.to_iteration(ITERATION)
    wait(lambda: window.state.place.iteration == ITERATION and is_settled(window))
    window.run.to_quantity(REVEALED)
    for row, text in enumerate(WATCHES):
        panels.watching.model.setData(panels.watching.model.index(row, 0), text)
    window.state.set_breakpoints(BREAKPOINTS)
    wait(lambda: is_settled(window))
    trace, branching = window.state.trace, panels.debugging.branching
    assert trace is not None
    first = trace.path.resolve()
    rows = (
        BranchRow(first, 0, NOTHING, "finished"),
        BranchRow(first.with_name("b.gradstep"), 1, same("lr=0.5"), "finished"),
    )
    branching.model.set_rows(rows, first)
    branching.view.choose(1)
    wait(lambda: is_settled(window))
    lines = (QuantityLine("C", "0.8594", "7.25", "6.4"), QuantityLine("z1", "2.5", "2.5", "="))
    first_other = Bilingual("Event 9, sub_, yields other numbers.", "事件 9（sub_）给出的数不同。")
    branching.view.show_beside(Beside(first_other, 9, 0, lines, ("0.3702", "12.5")))


def is_settled(window: MainWindow) -> bool:
    """Whether everything that is worked out beside the window is shown."""
    panels = window.panels
    debugging = panels.debugging
    return not any(
        (
            panels.is_late,
            panels.explaining.is_checking,
            panels.showing.is_working,
            panels.plotting.is_working,
            panels.watching.is_working,
            debugging.breaking.is_working,
            debugging.finding.is_looking,
            debugging.branching.is_busy,
        )
    )


def wait(condition: Callable[[], bool]) -> None:
    """Lets the window work until it is so, and everything is painted."""
    end = time.monotonic() + PATIENCE_S
    QTest.qWait(20)
    while not condition():
        assert time.monotonic() < end, "the window is not ready for its picture"
        QTest.qWait(20)
    QTest.qWait(20)
