"""Symbols: the short text of a role ("dC/dz1[2]") as a textbook's expression and as one line of Unicode text."""

from __future__ import annotations

import re
from functools import lru_cache

from ..bilingual import Bilingual
from .notation.expression import Call, Expression, Group, Kind, Partial, Row, Symbol, Text
from .notation.printing import to_text
from .notation.scripts import superscript_text
from .notation.walking import in_language

_LETTER = re.compile(r"([A-Za-z])(\d*)(?:\[(\d+)\])?")
_GRADIENT = re.compile(r"dC/d(.+)", re.DOTALL)
_SLOPE = re.compile(r"([A-Za-z_]\w*)'\((.+)\)", re.DOTALL)
_PLAIN = re.compile(r"[\w.]+(\[\d+\])?")
_PART = re.compile(r"\b[zawbp]\d+(\[\d+\])?")
_POWER = re.compile(r"\^(-?\d+)")
_CHANGED = re.compile(r"(new|clipped|scaled) (?![-+·*/@] )(.+)", re.DOTALL)
_CHANGES = {
    "new": Bilingual("new", "新"),
    "clipped": Bilingual("clipped", "裁剪后的"),
    "scaled": Bilingual("scaled", "缩放后的"),
}

FUNCTION_LETTERS = {"sigmoid": "σ", "s": "σ"}
"""How functions with a letter of their own are written."""

MAX_LENGTH = 24
"""Characters of a symbol that is put together from others; what is longer is called by its op's name."""


def gradient_of(symbol: str) -> str:
    """The gradient of C with respect to something."""
    return f"dC/d{symbol}" if _PLAIN.fullmatch(symbol) else f"dC/d({symbol})"


def slope_of(activation: str, argument: str) -> str:
    """The local derivative of an activation: "s'(z1)" for sigmoid, "relu'(z1)"."""
    name = activation.strip("_")
    return f"{'s' if name == 'sigmoid' else name}'({argument})"


@lru_cache(maxsize=1 << 15)
def expression_of(symbol: str, kind: Kind = "value", ref: str | None = None) -> Expression:
    """A symbol as an expression: layers are raised, gradients are fractions. Unknown text stays as it is."""
    if (match := _CHANGED.fullmatch(symbol)) is not None:
        return Row((Text(_CHANGES[match[1]]), expression_of(match[2], kind, ref)))
    if (match := _GRADIENT.fullmatch(symbol)) is not None:
        by = expression_of(_bare(match[1]), "plain")
        return Partial(Symbol("C"), Group(by) if isinstance(by, Text) else by, "gradient", ref)
    if (match := _SLOPE.fullmatch(symbol)) is not None:
        name = FUNCTION_LETTERS.get(match[1], match[1])
        return Call(f"{name}′", (expression_of(match[2], "value"),), ref=ref)
    if (match := _LETTER.fullmatch(symbol)) is not None:
        letter, layer, use = match.groups()
        superscript = "".join(f"({part})" for part in (layer, use) if part)
        return Symbol(letter, "", superscript, _kind_of(letter, kind), ref)
    if symbol.replace("_", "").replace(".", "").isalnum():
        return Symbol(symbol, "", "", kind, ref)
    return Text(_POWER.sub(lambda power: superscript_text(power[1]), _PART.sub(_part_text, symbol)), kind)


@lru_cache(maxsize=1 << 15)
def text_of(symbol: str) -> str:
    """A symbol as one line of text: "∂C/∂z⁽¹⁾", "σ′(z⁽²⁾)", "new w⁽¹⁾"."""
    return to_text(expression_of(symbol))


@lru_cache(maxsize=1 << 15)
def words_of(symbol: str) -> Bilingual:
    """The same in both languages: "new w⁽¹⁾" is "新 w⁽¹⁾"."""
    expression = expression_of(symbol)
    return Bilingual(text_of(symbol), to_text(in_language(expression, True)))


def _part_text(part: re.Match[str]) -> str:
    return to_text(expression_of(part[0]))


def _bare(inner: str) -> str:
    return inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner


def _kind_of(letter: str, kind: Kind) -> Kind:
    if letter in ("w", "b") and kind == "value":
        return "parameter"
    return "loss" if letter == "C" and kind == "value" else kind
