"""The source panel: which file, its text, and the line to find something in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.theme import Theme
from app.views.handing_focus import hand_focus
from app.views.source.find_bar import FindBar
from app.views.source.view import SourceView


class SourcePanel(QWidget):
    """Shows a `SourceView`. With several files a list stands above it.

    Signals:
        file_chosen(path): another file of the script is wanted.
    """

    file_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = SourceView(theme)
        self.find_bar = FindBar(self.view, theme)
        self.files = QComboBox()
        self.files.setAccessibleName(self.tr("File"))
        self.files.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.files)
        column.addWidget(self.view, 1)
        column.addWidget(self.find_bar)
        hand_focus(self, self.view)
        self.view.find_requested.connect(self.find_bar.open)
        self.files.activated.connect(lambda row: self.file_chosen.emit(self.files.itemData(row)))

    def set_files(self, paths: Sequence[Path], shown: Path | None) -> None:
        """Offers these files; a single one needs no list."""
        if [self.files.itemData(row) for row in range(self.files.count())] != list(paths):
            self.files.clear()
            for path in paths:
                self.files.addItem(_short(path, paths), path)
            self.files.setVisible(len(paths) > 1)
        self.files.setCurrentIndex(next((row for row, path in enumerate(paths) if path == shown), -1))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)
        self.find_bar.set_theme(theme)


def _short(path: Path, paths: Sequence[Path]) -> str:
    """The file's name, with its folder where two are called alike."""
    alike = sum(other.name == path.name for other in paths)
    return path.name if alike == 1 else f"{path.parent.name}/{path.name}"
