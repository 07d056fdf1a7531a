"""Reads an equation that is written as one line of text: "∂C/∂z = ∂C/∂a·f′(z)", "y = Σ_k w_k·x_k + b".

Who writes a formula into a table writes it as it is read; painters and printers get the expression tree of it.

    names       z, w_i, x_{i+m,j+n}, z^{(1)} (the layer), x̂; f(z), max(0, z); √(v)
    operations  a + b, a - b, a·b, a ⊙ b, a × b, a / b (a fraction), a^2, a^(n - 1), wᵀ
    sums        Σ_k x_k, Σ_{k=1}^n x_k
    the rest    ∂C/∂z, {z | z > 0 ; 0 | z ≤ 0} (cases), "words", and one of = ≈ ← ≤ ≥ ∈ → between sides
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from .expression import (
    Accent,
    Add,
    Call,
    Cases,
    Equals,
    Expression,
    Fraction,
    Kind,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    ProductSign,
    Relation,
    Root,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
)
from .printing import to_text
from .scripts import subscript_text

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|\"(?P<words>[^\"]*)\"|(?P<cases>\{[^}]*\})"
    r"|(?P<sum>Σ)(?:_(?:\{(?P<lower>[^}]*)\}|(?P<over>\w+)))?(?:\^(?P<upper>\w+))?"
    r"|(?P<name>[^\W\d_ᵀ]+[\u0302\u0304]?′*)(?:_(?:\{(?P<below>[^}]*)\}|(?P<index>[^\W_ᵀ]+)))?"
    r"(?:\^\{(?P<above>[^}]*)\})?"
    r"|(?P<sign>[-+·⊙×/^ᵀ√∂(),=≈←≤≥∈→]))"
)
_INDEX_OF_INDEX = re.compile(r"([A-Za-z])_([a-z])")
_COMPARISONS = (">", "<", "≤", "≥", "=")
_COMPARED = re.compile(r" ([><≤≥=]) ")
_RELATIONS = "=≈←≤≥∈→"
_PRODUCTS = "·⊙×"
_ACCENTS: dict[str, Accent] = {"\u0302": "hat", "\u0304": "bar"}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("w", "W", "U", "V", "b", "γ", "β"), "parameter"),
    **dict.fromkeys(("x", "z", "a", "y", "h", "c", "t", "p"), "value"),
    "C": "loss",
}  # fmt: skip
_RATES = frozenset({"β_1", "β_2"})
"""What optimizers call so is no parameter."""


class UnreadableError(ValueError):
    """A text that is no equation; says where it cannot be read."""


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """The expression of a text. Raises UnreadableError."""
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._next = self._token()

    def whole(self) -> Expression:
        found = self._relation()
        if self._next is not None or self._text[self._at :].strip():
            raise self._error()
        return found

    def _relation(self) -> Expression:
        parts, sign = [self._sum()], ""
        while (found := self._sign_of(_RELATIONS)) is not None:
            if sign and found != sign:
                raise self._error()
            sign = found
            parts.append(self._sum())
        return Equals(tuple(parts), cast(Relation, sign)) if sign else parts[0]

    def _sum(self) -> Expression:
        found = Neg(self._product()) if self._sign_of("-") else self._product()
        while (sign := self._sign_of("+-")) is not None:
            term = self._product()
            if sign == "-":
                found = Sub(found, term)
            else:
                found = Add((*found.terms, term) if isinstance(found, Add) else (found, term))
        return found

    def _product(self) -> Expression:
        found = self._fraction()
        while (sign := self._sign_of(_PRODUCTS)) is not None:
            factor = self._fraction()
            is_same = isinstance(found, Product) and found.sign == sign
            factors = (*found.factors, factor) if isinstance(found, Product) and is_same else (found, factor)
            found = Product(factors, cast(ProductSign, sign))
        return found

    def _fraction(self) -> Expression:
        found = self._power()
        while self._sign_of("/"):
            found = Fraction(found, self._power())
        return found

    def _power(self) -> Expression:
        found = self._atom()
        while (sign := self._sign_of("^ᵀ")) is not None:
            found = Transpose(found) if sign == "ᵀ" else Power(found, self._atom())
        return found

    def _atom(self) -> Expression:
        token = self._take()
        if token["number"] is not None:
            value = token["number"]
            return Number(float(value) if "." in value else int(value))
        if token["words"] is not None:
            return Text(token["words"])
        if token["cases"] is not None:
            return _cases(token["cases"][1:-1])
        if token["sum"] is not None:
            lower, over, upper = token["lower"], token["over"], token["upper"]
            limit = None if over is None and lower is None else _limit(over or lower)
            return Sum(self._product(), limit, None if upper is None else read(upper))
        if token["name"] is not None:
            return self._named(token)
        if token["sign"] == "(":
            found = self._relation()
            self._expect(")")
            return found
        if token["sign"] == "√":
            return Root(self._atom())
        if token["sign"] == "∂":
            of = self._atom()
            self._expect("/")
            self._expect("∂")
            return Partial(of, self._atom())
        raise self._error()

    def _named(self, token: re.Match[str]) -> Expression:
        name = token["name"]
        mark = next((mark for mark in _ACCENTS if mark in name), "")
        letters = name.replace(mark, "") if mark else name
        below, above = _small_indices(token["below"] or token["index"] or ""), token["above"] or ""
        kind = "plain" if f"{letters}_{below}" in _RATES else _KINDS.get(letters, "plain")
        if below or above or not self._sign_of("("):
            return Symbol(letters, below.replace(" ", ""), above, kind, None, _ACCENTS.get(mark, ""))
        arguments = [self._relation()]
        while self._sign_of(","):
            arguments.append(self._relation())
        self._expect(")")
        return Call(letters, tuple(arguments))

    def _token(self) -> re.Match[str] | None:
        found = _TOKEN.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _take(self) -> re.Match[str]:
        found = self._next
        if found is None:
            raise self._error()
        self._next = self._token()
        return found

    def _sign_of(self, signs: str) -> str | None:
        """The sign that stands here, if it is one of these; then it is read."""
        if self._next is None or self._next["sign"] is None or self._next["sign"] not in signs:
            return None
        return self._take()["sign"]

    def _expect(self, sign: str) -> None:
        if self._sign_of(sign) is None:
            raise self._error()

    def _error(self) -> UnreadableError:
        return UnreadableError(f"{self._text!r} cannot be read after {self._text[: self._at]!r}")


def _limit(text: str) -> Expression:
    """Below a sum: "k = 1", or only the names that it goes over."""
    return read(text) if "=" in text else Text(text.replace(" ", ""))


def _small_indices(text: str) -> str:
    """An index's own index is a small letter: "x_n,d" is xₙ,d."""
    return _INDEX_OF_INDEX.sub(lambda found: found[1] + subscript_text(found[2]), text)


def _cases(text: str) -> Cases:
    rows = [row.partition("|") for row in text.split(";")]
    return Cases(tuple((read(value.strip()), Text(_condition(condition.strip()))) for value, _, condition in rows))


def _condition(text: str) -> str:
    """A comparison as it is printed: "abs(d_i) ≤ δ" is abs(dᵢ) ≤ δ."""
    return " ".join(part if part in _COMPARISONS else to_text(read(part)) for part in _COMPARED.split(text))
