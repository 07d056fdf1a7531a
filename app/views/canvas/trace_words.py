"""What is said of a traced value: its name beside that of its gradient, what it comes from, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QCoreApplication

from app.theme import Theme
from engine.analysis.symbols import gradient_of, text_of

translate = QCoreApplication.translate
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Traced:
    """A value and its twin, the gradient. Names are roles ("z1") or an op's name where it has none.

    number, gradient: as they are written on the card, "" while not known or too large. has_gradient: it is known.
    reads, readers: names of what the value is made of, and of what is made of it. parameters: among what it reads.
    backward: the pointer is on the gradient, so that it is told first. at: which element of it is meant, "[2]".
    """

    name: str
    number: str = ""
    gradient: str = ""
    has_gradient: bool = False
    reads: Sequence[str] = ()
    parameters: Sequence[str] = ()
    readers: Sequence[str] = ()
    backward: bool = False
    at: str = ""


def html_of(traced: Traced, theme: Theme) -> str:
    """As rows of rich text; value and gradient keep their signs, square and triangle, and the colours of the theme."""
    pair = [
        _strong("■ " + _equal(text_of(traced.name) + traced.at, traced.number), theme.forward),
        _strong("◂ " + _equal(_gradient(traced.name) + traced.at, traced.gradient or _not_yet(traced)), theme.backward),
    ]
    rows = [" ↔ ".join(reversed(pair) if traced.backward else pair)]
    for label, names in _ways(traced):
        rows.append(f'<span style="color: {theme.muted}">{escape(label)}</span> {escape(names)}')
    return "<br>".join(rows)


def text_of_traced(traced: Traced) -> str:
    """The same for a screen reader."""
    pair = [
        _equal(text_of(traced.name) + traced.at, traced.number),
        _equal(_gradient(traced.name) + traced.at, traced.gradient),
    ]
    ways = [f"{label} {names}" for label, names in _ways(traced)]
    return ". ".join([" ↔ ".join(reversed(pair) if traced.backward else pair), *ways])


def _ways(traced: Traced) -> list[tuple[str, str]]:
    """Forward: what it reads, what reads it. Backward: where the gradient comes from, where it goes."""
    if traced.backward:
        back = [_gradient(name) for name in traced.readers]
        on = [_gradient(name) for name in (*traced.parameters, *traced.reads)]
        words = (translate("trace", "comes from"), translate("trace", "goes on to"))
        return _told(words, back, on)
    reads = [text_of(name) for name in (*traced.reads, *traced.parameters)]
    words = (translate("trace", "made of"), translate("trace", "goes into"))
    return _told(words, reads, [text_of(name) for name in traced.readers])


def _told(words: tuple[str, str], first: list[str], second: list[str]) -> list[tuple[str, str]]:
    return [(word, _listed(names)) for word, names in zip(words, (first, second), strict=True) if names]


def _listed(names: list[str]) -> str:
    shown = list(dict.fromkeys(names))
    return ", ".join(shown[:MOST_NAMED]) + (", …" if len(shown) > MOST_NAMED else "")


def _gradient(name: str) -> str:
    is_told = name.replace("⁽", "").replace("⁾", "").isalnum()  # a name of a repeat's unit is written out already: h⁽⁶⁾
    return f"∂C/∂{name}" if is_told and "⁽" in name else text_of(gradient_of(name))


def _not_yet(traced: Traced) -> str:
    return "" if traced.has_gradient else "?"


def _equal(name: str, number: str) -> str:
    return f"{name} = {number}" if number else name


def _strong(text: str, colour: str) -> str:
    return f'<span style="color: {colour}; font-weight: 600">{escape(text)}</span>'
