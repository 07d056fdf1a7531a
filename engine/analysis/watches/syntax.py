"""The parts that an expression may have: a closed set, each with the column at which it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands in the text, or True or False."""

    value: int | float | bool
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name, cut at its dots: ("hidden", "weight", "grad"). quoted: it stood in ' or ", and may be a text."""

    path: tuple[str, ...]
    column: int
    quoted: bool = False

    @property
    def text(self) -> str:
        """The name as it is written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Unary:
    """sign: "-", "+", "not" or "~"."""

    sign: str
    operand: Part
    column: int


@dataclass(frozen=True, slots=True)
class Binary:
    """sign: "+", "-", "*", "/", "//", "%", "**", "@", "&" or "|"."""

    sign: str
    left: Part
    right: Part
    column: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """first signs[0] rest[0] signs[1] rest[1] ...: a chain is true where all its links are."""

    first: Part
    signs: tuple[str, ...]
    rest: tuple[Part, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Logic:
    """sign: "and" or "or"; what comes after the part that settles it is not worked out."""

    sign: str
    parts: tuple[Part, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`yes if condition else no`; only one of the two is worked out."""

    condition: Part
    yes: Part
    no: Part
    column: int


@dataclass(frozen=True, slots=True)
class Several:
    """Numbers in brackets: an axis tuple, percentages, places."""

    parts: tuple[Part, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A slice; None where nothing stands."""

    begin: Part | None
    end: Part | None
    stride: Part | None
    column: int


@dataclass(frozen=True, slots=True)
class Rest:
    """`...` in an index: all dimensions between."""

    column: int


@dataclass(frozen=True, slots=True)
class Item:
    """owner[places]."""

    owner: Part
    places: tuple[Part | Span | Rest, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the table, also written as a method or a property: x.shape is shape(x)."""

    function: str
    arguments: tuple[Part, ...]
    keywords: tuple[tuple[str, Part], ...]
    column: int


Part = Number | Name | Unary | Binary | Comparison | Logic | Choice | Several | Item | Call
