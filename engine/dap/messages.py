"""Requests as they come in, checked, and what is said when one cannot be answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import EnglishError

Json = dict[str, Any]

_LARGEST = 1 << 53
"""Beyond it numbers of JSON are not exact."""


class RequestError(EnglishError):
    """A request cannot be answered: the message is shown to the user."""


class Malformed(Exception):  # noqa: N818 - what came is wrong, not we
    """A body is no request. text: a sentence."""


class Arguments:
    """The arguments of a request, each checked when it is asked for; what is null counts as absent.

    Raises RequestError where one has another type than the protocol says.
    """

    def __init__(self, values: Json, where: str) -> None:
        self._values = values
        self._where = where

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        found = self._values.get(name)
        return default if found is None else self._checked(name, found, str)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        found = self._values.get(name)
        return default if found is None else self._checked(name, found, bool)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        found = self.maybe_number(name)
        return default if found is None else found

    def maybe_number(self, name: str) -> int | None:
        """A whole number, None where it is absent."""
        found = self._values.get(name)
        if found is None:
            return None
        number: int = self._checked(name, found, int)
        if abs(number) > _LARGEST:
            raise RequestError(f"{self._where}: {name} is too large.")
        return number

    def required_number(self, name: str) -> int:
        """A whole number that must be there."""
        found = self.maybe_number(name)
        if found is None:
            raise RequestError(f"{self._where} needs {name}.")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(self._checked(f"{name}[...]", one, str) for one in self._list(name))

    def parts(self, name: str) -> list[Arguments]:
        """A list of objects."""
        found = self._list(name)
        return [Arguments(self._checked(f"{name}[...]", one, dict), f"{self._where}.{name}") for one in found]

    def part(self, name: str) -> Arguments:
        """An object; empty where it is absent."""
        found = self._values.get(name)
        return Arguments({} if found is None else self._checked(name, found, dict), f"{self._where}.{name}")

    def strings(self, name: str) -> dict[str, str | None]:
        """An object of strings; null stands for nothing, numbers for their text."""
        found = self._checked(name, self._values.get(name) or {}, dict)
        for key, value in found.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
                raise RequestError(f"{self._where}: {name}.{key} must be a string.")
        return {str(key): None if value is None else str(value) for key, value in found.items()}

    def has(self, name: str) -> bool:
        """Whether it is there and not null."""
        return self._values.get(name) is not None

    def _list(self, name: str) -> Sequence[Any]:
        found = self._values.get(name)
        return () if found is None else self._checked(name, found, list)

    def _checked(self, name: str, found: Any, wanted: type[Any]) -> Any:
        if type(found) is not wanted:
            names = {str: "a string", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}
            raise RequestError(f"{self._where}: {name} must be {names[wanted]}.")
        return found


@dataclass(frozen=True, slots=True)
class Request:
    """seq: its number, by which the answer names it."""

    seq: int
    command: str
    arguments: Arguments = field(compare=False)


def request_of(body: bytes) -> Request | None:
    """The request in a body; None for a response, which nobody asked for. Raises Malformed for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("A message that is not JSON was left out.") from error
    if not isinstance(found, dict):
        raise Malformed("A message that is no object was left out.")
    if found.get("type") == "response":
        return None
    seq, command, arguments = found.get("seq"), found.get("command"), found.get("arguments")
    if found.get("type") != "request" or type(seq) is not int or not isinstance(command, str):
        raise Malformed("A message that is no request was left out.")
    return Request(seq, command, Arguments(arguments if isinstance(arguments, dict) else {}, command))
