"""Stories about the samples: what was predicted, the line so far, the function's curve, and the rows of the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.plotted import EPOCHS, FIT, FUNCTION, PREDICTIONS, ROWS, SCATTER
from engine.session.launch import Launch
from engine.session.record import record
from tests.helpers.window_user import EXAMPLES, User


def opened(user: User, folder: Path, example: str, *arguments: str) -> User:
    trace = folder / "t.gradstep"
    with (folder / "output.txt").open("wb") as output:
        record(Launch(EXAMPLES / example, arguments, stdout=output), trace)
    user.window.open_path(trace)
    user.wait_until_still()
    return user


def look(user: User, key: str) -> None:
    plotting = user.window.panels.plotting
    plotting.panel.show_plot(key)
    user.wait(lambda: not plotting.is_working)


def go_to(user: User, iteration: int) -> None:
    user.window.run.to_iteration(iteration)
    user.wait(lambda: user.window.state.place.iteration == iteration)
    user.wait_until_still()
    user.wait(lambda: not user.window.panels.plotting.is_working)


def test_the_line_moves_over_the_data_while_stepping(user: User, tmp_path: Path) -> None:
    """From w 0.5, b -0.25 the first step leads to w 0.95, b -0.055."""
    opened(user, tmp_path, "linear_regression.py", "--epochs", "4")
    pane = user.window.panels.plotting.sampling.pane
    go_to(user, 0)
    look(user, FIT)
    assert pane.points.readout.text().startswith("y = 0.5 · x − 0.25")
    go_to(user, 1)
    assert pane.points.readout.text().startswith("y = 0.95 · x − 0.055")
    target = next(one for one in pane.points.drawn if one.name == "target")
    assert (target.x.tolist(), target.y.tolist()) == ([1, 2, 3], [2, 4, 6])
    look(user, PREDICTIONS)
    table = pane.model.table
    assert table.heads == ("sample", "prediction", "target", "difference", "x")
    assert table.rows[0] == ("0", "0.895", "2", "−1.105", "1")
    look(user, SCATTER)
    assert pane.nothing.startswith("A scatter plot takes two numbers")


def test_epochs_rows_and_scatter_of_minibatches(user: User, tmp_path: Path) -> None:
    """1000 rows, 800 of them to learn from, in batches of 50: 16 an epoch, each row once."""
    opened(user, tmp_path, "scratch_minibatch.py", "--epochs", "2")
    pane = user.window.panels.plotting.sampling.pane
    go_to(user, 17)
    look(user, EPOCHS)
    assert [row[:2] + row[4:] for row in pane.model.table.rows] == [
        ("1", "1–16", "800", "0", "0"),
        ("2", "17–32", "800", "0", "0"),
    ]
    assert pane.model.table.at == 1
    look(user, ROWS)
    told = pane.map.told.text()
    assert "Epoch 2: 800 of 800 rows seen" in told
    assert "X_train 0–799 (800); X_test 800–999 (200)" in told
    assert pane.map.field.told_of(801).startswith("row 801 · X_test · seen 0 times")
    look(user, SCATTER)
    assert sum(len(one.x) for one in pane.points.drawn) == 50
    assert [one.name[:7] for one in pane.points.drawn] == ["class 0", "class 1"]
    pane.first.setCurrentIndex(2)
    pane.first.activated.emit(2)
    assert pane.points.plot.getAxis("bottom").labelText == "x[2]"


def test_the_present_point_goes_along_a_function(user: User, tmp_path: Path) -> None:
    """z1 1.124, a1 0.75473, slope 0.18511: the first tutorial's numbers."""
    hello = opened(user, tmp_path, "hello.py", "--iterations", "1")
    hello.window.run.to_quantity(2)
    hello.wait(lambda: hello.window.state.place.quantity == 2)
    hello.wait_until_still()
    look(hello, FUNCTION)
    readout = hello.window.panels.plotting.sampling.pane.points.readout
    assert readout.text() == "sigmoid(1.124) = 0.7547   sigmoid′ = 0.1851"
    hello.window.run.to_quantity(4)
    hello.wait(lambda: hello.window.state.place.quantity == 4)
    hello.wait_until_still()
    hello.wait(lambda: readout.text() == "sigmoid(1.739) = 0.8506   sigmoid′ = 0.1271")


@pytest.mark.parametrize("key", [PREDICTIONS, FIT, FUNCTION])
def test_what_a_set_up_has_none_of_is_said(user: User, tmp_path: Path, key: str) -> None:
    opened(user, tmp_path, "linear_regression.py", "--epochs", "2")
    go_to(user, -1)
    look(user, key)
    assert user.window.panels.plotting.sampling.pane.nothing.startswith("In the set-up no samples")
