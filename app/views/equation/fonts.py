"""The two fonts of an equation, their italic letters, and how large a text in them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from app.theme import math_font, ui_font

Face = Literal["math", "words"]

# Measured texts kept; numbers change with every step, so the store is emptied before it grows without end.
_KEPT_TEXTS = 5000

_ITALIC_STARTS = (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC))
# Planck's constant is the italic h of Unicode; the italic partial sign and epsilon stand behind the Greek letters.
_ITALIC_SINGLES = {"h": "\u210e", "∂": "\U0001d715"}


@dataclass(frozen=True, slots=True)
class Ink:
    """Size of a text in px: its advance, how far its ink rises above and falls below the baseline, and how far the
    ink of a slanted last letter leans out over the advance."""

    advance: float
    ascent: float
    descent: float
    overhang: float


class EquationFonts:
    """Fonts by face and size, with a store of measured texts. A font is in whole px, as Qt wants it."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[Face, int], QFont] = {}
        self._metrics: dict[tuple[Face, int], QFontMetricsF] = {}
        self._inks: dict[tuple[str, Face, int], Ink] = {}
        self._has_italic_letters = "Math" in QFontInfo(math_font(20, italic=False)).family()

    def font(self, face: Face, px: int) -> QFont:
        """The font to paint a text of this face with."""
        found = self._fonts.get((face, px))
        if found is None:
            found = math_font(px, italic=False) if face == "math" else ui_font(px)
            # Unhinted glyphs keep their shape and distance at every size and scale factor.
            found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            self._fonts[face, px] = found
            self._metrics[face, px] = QFontMetricsF(found)
        return found

    def ink(self, text: str, face: Face, px: int) -> Ink:
        """Size of `text`, in px."""
        key = (text, face, px)
        found = self._inks.get(key)
        if found is None:
            self.font(face, px)
            metrics = self._metrics[face, px]
            tight = metrics.tightBoundingRect(text)
            advance = metrics.horizontalAdvance(text)
            found = Ink(advance, -tight.top(), tight.bottom(), max(0.0, tight.right() - advance))
            if len(self._inks) > _KEPT_TEXTS:
                self._inks.clear()
            self._inks[key] = found
        return found

    def italic(self, text: str) -> str:
        """`text` in the italic letters of mathematics, as the font has them; unchanged if it lacks them."""
        return "".join(map(_italic_letter, text)) if self._has_italic_letters else text


def _italic_letter(letter: str) -> str:
    if letter in _ITALIC_SINGLES:
        return _ITALIC_SINGLES[letter]
    for first, last, start in _ITALIC_STARTS:
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter
