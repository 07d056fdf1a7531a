"""Prints an expression tree as LaTeX and as one line of text; the window's painter is a third printer of the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .expression import (
    Add,
    Call,
    Cases,
    Equals,
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
    Sum,
    Symbol,
    Text,
    Transpose,
    Underbrace,
    needs_group,
)
from .latex_names import latex_function, latex_name, latex_script, latex_words
from .numbers import format_number, number_parts
from .scripts import lowered, subscript_text, superscript_text

_LATEX_SIGNS = {"·": r" \cdot ", "×": r" \times ", "⊙": r" \odot ", "*": r" * ", "": r" \, "}
_TEXT_SIGNS = {"·": "·", "×": " × ", "⊙": " ⊙ ", "*": "*", "": " "}
_LATEX_RELATIONS = {
    "=": "=", "≈": r"\approx", "←": r"\leftarrow", "≤": r"\le", "≥": r"\ge", "∈": r"\in", "→": r"\to",
}  # fmt: skip
_LATEX_SIGNS_ALONE = {
    **{"⋮": r"\vdots", "⋯": r"\cdots", "⋱": r"\ddots", "…": r"\dots"},
    **{
        "<": "<",
        ">": ">",
        "≤": r"\le",
        "≥": r"\ge",
        "==": "==",
        "!=": r"\ne",
        "Σ": r"\sum",
        "⌊": r"\lfloor",
        "⌋": r"\rfloor",
    },
}
_LATEX_ACCENTS = {"hat": r"\hat", "bar": r"\bar"}
_TEXT_ACCENTS = {"": "", "hat": "\u0302", "bar": "\u0304"}

_Printer = Callable[[Expression], str]


def to_latex(expression: Expression) -> str:
    r"""LaTeX for math mode; needs amsmath (bmatrix, cases). Example: z^{(1)} = w^{(1)} \cdot x + b^{(1)}."""
    part = _parts(expression, to_latex, r"\left(", r"\right)", on_one_line=False)
    match expression:
        case Symbol():
            return _latex_symbol(expression)
        case Number(value=value, digits=digits):
            return _latex_number(value, digits)
        case Text(text=text, subscript=subscript):
            words = _LATEX_SIGNS_ALONE.get(str(text)) or latex_words(str(text))
            return f"{words}_{{{latex_script(subscript)}}}" if subscript else words
        case Fraction(numerator=numerator, denominator=denominator):
            return rf"\frac{{{to_latex(numerator)}}}{{{to_latex(denominator)}}}"
        case Partial(of=of, by=by):
            return rf"\frac{{\partial {to_latex(of)}}}{{\partial {to_latex(by)}}}"
        case Sum(body=body, lower=lower, upper=upper):
            return r"\sum" + _latex_limit("_", lower) + _latex_limit("^", upper) + " " + part(0, body)
        case Product(factors=factors, sign=sign):
            return _LATEX_SIGNS[sign].join(part(i, factor) for i, factor in enumerate(factors))
        case Add(terms=terms):
            return " + ".join(part(i, term) for i, term in enumerate(terms))
        case Sub(left=left, right=right):
            return f"{part(0, left)} - {part(1, right)}"
        case Neg(operand=operand):
            return "-" + part(0, operand)
        case Power(base=base, exponent=exponent):
            return f"{{{part(0, base)}}}^{{{to_latex(exponent)}}}"
        case Root(radicand=radicand):
            return rf"\sqrt{{{to_latex(radicand)}}}"
        case Call(function=function, arguments=arguments):
            return rf"{latex_function(function)}\left({', '.join(map(to_latex, arguments))}\right)"
        case Matrix(rows=rows):
            return r"\begin{bmatrix} " + _latex_rows(rows) + r" \end{bmatrix}"
        case Transpose(operand=operand):
            return rf"{{{part(0, operand)}}}^{{\top}}"
        case Underbrace(body=body, label=label):
            return rf"\underbrace{{{to_latex(body)}}}_{{{latex_words(str(label))}}}"
        case Row(parts=parts):
            return r" \; ".join(map(to_latex, parts))
        case Equals(parts=parts, sign=sign):
            return f" {_LATEX_RELATIONS[sign]} ".join(map(to_latex, parts))
        case Group(body=body):
            return rf"\left({to_latex(body)}\right)"
        case Cases(rows=rows):
            return r"\begin{cases} " + _latex_rows(rows) + r" \end{cases}"


def to_text(expression: Expression) -> str:
    """One line of Unicode text with ASCII minus signs, as "z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14) = 1.124"."""
    part = _parts(expression, to_text, "(", ")", on_one_line=True)
    match expression:
        case Symbol(text=text, subscript=subscript, superscript=superscript, accent=accent):
            return text + _TEXT_ACCENTS[accent] + subscript_text(subscript) + superscript_text(superscript)
        case Number(value=value, digits=digits):
            return format_number(value, digits, typographic=False)
        case Text(text=text, subscript=subscript):
            return str(text) + (lowered(subscript) if subscript else "")
        case Fraction(numerator=numerator, denominator=denominator):
            return f"{part(0, numerator)}/{part(1, denominator)}"
        case Partial(of=of, by=by):
            return f"∂{to_text(of)}/∂{to_text(by)}"
        case Sum(body=body, lower=lower, upper=upper):
            limits = [to_text(limit).replace(" ", "") for limit in (lower, upper) if limit is not None]
            return ("Σ[" + "..".join(limits) + "] " if limits else "Σ ") + part(0, body)
        case Product(factors=factors, sign=sign):
            return _TEXT_SIGNS[sign].join(part(i, factor) for i, factor in enumerate(factors))
        case Add(terms=terms):
            return " + ".join(part(i, term) for i, term in enumerate(terms))
        case Sub(left=left, right=right):
            return f"{part(0, left)} - {part(1, right)}"
        case Neg(operand=operand):
            return "-" + part(0, operand)
        case Power(base=base, exponent=exponent):
            return part(0, base) + superscript_text(to_text(exponent))
        case Root(radicand=radicand):
            return f"√({to_text(radicand)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(to_text, arguments))})"
        case Matrix(rows=rows):
            return "[" + "; ".join(" ".join(map(to_text, row)) for row in rows) + "]"
        case Transpose(operand=operand):
            return part(0, operand) + "ᵀ"
        case Underbrace(body=body):
            return to_text(body)
        case Row(parts=parts):
            return " ".join(map(to_text, parts))
        case Equals(parts=parts, sign=sign):
            return f" {sign} ".join(map(to_text, parts))
        case Group(body=body):
            return f"({to_text(body)})"
        case Cases(rows=rows):
            return "{ " + "; ".join(f"{to_text(value)} {to_text(condition)}" for value, condition in rows) + " }"


def _parts(
    parent: Expression, printer: _Printer, opening: str, closing: str, *, on_one_line: bool
) -> Callable[[int, Expression], str]:
    """Prints a part of `parent`, in parentheses where precedence demands them."""

    def printed(index: int, child: Expression) -> str:
        inner = printer(child)
        return opening + inner + closing if needs_group(parent, index, on_one_line=on_one_line) else inner

    return printed


def _latex_symbol(symbol: Symbol) -> str:
    base = latex_name(symbol.text)
    if symbol.accent:
        base = f"{_LATEX_ACCENTS[symbol.accent]}{{{base}}}"
    if symbol.subscript:
        base += f"_{{{latex_script(symbol.subscript)}}}"
    if symbol.superscript:
        base += f"^{{{latex_script(symbol.superscript)}}}"
    return base


def _latex_number(value: float, digits: int | None) -> str:
    mantissa, exponent = number_parts(value, digits)
    mantissa = mantissa.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return mantissa if exponent is None else rf"{mantissa} \times 10^{{{exponent}}}"


def _latex_limit(script: str, limit: Expression | None) -> str:
    if limit is None:
        return ""
    # Letters of places, as in "i,j", are no words.
    return f"{script}{{{latex_script(str(limit.text)) if isinstance(limit, Text) else to_latex(limit)}}}"


def _latex_rows(rows: Iterable[tuple[Expression, ...]]) -> str:
    return r" \\ ".join(" & ".join(map(to_latex, row)) for row in rows)
