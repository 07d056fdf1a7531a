"""What a script writes, as lines for a window that is no terminal: colours are dropped, a return overwrites."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of text. how: "append" to the line, begin a "new" one, or "replace" the line's text.

    Lines that overwrite nothing follow in one piece, with their ends between them.
    """

    how: str
    text: str


def text_parts(text: str) -> list[TextPart]:
    r"""Splits what was written at once: "a\nb" stays one piece; "\r50 %" replaces, as progress bars want."""
    plain = _ESCAPES.sub("", text).replace("\r\n", "\n")
    parts: list[TextPart] = []
    for number, piece in enumerate(plain.split("\r")):
        first, end, rest = piece.partition("\n")
        # A return at the very end overwrites nothing before something follows it; an empty line is better than none.
        parts.append(TextPart("replace" if number and first else "append", first))
        if end:
            parts.append(TextPart("new", rest))
    return [part for part in parts if part.text or part.how != "append"]


def ending_of(text: str, most_lines: int, most_chars: int) -> str:
    """The last lines of a text, and of them the last characters."""
    end = text[-most_chars:]
    return end if end.count("\n") < most_lines else "\n".join(end.split("\n")[-most_lines:])
