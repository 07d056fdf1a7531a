"""Frozen dataclasses as JSON and back, checked field by field against their annotations. Nothing is ever evaluated.

A message is `{"type": "RunTo", "position": 5}`. What does not fit exactly (unknown type, missing or surplus field,
wrong kind of number) is a WireError, so that what was decoded can be trusted.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from ..errors import EnglishError
from .messages import Message

_T = TypeVar("_T")
_MESSAGES: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Message)}


class WireError(EnglishError):
    """What came over the wire is no message of ours."""


def encode_message(message: Message) -> bytes:
    """A message as ASCII JSON."""
    return json.dumps({"type": type(message).__name__, **_plain(message)}, separators=(",", ":")).encode("ascii")


def decode_message(data: bytes) -> Message:
    """The message in JSON text. Raises WireError for anything else."""
    found = _parsed(data)
    kind = _MESSAGES.get(str(found.pop("type", "")))
    if kind is None:
        raise WireError("A message of unknown type came from the other process.")
    message: Message = _built(kind, found)
    return message


def encode_record(record: Any) -> str:
    """A frozen dataclass of plain fields as ASCII JSON, for a reader that knows its type."""
    return json.dumps(_plain(record), separators=(",", ":"))


def decode_record(kind: type[_T], text: str) -> _T:
    """The dataclass of this type in JSON text. Raises WireError for anything else."""
    return _built(kind, _parsed(text.encode("utf-8", "surrogatepass")))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireError("What came from the other process is not JSON.") from error
    if not isinstance(found, dict):
        raise WireError("What came from the other process is not a message.")
    return found


def _plain(record: Any) -> dict[str, Any]:
    return {field.name: _plain_value(getattr(record, field.name)) for field in fields(record)}


def _plain_value(value: Any) -> Any:
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, tuple):
        return [_plain_value(item) for item in value]
    return value


@cache
def _annotations(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _built(kind: type[_T], found: dict[str, Any]) -> _T:
    wanted = _annotations(cast(Any, kind))
    if found.keys() != wanted.keys():
        surplus = ", ".join(sorted(found.keys() ^ wanted.keys()))
        raise WireError(f"A {kind.__name__} message with the wrong fields came from the other process: {surplus}.")
    return kind(**{name: _checked(wanted[name], found[name], f"{kind.__name__}.{name}") for name in wanted})


def _checked(annotation: Any, value: Any, where: str) -> Any:
    """The value as its annotation wants it: bool, int, float, str, enum, dataclass, tuple of one of them, or None."""
    origin = get_origin(annotation)
    if origin is UnionType:
        if value is None and NoneType in get_args(annotation):
            return None
        (annotation,) = (choice for choice in get_args(annotation) if choice is not NoneType)
        return _checked(annotation, value, where)
    if origin is tuple and isinstance(value, list):
        choices = get_args(annotation)
        kinds = choices[:1] * len(value) if choices[1:] == (Ellipsis,) else choices
        if len(kinds) == len(value):
            return tuple(_checked(kind, item, where) for kind, item in zip(kinds, value, strict=True))
    elif is_dataclass(annotation) and isinstance(annotation, type) and isinstance(value, dict):
        return _built(annotation, dict(value))
    elif annotation in (bool, int, str) and type(value) is annotation:
        return value
    elif annotation is float and type(value) in (int, float):
        return float(value)
    elif isinstance(annotation, type) and issubclass(annotation, StrEnum) and isinstance(value, str):
        try:
            return annotation(value)
        except ValueError:
            pass
    raise WireError(f"{where} in a message from the other process is not what it should be.")
