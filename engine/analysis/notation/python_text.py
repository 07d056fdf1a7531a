"""Prints the numbers of an equation as Python, for who wants to work them out again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from ...bilingual import Bilingual
from .expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Group,
    Matrix,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    Root,
    Row,
    Sub,
    Symbol,
    Text,
    Transpose,
    Underbrace,
)
from .printing import to_text
from .walking import any_part

_FUNCTIONS = {
    "ln": "math.log", "exp": "math.exp", "tanh": "math.tanh", "sinh": "math.sinh", "cosh": "math.cosh",
    "sin": "math.sin", "cos": "math.cos", "log2": "math.log2", "floor": "math.floor", "max": "max", "min": "min",
    "abs": "abs", "round": "round",
}  # fmt: skip
_WRITTEN_OUT = {
    "σ": "1 / (1 + math.exp(-({})))",
    "Φ": "(1 + math.erf(({}) / math.sqrt(2))) / 2",
    "φ": "math.exp(-({}) ** 2 / 2) / math.sqrt(2 * math.pi)",
}
"""Functions that Python has no name for: the sigmoid, the normal distribution and its density."""
_NOT_OF_NAMES = r"[^A-Za-z0-9\u4e00-\u9fff]+"
_SLOPE = re.compile(r"(\w+)′\(")
_SPELLED = {"μ": "mu", "σ": "sigma", "′": "_next", "\u0302": "_hat", "\u0304": "_bar"}
_ELIDED = Bilingual("not all terms are written here", "这里没有写出所有的项")
_DOTS = ("⋯", "…")
_CONSTANTS = {"e": "math.e", "π": "math.pi"}
_DIGITS_OF_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


class NoPythonError(Exception):
    """An expression that is not all written out, or is not made of numbers."""


def to_python(expression: Expression) -> str:
    """A Python expression that comes to the same number; matrices are NumPy arrays. Raises NoPythonError."""
    match expression:
        case Number(value=value):
            return _number(value)
        case Symbol(text=text, subscript="", superscript="") if text in _CONSTANTS:
            return _CONSTANTS[text]
        case Add(terms=terms):
            return " + ".join(map(_part, terms))
        case Sub(left=left, right=right):
            return f"{_part(left)} - {_part(right)}"
        case Neg(operand=operand):
            return f"-{_part(operand)}"
        case Product(factors=factors):
            has_matrices = any(isinstance(factor, Matrix | Transpose) for factor in factors)
            return (" @ " if has_matrices else " * ").join(map(_part, factors))
        case Fraction(numerator=numerator, denominator=denominator):
            return f"{_part(numerator)} / {_part(denominator)}"
        case Power(base=Symbol(text="e"), exponent=exponent):
            return f"math.exp({to_python(exponent)})"
        case Power(base=base, exponent=exponent):
            return f"{_part(base)} ** {_part(exponent)}"
        case Root(radicand=radicand):
            return f"math.sqrt({to_python(radicand)})"
        case Call(function=function, arguments=arguments) if function in _FUNCTIONS:
            return f"{_FUNCTIONS[function]}({', '.join(map(to_python, arguments))})"
        case Call(function=function, arguments=(argument,)) if function in _WRITTEN_OUT:
            return _WRITTEN_OUT[function].format(to_python(argument))
        case Matrix(rows=rows):
            return f"np.array([{', '.join('[' + ', '.join(map(to_python, row)) + ']' for row in rows)}])"
        case Transpose(operand=operand):
            return f"{_part(operand)}.T"
        case Group(body=body) | Underbrace(body=body):
            return to_python(body)
        case _:
            raise NoPythonError(to_text(expression))


def python_of(lines: Sequence[EquationLine], chinese: bool = False) -> str:
    """A program of the lines' numbers: each with its symbols as a comment, and a variable for what it comes to.

    chinese: the language of what becomes a comment.

    Sums that are not written out whole, and words, stay comments.
    """
    body: list[str] = []
    for line in lines:
        caption = [f"# {line.caption.in_language(chinese)}"] if line.caption else []
        body += [*caption, *_lines_of(line.expression, _ELIDED.in_language(chinese)), ""]
    text = "\n".join(body).strip()
    imports = [f"import {name}" for name in ("math",) if f"{name}." in text]
    imports += ["import numpy as np"] if "np." in text else []
    return "\n".join([*imports, *([""] if imports else []), text, ""])


def _lines_of(expression: Expression, elided: str) -> list[str]:
    whole = f"# {to_text(expression)}"
    if not isinstance(expression, Equals):
        return [whole]
    for part in reversed(expression.parts[1:]):
        try:
            written = to_python(part)
        except NoPythonError:
            continue
        before = expression.parts[-2]
        if part is expression.parts[-1] and len(expression.parts) > 2 and not _is_python(before):
            note = f"  # {elided}" if _has_dots(before) else ""
            return [whole, f"{variable_name(expression.parts[0])} = {written}{note}"]
        if not isinstance(part, Number | Matrix) or part is expression.parts[1]:
            return [whole, f"{variable_name(expression.parts[0])} = {written}"]
    return [whole]


def variable_name(symbol: Expression) -> str:
    """A name for what stands on the left: "dC_dz2_0_3" for ∂C/∂z⁽²⁾₀,₃, in Chinese "新_w1" for 新 w⁽¹⁾."""
    text = to_text(symbol).replace("∂", "d").replace("σ′", "ds").translate(_DIGITS_OF_SCRIPTS)
    text = _SLOPE.sub(r"d\1(", text)
    for sign, letters in _SPELLED.items():
        text = text.replace(sign, letters)
    name = re.sub(_NOT_OF_NAMES, "_", text.replace("⁽", "").replace("⁾", "")).strip("_")
    return name if name.isidentifier() else f"y_{name}" if name else "y"


def _is_python(part: Expression) -> bool:
    try:
        to_python(part)
    except NoPythonError:
        return False
    return True


def _has_dots(part: Expression) -> bool:
    """Whether dots stand for some of its terms."""
    return any_part(part, lambda one: isinstance(one, Text) and one.text in _DOTS)


def _part(expression: Expression) -> str:
    """A part of a larger expression, in parentheses unless it holds together by itself."""
    written = to_python(expression)
    inner = expression.body if isinstance(expression, Underbrace) else expression
    if isinstance(inner, Call) and inner.function in _WRITTEN_OUT:
        return f"({written})"
    is_whole = isinstance(inner, Call | Root | Matrix | Transpose | Symbol | Partial | Row)
    if isinstance(inner, Number):
        is_whole = not written.startswith("-")
    return written if is_whole else f"({written})"


def _number(value: float) -> str:
    """The shortest text that gives the same number again in its own format."""
    if isinstance(value, bool | int | np.integer | np.bool_):
        return str(int(value))
    number = float(str(value))
    if math.isfinite(number):
        return repr(number)
    return "math.nan" if math.isnan(number) else "math.inf" if number > 0 else "-math.inf"
