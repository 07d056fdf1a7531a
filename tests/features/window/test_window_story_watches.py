"""A user watches expressions: they follow every step, one is plotted, and they are there the next time."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from app.models.watches import EXPRESSION, VALUE
from app.settings import load_settings
from tests.helpers.window_user import User


def test_watches_follow_the_steps_and_are_kept(hello: User) -> None:
    watching = hello.window.panels.watching
    model, table = watching.model, watching.view.table
    hello.window.docks.by_key["watches"].raise_()
    model.setData(model.index(0, EXPRESSION), "z1 * 2")
    model.setData(model.index(1, EXPRESSION), "C")
    assert "not known yet" in model.index(0, VALUE).data()
    hello.window.panels.canvas.setFocus()
    hello.step(Qt.Key.Key_F10)
    assert model.index(0, VALUE).data() == "[2.248]"
    hello.step(Qt.Key.Key_F10, Qt.KeyboardModifier.ControlModifier)
    assert "not known yet" in model.index(0, VALUE).data()

    table.setFocus()
    table.setCurrentIndex(model.index(1, EXPRESSION))
    hello.step(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hello.wait(lambda: not watching.is_working)
    assert watching.view.has_curve
    assert watching.view.curve.iteration_near(1.0) == 0

    script = watching.script
    assert script.endswith("hello.py")
    hello.window.close()
    kept = load_settings(QSettings(hello.window._settings._store.fileName(), QSettings.Format.IniFormat))
    assert kept.watches_of(script) == ("z1 * 2", "C")
