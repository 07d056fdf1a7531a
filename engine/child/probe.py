"""Which devices torch finds on this machine. Run as a file, it prints them as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import torch


@dataclass(frozen=True, slots=True)
class Found:
    """A device. name: torch's ("cuda:0"). title: what people call it ("NVIDIA H200")."""

    name: str
    title: str


def devices() -> list[Found]:
    """All devices, the CPU first."""
    found = [Found("cpu", "CPU")]
    if torch.cuda.is_available():
        found += [Found(f"cuda:{i}", torch.cuda.get_device_name(i)) for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append(Found("mps", "Apple GPU"))
    if torch.xpu.is_available():
        found += [Found(f"xpu:{i}", torch.xpu.get_device_name(i)) for i in range(torch.xpu.device_count())]
    return found


if __name__ == "__main__":
    print(json.dumps([asdict(device) for device in devices()]))
