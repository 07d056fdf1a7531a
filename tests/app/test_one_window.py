"""A trace that one window shows is not opened in a second: the first comes to the front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from pytestqt.qtbot import QtBot

from app.one_window import OneWindow, _name


@pytest.fixture
def first(qapp: object) -> Iterator[OneWindow]:
    window = OneWindow()
    yield window
    window.close()


@pytest.fixture
def second(qapp: object) -> Iterator[OneWindow]:
    window = OneWindow()
    yield window
    window.close()


def test_the_one_that_shows_it_is_told(first: OneWindow, second: OneWindow, tmp_path: Path, qtbot: QtBot) -> None:
    first.shows(tmp_path / "a.gradstep")
    with qtbot.waitSignal(first.wanted, timeout=10_000):
        assert second.is_elsewhere(tmp_path / "x" / ".." / "a.gradstep")
    assert not second.is_elsewhere(tmp_path / "b.gradstep")
    assert not first.is_elsewhere(tmp_path / "a.gradstep")


def test_what_is_no_longer_shown_can_be_opened(first: OneWindow, second: OneWindow, tmp_path: Path) -> None:
    first.shows(tmp_path / "a.gradstep")
    first.shows(tmp_path / "b.gradstep")
    assert not second.is_elsewhere(tmp_path / "a.gradstep")
    first.shows(None)
    assert not second.is_elsewhere(tmp_path / "b.gradstep")


def test_a_socket_left_behind_is_put_away(first: OneWindow, second: OneWindow, tmp_path: Path, qapp: object) -> None:
    name = _name(tmp_path / "a.gradstep")
    left = QLocalServer()
    assert left.listen(name)
    path = Path(left.fullServerName())
    content = path.is_socket()
    left.close()
    if content:  # where sockets are files, a killed process leaves one
        path.touch()
    assert not second.is_elsewhere(tmp_path / "a.gradstep")
    second.shows(tmp_path / "a.gradstep")
    assert first.is_elsewhere(tmp_path / "a.gradstep")
