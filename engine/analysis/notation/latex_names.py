"""Names of symbols and functions in LaTeX."""

from __future__ import annotations

import re

from .scripts import SCRIPT, plain_text

_COMMANDS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "η": r"\eta", "θ": r"\theta",
    "λ": r"\lambda", "μ": r"\mu", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\phi", "ω": r"\omega",
    "Δ": r"\Delta", "Σ": r"\Sigma", "∇": r"\nabla", "∂": r"\partial", "∞": r"\infty", "⋯": r"\cdots", "…": r"\dots",
    "π": r"\pi", "ψ": r"\psi", "Π": r"\Pi", "Φ": r"\Phi", "ℓ": r"\ell", "′": "'",
}  # fmt: skip
_OPERATORS = frozenset({"exp", "log", "ln", "max", "min", "sin", "cos", "tan", "tanh", "sinh", "cosh"})
_MATH = {**_COMMANDS, "·": r"\cdot", "×": r"\times", "⊙": r"\odot", "√": r"\surd", "‖": r"\Vert"}
_SIGN = re.compile(f"([{''.join(_MATH)}])")
_SPECIAL = str.maketrans({c: "\\" + c for c in "#$%&_{}"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"})


def latex_text(text: str) -> str:
    r"""Words for \text: special characters are escaped."""
    return text.translate(_SPECIAL)


def latex_words(text: str) -> str:
    r"""A text in math mode, with its raised and lowered characters as scripts.

    "f(z⁽²⁾)₀" is \text{f(z}^{(2)}\text{)}_{0}.
    """
    pieces, end = [], 0
    for found in SCRIPT.finditer(text):
        pieces.append(_upright(text[end : found.start()]) or "{}")
        mark = "^" if found["raised"] else "_"
        pieces.append(f"{mark}{{{plain_text(found[0])}}}")
        end = found.end()
    return "".join((*pieces, _upright(text[end:])))


def _upright(words: str) -> str:
    r"""Words in \text, and the signs between them outside of it."""
    parts = _SIGN.split(words)
    return "".join(
        (rf"{_MATH[part]} " if part in _MATH else rf"\text{{{latex_text(part)}}}") for part in parts if part
    ).rstrip()


def latex_name(name: str) -> str:
    """A letter or Greek letter as it is, a longer name upright."""
    letters = name.rstrip("′")
    primes = "'" * (len(name) - len(letters))
    if letters in _COMMANDS:
        return _COMMANDS[letters] + primes
    return (letters if len(letters) == 1 else rf"\mathrm{{{_in_math(letters)}}}") + primes


def latex_function(name: str) -> str:
    r"""σ is \sigma, tanh is \tanh, softmax is \operatorname{softmax}; a prime stays a prime."""
    letters = name.rstrip("′")
    primes = "'" * (len(name) - len(letters))
    if letters in _OPERATORS:
        return f"\\{letters}{primes}"
    if len(letters) == 1 or letters in _COMMANDS:
        return latex_name(name)
    return rf"\operatorname{{{_in_math(letters)}}}{primes}"


def latex_script(script: str) -> str:
    """A subscript or superscript: indices in italics, words (more than two letters) upright."""
    if script.isalpha() and len(script) > 2:
        return rf"\mathrm{{{script}}}"
    return "".join(map(_script_character, script)).strip()


def _in_math(name: str) -> str:
    return "".join(map(_script_character, name)).strip()


def _script_character(character: str) -> str:
    command = _MATH.get(character)
    if command is None:
        return character.translate(_SPECIAL)
    return f"{command} " if command.startswith("\\") else command
