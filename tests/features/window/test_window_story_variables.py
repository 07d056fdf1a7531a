"""A story about names: the variables here, one shown as a tensor and watched, the parameters with their boxes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.variables import HERE
from tests.helpers.window_user import User


def test_a_variable_is_shown_and_watched_by_keys(hello: User) -> None:
    window, naming = hello.window, hello.window.panels.debugging.naming
    for _ in range(5):
        hello.step(Qt.Key.Key_F10)
    window.docks.by_key["variables"].raise_()
    hello.wait(lambda: naming.variables.index_of_key(HERE, "z1").isValid())
    z1 = naming.variables.index_of_key(HERE, "z1")
    assert z1.siblingAtColumn(2).data() == "1.124"
    view = naming.variables_view
    view.setFocus()
    view.setCurrentIndex(z1)
    QTest.keyClick(view, Qt.Key.Key_Return)
    hello.wait(lambda: hello.number == "1.124")
    QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.watching.model.expressions == ("z1",)
    window.docks.by_key["parameters"].raise_()
    hello.wait(lambda: naming.parameters.index_of_key("output_layer.").isValid())
    layer = naming.parameters.index_of_key("hidden_layer.")
    hello.wait(lambda: naming.parameters.rowCount(layer) == 2)
    weight = naming.parameters.index(0, 0, layer)
    assert weight.data() == "weight"
    assert weight.siblingAtColumn(3).data() == "None"
