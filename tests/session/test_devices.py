"""The devices are those that a child's torch finds."""

from pathlib import Path

import pytest

from engine.errors import DeviceError, SessionError
from engine.session.devices import Device, check_device, devices


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


def test_a_device_that_is_not_there_is_refused_with_those_that_are() -> None:
    present = [Device("cpu", "CPU"), Device("cuda:0", "Card")]
    for name in ("cpu", "cuda", "cuda:0"):
        check_device(name, present)
    with pytest.raises(DeviceError, match=r"no device mps\. There are: cpu, cuda:0\."):
        check_device("mps", present)
