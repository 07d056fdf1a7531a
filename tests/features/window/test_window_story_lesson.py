"""A learner opens a lesson from the start page: predicts, sees the number, slips, and finds the answers kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.models.plotted import EPOCHS, PREDICTIONS, PROBABILITIES
from app.models.run_curves import Sort
from engine.lessons.answers import read_answers
from tests.helpers.window_user import User
from tests.lessons.conftest import SmallLesson, small
from tests.lessons.test_shipped_lessons import right_text

__all__ = ["small"]


@pytest.fixture
def learner(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user before the start page, whose answers are kept in a folder of the test."""
    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path))
    return user


def say(learner: User, text: str) -> str:
    """Types an answer; returns what the panel then says."""
    view = learner.window.panels.learning.view
    QTest.keyClicks(view.line, text)
    QTest.keyClick(view.line, Qt.Key.Key_Return)
    learner.wait_until_still()
    return view.text.toPlainText()


def choose(learner: User, number: int) -> None:
    """Chooses an option."""
    view = learner.window.panels.learning.view
    view.options[number - 1].click()
    view.go.click()
    learner.wait_until_still()


def test_predicting_before_seeing(learner: User, tmp_path: Path) -> None:
    window = learner.window
    learning = window.panels.learning
    window.welcome.lesson_buttons[0].click()
    assert "being run" in learning.view.text.toPlainText()
    assert "I can work out a forward pass" in learning.view.text.toPlainText(), "to be read meanwhile"
    learner.wait(lambda: learning.walk is not None)
    learner.wait_for_first_step()
    assert window.docks.by_key["lesson"].isVisible()
    assert learning.view.where.text() == "Hello, backprop: 1 of 25"
    tensor, plots = window.docks.by_key["tensor"], window.docks.by_key["loss"]
    learner.wait(lambda: plots in window.tabifiedDockWidgets(tensor))  # so that the lesson and each of them have room

    choose(learner, 1)
    assert "Not quite" in learning.view.text.toPlainText()
    choose(learner, 1)
    learning.view.go.click()
    assert "output 0.8506, loss 0.022329" in learning.view.text.toPlainText(), "what the script printed"
    learning.view.go.click()
    learner.wait_until_still()
    assert learning.walk is not None
    assert learning.walk.stop.id == "z1"
    learner.wait(lambda: learner.equations[1].startswith("z⁽¹⁾"))
    newest, coming = learner.equations
    assert coming.endswith("?"), "the number is hidden while it is asked for"
    assert not any(len(one.iterations) for one in window.panels.loss.series), "the loss is still to come"
    plotting = window.panels.plotting
    plotting.panel.show_plot(PREDICTIONS)
    learner.wait(lambda: not plotting.is_working)
    assert plotting.sampling.pane.nothing.startswith("The answers are shown once the loss")
    plotting.panel.show_plot(EPOCHS)
    learner.wait(lambda: not plotting.is_working)
    assert plotting.sampling.pane.nothing == "The numbers of an epoch are shown once it is over."
    plotting.panel.show_plot(PROBABILITIES)
    learner.wait(lambda: not plotting.is_working)
    assert plotting.answering.pane.nothing.startswith("The answers are shown once the loss")
    plotting.panel.show_plot(Sort.GRADIENTS)
    learner.wait(lambda: not plotting.is_working)
    assert not any(len(one.iterations) for one in plotting.curves.series)

    assert "The bias is missing" in say(learner, "1.264")
    learner.wait(lambda: learner.number == "1.124")
    newest, _ = learner.equations
    assert "1.124" in newest

    learning.view.go.click()
    learner.wait_until_still()
    assert learning.walk.stop.id == "a1"
    learning.view.previous.click()
    learner.wait(lambda: learner.number == "1.124")  # what was answered stays revealed
    kept = read_answers(tmp_path / "answers" / "hello.json")
    assert (kept.lesson, kept.by_question["z1"]) == ("hello", "1.264")

    learning.view.close_button.click()
    assert not window.docks.by_key["lesson"].isVisible()
    assert not window.tabifiedDockWidgets(tensor)
    assert any(len(one.iterations) for one in window.panels.loss.series)


def test_another_run_is_opened_where_a_stop_is_about_it(learner: User) -> None:
    learning = learner.window.panels.learning
    learner.window.welcome.lesson_buttons[1].click()
    learner.wait(lambda: learning.walk is not None)
    learner.wait_for_first_step()
    assert learning.walk is not None
    first = learner.window.state.trace
    learning.walk.go_to(13)
    learning.view.next_requested.emit()
    assert learning.walk.stop.run == "attached"
    learner.wait(lambda: learner.window.state.trace is not first)  # its script may still have been running
    learner.wait_until_still()
    assert "Two paths" in say(learner, "12")


def test_a_quiz_on_what_is_open(hello: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path))
    learning = hello.window.panels.learning
    hello.step(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    hello.window.action_set.by_id["quiz"].trigger()
    assert learning.walk is not None
    assert "1 of 10" in learning.view.where.text()
    question = learning.walk.waiting
    assert question is not None
    truth = learning.walk.played.truth(learning.walk.stop, question)
    learning.view.answered.emit(right_text(truth))
    assert "✓ Right." in learning.view.text.toPlainText()
    assert not (tmp_path / "answers").exists(), "nothing is kept of a quiz"
    trace = hello.window.state.trace
    learning.view.close_button.click()
    assert hello.window.state.trace is trace, "what was open stays open"


def test_a_stranger_s_lesson_is_asked_about_before_its_script_runs(
    learner: User, small: SmallLesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, asked = learner.window, list[str]()
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def question(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return answers[len(asked) - 1]

    monkeypatch.setattr(QMessageBox, "question", question)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(small.folder))
    window.action_set.by_id["open_lesson"].trigger()
    assert not window.panels.learning.is_open
    assert str(small.folder / "script.py") in asked[0]
    window.action_set.by_id["open_lesson"].trigger()
    learner.wait(lambda: window.panels.learning.walk is not None)
    learner.wait_for_first_step()
    assert "w is 3." in window.panels.learning.view.text.toPlainText()
    assert len(asked) == 2

    small.change("lesson.toml", "format = 1", "format = 9")
    window.action_set.by_id["open_lesson"].trigger()
    learner.wait(lambda: "lesson.toml line 1" in window.notices.text())
