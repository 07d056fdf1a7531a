"""The start page: what this is, the two things that can be opened, and the examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.assets import application_icon, icon
from app.models.examples import Example
from app.theme import Theme, ui_font
from app.views.run_bar import RunBox
from app.views.tile import Tile
from engine.lessons.covers import Cover

_COLUMNS = 2
_LESSON_COLUMNS = 3
_MARK_PX = 72
_WIDEST_EM = 72
"""Of the page, in sizes of its letters: longer lines are hard to read."""
_MOST_RECENT = 4
_GAP = 12
"""Between two rows of tiles with headings, px."""


class WelcomePage(QWidget):
    """Shows what to do when nothing is open.

    Signals:
        open_script_requested(): the user wants to choose a script. open_trace_requested(): a trace.
        example_chosen(path): one of the examples shall run; a Path. recent_chosen(path): a file opened before.
        lesson_chosen(folder): one of the lessons; the Path of its folder. back_requested(): to what is open.
    """

    open_script_requested = Signal()
    open_trace_requested = Signal()
    example_chosen = Signal(object)
    recent_chosen = Signal(object)
    lesson_chosen = Signal(object)
    back_requested = Signal()

    def __init__(
        self, theme: Theme, examples: list[Example], lessons: Sequence[Cover] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark = QLabel()
        self._mark.setPixmap(application_icon().pixmap(QSize(_MARK_PX, _MARK_PX)))
        self._title = QLabel("Gradstep")
        self._about = QLabel(
            self.tr(
                "Gradstep steps through a PyTorch program the way a debugger steps through code. "
                "It runs your own script, unmodified, and shows every number: forward, backward and update. "
                "Step with F10, step back with Ctrl+F10; nothing is lost on the way."
            )
        )
        self._about.setWordWrap(True)
        self.begin_button = QPushButton(" " + self.tr("Begin with lesson 1"))
        self.begin_button.setVisible(bool(lessons))
        self.script_button = QPushButton(" " + self.tr("Open a script…"))
        self.trace_button = QPushButton(" " + self.tr("Open a trace…"))
        self.back_button = QPushButton()
        self.back_button.setToolTip(self.tr("Esc"))
        self.set_open("")
        self._hint = QLabel(self.tr("or drop a .py or .gradstep file anywhere on this window"))
        self._hint.setWordWrap(True)
        self._runs_on = QLabel(self.tr("Scripts run on"))
        self.run_box = RunBox()
        self._lessons_title = QLabel(self.tr("Lessons"))
        self._lessons_title.setVisible(bool(lessons))
        self._examples_title = QLabel(self.tr("Examples"))
        self._recent_title = QLabel(self.tr("Opened last"))
        self.example_buttons = [_file_tile(one.path, one.sentence, "play") for one in examples]
        self.lesson_buttons = [self._lesson_tile(lesson) for lesson in lessons]
        self.recent_buttons: list[Tile] = []
        self._recent_box, self._middle = QWidget(), QWidget()
        self._recent = QGridLayout()
        self._recent.setSpacing(8)
        self._recent.setContentsMargins(0, 0, 0, _GAP)
        self._theme = theme
        self._arranged()
        self.set_theme(theme)
        self.set_recent(())
        self.script_button.clicked.connect(self.open_script_requested)
        self.trace_button.clicked.connect(self.open_trace_requested)
        self.back_button.clicked.connect(self.back_requested)
        for button, example in zip(self.example_buttons, examples, strict=True):
            button.clicked.connect(lambda _=False, path=example.path: self.example_chosen.emit(path))
        if lessons:
            self.begin_button.clicked.connect(lambda: self.lesson_chosen.emit(lessons[0].folder))
        for button, lesson in zip(self.lesson_buttons, lessons, strict=True):
            button.clicked.connect(lambda _=False, folder=lesson.folder: self.lesson_chosen.emit(folder))

    def set_open(self, name: str) -> None:
        """Offers the way back to what is open; "" where nothing is."""
        self.back_button.setText(self.tr("Back to %1").replace("%1", name))
        self.back_button.setVisible(bool(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to what is open."""
        if event.key() == Qt.Key.Key_Escape and self.back_button.isVisible():
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def set_recent(self, paths: tuple[str, ...]) -> None:
        """Offers files that were opened before and are still there."""
        for tile in self.recent_buttons:
            self._recent.removeWidget(tile)
            tile.deleteLater()
        present = [path for path in map(Path, paths) if path.is_file()][:_MOST_RECENT]
        self.recent_buttons = [_file_tile(path, str(path.parent), _symbol_of(path)) for path in present]
        for number, (tile, path) in enumerate(zip(self.recent_buttons, present, strict=True)):
            tile.set_theme(self._theme)
            tile.clicked.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
            self._recent.addWidget(tile, number // _COLUMNS, number % _COLUMNS)
        self._recent_title.setVisible(bool(present))
        self._recent_box.setVisible(bool(present))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._middle.setMaximumWidth(_WIDEST_EM * theme.base_px)
        self._title.setFont(ui_font(round(theme.base_px * 2.6), bold=True))
        self._title.setStyleSheet(f"font-size: {round(theme.base_px * 2.6)}px; font-weight: 600; color: {theme.text};")
        self._about.setStyleSheet(f"font-size: {theme.large_px}px; color: {theme.muted};")
        self._hint.setStyleSheet(f"color: {theme.muted};")
        for title in (self._lessons_title, self._examples_title, self._recent_title):
            title.setStyleSheet(f"font-size: {theme.large_px}px; font-weight: 600; color: {theme.text};")
        large = f"padding: 9px 16px; font-size: {theme.large_px}px;"
        self.begin_button.setIcon(icon("graduation-cap", QColor(theme.accent_text)))
        self.begin_button.setStyleSheet(
            f"QPushButton {{ background: {theme.accent}; color: {theme.accent_text}; border-color: {theme.accent};"
            f"{large} font-weight: 600; }} QPushButton:focus {{ border: 2px solid {theme.text}; }}"
        )
        self.script_button.setIcon(icon("file-code", QColor(theme.text)))
        self.back_button.setIcon(icon("chevron-left", QColor(theme.text)))
        self.trace_button.setIcon(icon("folder-open", QColor(theme.text)))
        for button in (self.begin_button, self.script_button, self.trace_button):
            button.setIconSize(QSize(theme.large_px + 2, theme.large_px + 2))
        for button in (self.script_button, self.trace_button):
            button.setStyleSheet(large)
        self._runs_on.setStyleSheet(f"color: {theme.muted};")
        for tile in (*self.lesson_buttons, *self.example_buttons, *self.recent_buttons):
            tile.set_theme(theme)

    def _arranged(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._mark)
        head.addSpacing(14)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.back_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for button in (self.begin_button, self.script_button, self.trace_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self._hint, 1)
        beside.addWidget(self._runs_on)
        beside.addWidget(self.run_box)
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, button in enumerate(self.example_buttons):
            grid.addWidget(button, number // _COLUMNS, number % _COLUMNS)
        lessons = QGridLayout()
        lessons.setSpacing(8)
        for number, button in enumerate(self.lesson_buttons):
            lessons.addWidget(button, number // _LESSON_COLUMNS, number % _LESSON_COLUMNS)
        column = QVBoxLayout()
        self._recent_box.setLayout(self._recent)
        recent = (self._recent_title, self._recent_box)
        examples = (_GAP, self._examples_title, grid)
        parts = (head, 4, self._about, 10, buttons, beside, 8, *recent, self._lessons_title, lessons, *examples)
        for part in parts:
            if isinstance(part, int):
                column.addSpacing(part)
            elif isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        middle = self._middle
        middle.setLayout(column)
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        rows.addLayout(row)
        rows.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _lesson_tile(self, lesson: Cover) -> Tile:
        minutes = self.tr("%1 min").replace("%1", str(lesson.minutes))
        tile = Tile(str(lesson.number), lesson.title, minutes)
        tile.setToolTip(lesson.summary)
        tile.setAccessibleName(self.tr("Lesson %1").replace("%1", f"{lesson.number}. {lesson.title}, {minutes}"))
        return tile


def _file_tile(path: Path, below: str, symbol: str) -> Tile:
    tile = Tile(symbol, path.name, below)
    tile.setToolTip(str(path))
    return tile


def _symbol_of(path: Path) -> str:
    return "file-code" if path.suffix == ".py" else "folder-open"
