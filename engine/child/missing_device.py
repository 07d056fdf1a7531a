"""Whether torch has a device, and the sentence that says why not."""

from __future__ import annotations

import torch

from ..bilingual import NOTHING, Bilingual, listed, same
from .probe import devices


def missing_device(name: str) -> Bilingual:
    """Why there is no such device; nothing if there is."""
    try:
        wanted = torch.device(name)
    except RuntimeError:
        return Bilingual(f"{name!r} is not the name of a device.", f"{name!r} 不是设备的名称。")
    present = [torch.device(device.name) for device in devices()]
    same_kind = [device for device in present if device.type == wanted.type]
    if any(wanted.index in (None, device.index) or device.index is None for device in same_kind):
        return NOTHING
    return Bilingual(f"This machine has no device {name}.", f"这台机器没有设备 {name}。")


def there_are() -> Bilingual:
    """A sentence with the names of those that there are."""
    names = listed(same(device.name) for device in devices())
    return Bilingual(f"There are: {names.english}.", f"可用的设备有：{names.chinese}。")
