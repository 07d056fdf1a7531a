"""Sizes in bytes as people write them: "1GiB", "500MB", "65536"."""

from __future__ import annotations

import re

from ..errors import EnglishError
from ..limits import DEFAULT_BUDGET_BYTES, GIB, KIB, MIB

_UNITS = {
    "": 1,
    "b": 1,
    "kib": KIB,
    "mib": MIB,
    "gib": GIB,
    "tib": 1024 * GIB,
    "k": KIB,
    "m": MIB,
    "g": GIB,
    "t": 1024 * GIB,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
}


def size_bytes(size: int | str | None) -> int:
    """Bytes of a size; None is the default budget. Raises GradstepError for what is no positive size."""
    if size is None:
        return DEFAULT_BUDGET_BYTES
    if isinstance(size, str):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", size.strip().lower())
        if found and found[2] in _UNITS:
            size = int(float(found[1]) * _UNITS[found[2]])
    if isinstance(size, str) or size <= 0:
        raise EnglishError(f"{size!r} is not a size.", "Write for example 500MB, 2GiB, or a number of bytes.")
    return size


def size_text(size: int) -> str:
    """A size in the largest unit that fits: "1.4 MiB"."""
    for unit, bytes_of_unit in (("GiB", GIB), ("MiB", MIB), ("KiB", KIB)):
        if size >= bytes_of_unit:
            return f"{size / bytes_of_unit:.1f} {unit}"
    return f"{size} bytes"
