"""How far along a file is that a tensor is written to, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget


class SavingBar(QWidget):
    """Hidden until there is progress to show.

    Signals:
        stop_wanted(): the file is not wanted any more.
    """

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.progress.setAccessibleName(self.tr("Saving…"))
        self.stop = QToolButton()
        self.stop.setText("×")
        self.stop.setToolTip(self.tr("Stop saving"))
        self.stop.setAccessibleName(self.stop.toolTip())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 6, 0)
        row.addWidget(QLabel(self.tr("Saving…")))
        row.addWidget(self.progress, 1)
        row.addWidget(self.stop)
        self.hide()
        self.stop.clicked.connect(self.stop_wanted)

    def set_progress(self, done: int, count: int) -> None:
        """So much of it is written."""
        self.progress.setRange(0, count)
        self.progress.setValue(done)
        self.show()
