"""The devices are those that a child's torch finds."""

from pathlib import Path

import pytest

from engine.errors import SessionError
from engine.session.devices import Device, devices


def test_a_child_finds_the_cpu() -> None:
    assert devices()[0] == Device("cpu", "CPU")


def test_a_python_that_cannot_say_is_named(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="cannot say which devices"):
        devices(tmp_path / "python")
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\necho no torch for you >&2\nexit 1\n")
    mute.chmod(0o755)
    with pytest.raises(SessionError, match="no torch for you"):
        devices(mute)
