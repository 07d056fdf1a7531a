"""All keys on one page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget


class KeysDialog(QDialog):
    """Shows (what is done, its key, its key in the graph) in rows."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        page = QWidget()
        grid = QGridLayout(page)
        grid.setHorizontalSpacing(28)
        for column, title in enumerate((self.tr("Action"), self.tr("Key"), self.tr("Key in the graph"))):
            grid.addWidget(QLabel(f"<b>{title}</b>"), 0, column)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                grid.addWidget(QLabel(text), number, column)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.windowTitle())
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        column_layout = QVBoxLayout(self)
        column_layout.addWidget(scroll)
        column_layout.addWidget(buttons)
        self.resize(page.sizeHint().width() + 48, 560)
        buttons.rejected.connect(self.reject)
