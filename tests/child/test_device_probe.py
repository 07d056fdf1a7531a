"""Devices as torch finds them."""

import pytest
import torch

from engine.child.missing_device import missing_device, there_are
from engine.child.probe import Found, devices


def test_the_cpu_is_always_there_and_first() -> None:
    assert devices()[0] == Found("cpu", "CPU")
    assert len({device.name for device in devices()}) == len(devices())


@pytest.mark.parametrize("name", ["cpu", "cpu:0"])
def test_the_cpu_is_not_missing(name: str) -> None:
    assert not missing_device(name)


def test_what_is_missing_is_named() -> None:
    assert missing_device("pixie").english == "'pixie' is not the name of a device."
    assert missing_device("cuda:77").english == "This machine has no device cuda:77."
    assert missing_device("cuda:77").chinese == "这台机器没有设备 cuda:77。"


def test_several_devices_of_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda i: f"Card {i}")
    assert devices()[1:3] == [Found("cuda:0", "Card 0"), Found("cuda:1", "Card 1")]
    assert not missing_device("cuda")
    assert not missing_device("cuda:1")
    assert missing_device("cuda:2").english == "This machine has no device cuda:2."
    assert there_are().english.startswith("There are: cpu, cuda:0, cuda:1")
    assert "cuda:0、cuda:1" in there_are().chinese
