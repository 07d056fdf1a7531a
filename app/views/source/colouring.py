"""Colours the script's text from pieces that were found once for the whole file."""

from __future__ import annotations

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.models.source_lines import Piece, PieceKind
from app.theme import Theme


class SourceColouring(QSyntaxHighlighter):
    """Gives each line of a document the formats of its pieces."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._lines: tuple[tuple[Piece, ...], ...] = ()
        self._formats = _formats(theme)

    def set_lines(self, lines: tuple[tuple[Piece, ...], ...]) -> None:
        """Takes the pieces of a text that is about to be put into the document."""
        self._lines = lines

    def set_theme(self, theme: Theme) -> None:
        """Colours everything again."""
        self._formats = _formats(theme)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for piece in self._lines[number] if number < len(self._lines) else ():
            self.setFormat(piece.start, piece.length, self._formats[piece.kind])


def _formats(theme: Theme) -> dict[PieceKind, QTextCharFormat]:
    colours: dict[PieceKind, str] = {
        "keyword": theme.code_keyword,
        "string": theme.code_string,
        "comment": theme.code_comment,
        "number": theme.code_number,
        "name": theme.code_name,
    }
    formats = {}
    for kind, colour in colours.items():
        formats[kind] = QTextCharFormat()
        formats[kind].setForeground(QColor(colour))
    formats["comment"].setFontItalic(True)
    return formats
