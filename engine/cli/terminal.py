"""What a stream can show: colours (a terminal, and NO_COLOR unset), letters outside ASCII, and how wide it is."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from typing import TextIO

_COLOURS = {"forward": "34", "backward": "35", "update": "32", "zero": "32", "bold": "1", "dim": "2", "red": "31"}
_LETTERS = str.maketrans(
    {
        "∂": "d",
        "η": "lr",
        "σ": "s",
        "−": "-",
        "×": "x",
        "·": "*",
        "→": "->",
        "…": "...",
        "│": "|",
        "├": "|",
        "└": "`",
        "─": "-",
        "∞": "inf",
        "′": "'",
        "█": "#",
        "░": ".",
    }
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile("×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_ESCAPES = re.compile("\033\\[[0-9;]*m")

_COMMANDS = re.compile("\033(?!\\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
"""What moves the cursor, clears the screen or renames the window; colours may pass."""


class Terminal:
    """Styles text for one stream; where the stream shows no colours the text comes back as it is.

    width: columns that sentences are wrapped to. cut_at: columns beyond which a line of a table is cut; a file or a
    pipe has no edge, and what is cut there nobody gets back.
    """

    def __init__(self, stream: TextIO) -> None:
        self.interactive = stream.isatty()
        self.coloured = self.interactive and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.width = shutil.get_terminal_size((80, 24)).columns if self.interactive else 80
        self.cut_at = self.width if self.interactive else sys.maxsize
        self.unicode = _can_show(stream, "∂η×⁻─·")

    def plain(self, text: str) -> str:
        """Text in letters that the stream can show; a name in a trace can send the terminal no commands."""
        text = _COMMANDS.sub("?", text)
        if self.unicode:
            return text
        text = _POWER.sub(lambda found: f"e{found[1].translate(_SUPERSCRIPTS)}", text)
        return text.translate(_LETTERS)

    def styled(self, text: str, style: str) -> str:
        """Text in the colour of a phase ("forward", "backward", "update"), "bold", "dim" or "red"."""
        code = _COLOURS.get(style)
        return f"\033[{code}m{text}\033[0m" if self.coloured and code and text else text

    def bold(self, text: str) -> str:
        """For headings."""
        return self.styled(text, "bold")

    def dim(self, text: str) -> str:
        """For what is said by the way."""
        return self.styled(text, "dim")

    def red(self, text: str) -> str:
        """For errors."""
        return self.styled(text, "red")


def visible_length(text: str) -> int:
    """Number of letters that a styled text shows."""
    return len(_ESCAPES.sub("", text))


def columns(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def filled(text: str, width: int) -> str:
    """A text with spaces after it, up to so many columns."""
    return text + " " * (width - columns(text))


def _can_show(stream: TextIO, letters: str) -> bool:
    try:
        letters.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
