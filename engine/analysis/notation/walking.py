"""Looks through an expression tree, and makes another one of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from ...bilingual import Bilingual

_Part = TypeVar("_Part")


def any_part(part: object, is_so: Callable[[object], bool]) -> bool:
    """Whether something is so of an expression or of one of its parts."""
    if isinstance(part, tuple):
        return any(any_part(one, is_so) for one in part)
    if not is_dataclass(part) or isinstance(part, type):
        return False
    return is_so(part) or any(any_part(getattr(part, field.name), is_so) for field in fields(part))


def changed(part: _Part, change: Callable[[object], object]) -> _Part:
    """The same expression with `change` made to each of its parts, from the inside out."""
    if isinstance(part, tuple):
        return cast(_Part, tuple(changed(one, change) for one in part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    after = {field.name: changed(getattr(part, field.name), change) for field in fields(part)}
    is_same = all(after[name] is getattr(part, name) or after[name] == getattr(part, name) for name in after)
    return cast(_Part, change(part if is_same else replace(part, **after)))


def in_language(part: _Part, chinese: bool) -> _Part:
    """The same expression with its words in one language; printers take the English of what is in both."""

    def spoken(one: object) -> object:
        return one.in_language(chinese) if isinstance(one, Bilingual) else one

    return changed(part, spoken)
