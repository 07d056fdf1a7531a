"""Raised and lowered characters of Unicode, and what to write where Unicode has none."""

from __future__ import annotations

_SUPERSCRIPTS = dict(zip("0123456789+-=()nTil′*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵀⁱˡ′*", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def superscript_text(script: str) -> str:
    """The script "(1)" becomes ⁽¹⁾; one with a character that Unicode cannot raise is written ^(script)."""
    raised = _translated(script, _SUPERSCRIPTS)
    if raised is not None:
        return raised
    return f"^{script}" if len(script) == 1 else f"^({script})"


def subscript_text(script: str) -> str:
    """The script "ij" becomes ᵢⱼ; one with a character that Unicode cannot lower is written _script."""
    lowered = _translated(script, _SUBSCRIPTS)
    if lowered is not None:
        return lowered
    return f"_{script}" if script.isalnum() else f"_({script})"


def _translated(script: str, characters: dict[str, str]) -> str | None:
    if all(character in characters for character in script):
        return "".join(characters[character] for character in script)
    return None
