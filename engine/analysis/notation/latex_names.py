"""Names of symbols and functions in LaTeX."""

from __future__ import annotations

_COMMANDS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "η": r"\eta", "θ": r"\theta",
    "λ": r"\lambda", "μ": r"\mu", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\phi", "ω": r"\omega",
    "Δ": r"\Delta", "Σ": r"\Sigma", "∇": r"\nabla", "∂": r"\partial", "∞": r"\infty", "⋯": r"\cdots", "…": r"\dots",
    "′": "'",
}  # fmt: skip
_OPERATORS = frozenset({"exp", "log", "ln", "max", "min", "sin", "cos", "tan", "tanh", "sinh", "cosh"})
_SPECIAL = str.maketrans({c: "\\" + c for c in "#$%&_{}"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"})


def latex_text(text: str) -> str:
    r"""Words for \text: special characters are escaped."""
    return text.translate(_SPECIAL)


def latex_name(name: str) -> str:
    """A letter or Greek letter as it is, a longer name upright."""
    letters = name.rstrip("′")
    primes = "'" * (len(name) - len(letters))
    if letters in _COMMANDS:
        return _COMMANDS[letters] + primes
    return (letters if len(letters) == 1 else rf"\mathrm{{{latex_text(letters)}}}") + primes


def latex_function(name: str) -> str:
    r"""σ is \sigma, tanh is \tanh, softmax is \operatorname{softmax}; a prime stays a prime."""
    letters = name.rstrip("′")
    primes = "'" * (len(name) - len(letters))
    if letters in _OPERATORS:
        return f"\\{letters}{primes}"
    if len(letters) == 1 or letters in _COMMANDS:
        return latex_name(name)
    return rf"\operatorname{{{latex_text(letters)}}}{primes}"


def latex_script(script: str) -> str:
    """A subscript or superscript: indices in italics, words (more than two letters) upright."""
    if script.isalpha() and len(script) > 2:
        return rf"\mathrm{{{script}}}"
    return "".join(map(_script_character, script)).strip()


def _script_character(character: str) -> str:
    command = _COMMANDS.get(character)
    if command is None:
        return latex_text(character)
    return f"{command} " if command.startswith("\\") else command
