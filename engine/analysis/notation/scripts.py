"""Raised and lowered characters of Unicode, and what to write where Unicode has none."""

from __future__ import annotations

import re

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


def lowered(place: str) -> str:
    """A place below a text: "0,k" becomes ₀,ₖ; one with a character that Unicode cannot lower is written _(0,c)."""
    parts = [_translated(part, _SUBSCRIPTS) for part in place.split(",")]
    return f"_({place})" if None in parts else ",".join(part or "" for part in parts)


def _translated(script: str, characters: dict[str, str]) -> str | None:
    if all(character in characters for character in script):
        return "".join(characters[character] for character in script)
    return None


_PLAIN = {raised: plain for plain, raised in (*_SUPERSCRIPTS.items(), *_SUBSCRIPTS.items()) if raised != plain}
_RAISED = "".join(raised for plain, raised in _SUPERSCRIPTS.items() if raised != plain)
_LOWERED = "".join(_SUBSCRIPTS.values())

SCRIPT = re.compile(rf"(?P<raised>[{_RAISED}]+)|(?P<lowered>[{_LOWERED}]+(?:,[{_LOWERED}]+)*)")
"""Raised or lowered characters in a text."""


def plain_text(script: str) -> str:
    """Raised or lowered characters put back on the line: ⁽¹⁾ becomes (1)."""
    return "".join(_PLAIN.get(character, character) for character in script)
