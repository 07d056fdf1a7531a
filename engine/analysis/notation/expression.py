"""The expression tree of a textbook equation: what it says, not how it is printed.

Every leaf can carry a `kind` (its meaning, which gives its colour) and a `ref` (the id of the thing it came from, so
that a click can lead there). A `ref` on a larger part covers its leaves that have none. Parentheses that precedence
demands are never stored: printers ask `needs_group`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from ...bilingual import NOTHING, Bilingual
from .numbers import number_parts

Kind = Literal["value", "gradient", "parameter", "loss", "plain"]
Accent = Literal["", "hat", "bar"]
ProductSign = Literal["·", "×", "⊙", "*", ""]
Relation = Literal["=", "≈", "←", "≤", "≥", "∈", "→"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter or name. superscript "(1)" is the layer; one-letter names are printed italic, longer ones upright."""

    text: str
    subscript: str = ""
    superscript: str = ""
    kind: Kind = "plain"
    ref: str | None = None
    accent: Accent = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number. digits: significant digits at most; None takes what the type of `value` can carry."""

    value: float
    digits: int | None = None
    ref: str | None = None
    kind: Kind = "plain"


@dataclass(frozen=True, slots=True)
class Text:
    """Words and signs, printed upright as they stand: "if", "otherwise", "⋮"; words in both languages.

    subscript: a place below, "0,c", where the text is a piece of the script itself that makes a tensor.
    """

    text: str | Bilingual
    kind: Kind = "plain"
    subscript: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Partial:
    """The derivative ∂`of`/∂`by`, printed as a fraction. kind and ref cover both parts, whatever theirs are."""

    of: Expression
    by: Expression
    kind: Kind = "gradient"
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Σ of `body` with its limits below and above, as k = 1 and n."""

    body: Expression
    lower: Expression | None = None
    upper: Expression | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """Factors with a sign between them; an empty sign puts them side by side, as in 2ab."""

    factors: tuple[Expression, ...]
    sign: ProductSign = "·"


@dataclass(frozen=True, slots=True)
class Add:
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Sub:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Neg:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Power:
    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Root:
    """Square root."""

    radicand: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arguments, as σ(z) or max(0, z). kind and ref belong to the function's name."""

    function: str
    arguments: tuple[Expression, ...]
    kind: Kind = "plain"
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells in brackets. Cells left out are Text("⋮"), Text("⋯") or Text("⋱").

    highlight: (row, column) of the cell that is pointed out. lit: those that it was made from.
    """

    rows: tuple[tuple[Expression, ...], ...]
    highlight: tuple[int, int] | None = None
    lit: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Transpose:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Underbrace:
    """A part with a brace and a label below it, as "upstream gradient"."""

    body: Expression
    label: str | Bilingual
    kind: Kind = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side with nothing but space between them."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Equals:
    """A chain: left side = symbols = numbers = result. Lines are broken before its signs."""

    parts: tuple[Expression, ...]
    sign: Relation = "="


@dataclass(frozen=True, slots=True)
class Group:
    """Parentheses that the reader shall see although precedence does not demand them."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Cases:
    """A brace with one row a case: (value, condition)."""

    rows: tuple[tuple[Expression, Expression], ...]


Expression = (
    Symbol | Number | Text | Fraction | Partial | Sum | Product | Add | Sub | Neg | Power | Root | Call
    | Matrix | Transpose | Underbrace | Row | Equals | Group | Cases
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EquationLine:
    """One equation of a page with an optional caption above it."""

    expression: Expression
    caption: Bilingual = NOTHING


class Precedence(IntEnum):
    """How tightly an expression holds together; a higher one needs no parentheses inside a lower one."""

    RELATION = 0
    ADDITION = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


def layered(text: str, layer: int, kind: Kind = "value", ref: str | None = None, subscript: str = "") -> Symbol:
    """The symbol of a layer, as z⁽¹⁾."""
    return Symbol(text, subscript, f"({layer})", kind, ref)


def is_negative(expression: Expression, *, on_one_line: bool = False) -> bool:
    """Whether it is printed with a minus sign in front: Neg, a negative number, or a part that starts with one.

    on_one_line: a fraction is written with a slash, so a minus of its numerator comes first.
    """
    match expression:
        case Number(value=value):
            return value < 0
        case Neg():
            return True
        case Product(factors=(first, *_)) | Add(terms=(first, *_)) | Sub(left=first):
            return is_negative(first, on_one_line=on_one_line)
        case Fraction(numerator=numerator):
            return on_one_line and is_negative(numerator, on_one_line=True)
        case _:
            return False


def precedence(expression: Expression) -> Precedence:
    """Of the outermost operation. Fractions are atoms here: their bar groups them (see `needs_group` for one line)."""
    match expression:
        case Product(factors=(only,)) | Add(terms=(only,)):
            return precedence(only)
        case Equals() | Row() | Cases():
            return Precedence.RELATION
        case Add() | Sub():
            return Precedence.ADDITION
        case Neg() | Sum() | Product():
            return Precedence.PRODUCT
        case Power() | Transpose():
            return Precedence.POWER
        case Underbrace(body=body):
            return precedence(body)
        case Symbol(text=text) | Text(text=text):
            return _precedence_of_text(str(text))
        case _:
            return Precedence.ATOM


def _precedence_of_text(text: str) -> Precedence:
    """Of a symbol or text that is a piece of the script itself, as "(w · 2) - 3": parentheses hide what is in them."""
    outside, depth = "", 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        outside += character if depth == 0 else ""
    if any(sign in outside for sign in (" + ", " - ", " − ")):
        return Precedence.ADDITION
    return Precedence.PRODUCT if any(sign in outside for sign in (" · ", " / ")) else Precedence.ATOM


def needs_group(parent: Expression, index: int, *, on_one_line: bool = False) -> bool:
    """Whether the part number `index` of `parent` must stand in parentheses.

    Parts count from 0 in reading order (terms, factors, left/right, base/exponent, numerator/denominator).
    on_one_line: fractions are written with a slash, so they bind like a product.
    """
    match parent:
        case Add(terms=terms):
            if precedence(terms[index]) == Precedence.RELATION:
                return True
            return index > 0 and is_negative(terms[index], on_one_line=on_one_line)
        case Sub(left=left, right=right):
            if index == 0:
                return precedence(left) == Precedence.RELATION
            return is_negative(right, on_one_line=on_one_line) or precedence(right) < Precedence.PRODUCT
        case Neg(operand=operand):
            return is_negative(operand, on_one_line=on_one_line) or precedence(operand) < Precedence.PRODUCT
        case Product():
            return _factor_needs_group(parent, index, on_one_line=on_one_line)
        case Sum(body=body):
            return precedence(body) < Precedence.PRODUCT
        case Fraction(numerator=numerator, denominator=denominator):
            return on_one_line and _slash_needs_group(denominator if index else numerator, is_denominator=index > 0)
        case Power(base=base):
            return index == 0 and _base_needs_group(base)
        case Transpose(operand=operand):
            return _base_needs_group(operand)
        case _:
            return False


def _factor_needs_group(product: Product, index: int, *, on_one_line: bool) -> bool:
    factor = product.factors[index]
    if len(product.factors) == 1:
        return False
    if precedence(factor) < Precedence.PRODUCT:
        return True
    follows_a_sign = index > 0
    if follows_a_sign and is_negative(factor, on_one_line=on_one_line):
        return True
    if follows_a_sign and product.sign == "" and isinstance(factor, Number):
        return True
    if isinstance(factor, Product) and factor.sign not in ("", product.sign):
        return True
    # A sum reaches to the end of its product, so a factor behind it would be read as part of its body.
    return _ends_in_sum(factor) and index < len(product.factors) - 1


def _ends_in_sum(expression: Expression) -> bool:
    match expression:
        case Sum():
            return True
        case Neg(operand=operand):
            return _ends_in_sum(operand)
        case Product(factors=(*_, last)):
            return _ends_in_sum(last)
        case _:
            return False


def _base_needs_group(base: Expression) -> bool:
    match base:
        case Product(factors=(only,)) | Add(terms=(only,)):
            return _base_needs_group(only)
        case Fraction() | Partial():
            return True
        case Symbol(superscript=superscript):
            return superscript != "" or precedence(base) < Precedence.ATOM
        case Number(value=value, digits=digits):
            return value < 0 or number_parts(value, digits)[1] is not None
        case _:
            return is_negative(base) or precedence(base) < Precedence.ATOM


def _slash_needs_group(part: Expression, *, is_denominator: bool) -> bool:
    if precedence(part) < Precedence.PRODUCT:
        return True
    match part:
        case Product(factors=(only,)) | Add(terms=(only,)):
            return _slash_needs_group(only, is_denominator=is_denominator)
        case Sum():
            return True
        case Fraction() | Partial() | Product() | Neg():
            return is_denominator
        case Number():
            return is_denominator and is_negative(part)
        case _:
            return _ends_in_sum(part)
