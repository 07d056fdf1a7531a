"""What a script writes, as lines for a window that is no terminal: colours are dropped, a return overwrites."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece without line ends. how: "append" to the line, begin a "new" one, or "replace" the line's text."""

    how: str
    text: str


def text_parts(text: str) -> list[TextPart]:
    r"""Splits what was written at once: "a\nb" appends a and begins b; "\r50 %" replaces, as progress bars want."""
    plain = _ESCAPES.sub("", text).replace("\r\n", "\n")
    parts: list[TextPart] = []
    for number, line in enumerate(plain.split("\n")):
        pieces = line.split("\r")
        parts.append(TextPart("new" if number else "append", pieces[0]))
        # A return at the very end overwrites nothing before something follows it; an empty line is better than none.
        parts.extend(TextPart("replace", piece) for piece in pieces[1:] if piece)
    return [part for part in parts if part.text or part.how != "append"]
