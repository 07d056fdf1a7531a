"""Says which program this is, in which version, and under which licences its parts stand."""

from __future__ import annotations

import platform

from PySide6.QtCore import QSize, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.assets import application_icon

_MARK_PX = 64


class AboutDialog(QDialog):
    """Shows version and licences."""

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Gradstep"))
        mark = QLabel()
        mark.setPixmap(application_icon().pixmap(QSize(_MARK_PX, _MARK_PX)))
        self.words = QLabel(self._text(version))
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(420)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        row = QHBoxLayout()
        row.addWidget(mark)
        row.addSpacing(12)
        row.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(buttons)
        buttons.rejected.connect(self.reject)

    def _text(self, version: str) -> str:
        intro = self.tr("A step-by-step debugger for PyTorch: forward, backward and update, with every number in view.")
        licence = self.tr("Gradstep is free software under the Apache License 2.0.")
        parts = self.tr(
            "It uses Qt and PySide6 (LGPL 3), pyqtgraph (MIT), Pygments (BSD), the fonts Inter, JetBrains Mono "
            "and STIX Two Math (OFL 1.1) and icons from Lucide (ISC); the texts of these licences are in its resources."
        )
        versions = f"Gradstep {version} · Python {platform.python_version()} · Qt {qVersion()}"
        return f"<b>{versions}</b><p>{intro}</p><p>{licence}</p><p>{parts}</p>"
