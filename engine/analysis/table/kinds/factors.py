"""Products as they are written: without factors of 1, and without products inside of products."""

from __future__ import annotations

from ...notation.expression import Expression, Fraction, Number, Product

ONE, TWO = Number(1), Number(2)
HALF = Fraction(ONE, TWO)


def product(*factors: Expression) -> Expression:
    """A product in which factors of 1 are left out, and products among the factors are flat."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) and factor.sign == "·" else (factor,))
    kept = [factor for factor in flat if factor != ONE]
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def scaled(factor: float, term: Expression) -> Expression:
    """A number times a term; the term alone for 1."""
    return term if factor == 1 else Product((Number(factor), term))


def exact(number: float) -> Number:
    """A number, printed without a point if it is whole."""
    return Number(int(number) if float(number).is_integer() else float(number))
