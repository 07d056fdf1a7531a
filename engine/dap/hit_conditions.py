"""Hit conditions as editors write them: `5`, `== 5`, `>= 5`, `> 5`, `% 5`."""

from __future__ import annotations

import re

from .messages import RequestError

_FORM = re.compile(r"\s*(==|=|>=|>|%)?\s*(\d{1,9})\s*")

ONCE = 1 << 40
"""Hits after which one that stops once would stop again; no run has so many events."""


def counted(text: str) -> tuple[int, int]:
    """(first, every): the n-th hit is the first that counts, and from there on each n-th. "" counts all.

    A bare number, as in most debuggers, means that hit alone. Raises RequestError for what is no such condition.
    """
    if not text.strip():
        return 1, 1
    found = _FORM.fullmatch(text)
    if found is None:
        raise RequestError(f"{text!r} is no hit condition.", "Write 5, >= 5, > 5 or % 5.")
    sign, number = found[1] or "==", int(found[2])
    if number < 1 and sign != ">":
        raise RequestError("Hits are counted from 1.")
    if sign == "%":
        return number, number
    if sign in ("==", "="):
        return number, ONCE
    return (number, 1) if sign == ">=" else (number + 1, 1)
