"""A presentation: graph and equation only, large, steered by a clicker's two keys, and a blank screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

BLANK_KEYS = (".", "Ctrl+.")
"""What clickers send for a black screen."""


class Blank(QWidget):
    """Covers its parent in black until a key or a button is pressed, so that a class looks at the teacher."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAutoFillBackground(True)
        self.setStyleSheet("background: black;")
        self.setAccessibleName(self.tr("The screen is blank; press any key"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def cover(self) -> None:
        """Makes the screen black."""
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """A key that ends the blank does nothing else."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self.hide()
            return True
        return super().event(event)


class Presenting(QObject):
    """Whether there is a presentation, and the keys that only it has.

    Signals:
        changed(on): it began, or ended.
    """

    changed = Signal(bool)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._was_full = False
        self.is_on = False
        self.blank = Blank(window)
        self._keys = [QShortcut(QKeySequence(key), window) for key in BLANK_KEYS]
        self._end = QShortcut(QKeySequence("Esc"), window)
        for key in (*self._keys, self._end):
            key.setEnabled(False)
        for key in self._keys:
            key.activated.connect(self.blank.cover)
        self._end.activated.connect(self.toggle)

    def toggle(self) -> None:
        """Begins, or goes back to how the window was. The bars above would only be in the way."""
        self.is_on = not self.is_on
        for key in (*self._keys, self._end):
            key.setEnabled(self.is_on)
        self.blank.hide()
        self._window.menuBar().setVisible(not self.is_on)
        self._window.statusBar().setVisible(not self.is_on)
        if self.is_on:
            self._was_full = self._window.isFullScreen()
            self._window.showFullScreen()
        elif not self._was_full:
            self._window.showNormal()
        focus = QApplication.focusWidget()
        if focus is None:
            self._window.setFocus()
        self.changed.emit(self.is_on)
