"""How the window looks: theme, size of letters, motion, which panels are where, and a presentation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QMainWindow, QMenu

from app.docks.arrangement import Docks
from app.docks.centre import Centre
from app.docks.layouts import Layouts
from app.docks.presenting import Presenting
from app.settings import FONT_PERCENTS, KeptSettings
from app.theme import THEMES, Theme, apply_theme, sized

_LINES_OF_A_PICTURE = 40
"""A presentation's letters are at least one of so many parts of the window's height."""

_BACK_MS = 1500
"""So soon after a presentation the window has its size again."""


class Themed(Protocol):
    """Something that takes another theme's colours and sizes."""

    def set_theme(self, theme: Theme) -> None: ...


def theme_wanted(settings: KeptSettings, name: str = "") -> Theme:
    """The theme called so, else that of the settings, else that of the system, in the letters of the settings."""
    is_light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
    system = THEMES["light" if is_light else "dark"]
    theme = sized(THEMES.get(name or settings.now.theme, system), settings.now.font_percent)
    return replace(theme, colour_blind=settings.now.colour_blind)


def put_on(theme: Theme) -> None:
    """Gives the whole application this theme."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, theme)


class Looks(QObject):
    """Carries out what concerns the looks of one window.

    Signals:
        theme_changed(theme): everything is shown in another; a `Theme`. told(text): a sentence for the status bar.
        presented(on): a presentation began or ended. motion_changed(still): whether nothing glides.
        arranged(): the panels are where they were last time, or where a layout has them.
    """

    theme_changed = Signal(object)
    told = Signal(str)
    presented = Signal(bool)
    motion_changed = Signal(bool)
    arranged = Signal()

    def __init__(
        self, window: QMainWindow, settings: KeptSettings, docks: Docks, centre: Centre, themed: Sequence[Themed]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._docks = docks
        self._centre = centre
        self._themed = (*themed, centre, docks)
        self.theme = theme_wanted(settings)
        self.presenting = Presenting(window)
        self.layouts = Layouts(window, docks, centre)
        self.own_layouts = QMenu(self.tr("My layouts"), window)
        self._fill_own_layouts()
        docks.set_theme(self.theme)
        self._before = b""
        self._coming_back = QTimer(self)
        self._coming_back.setSingleShot(True)
        self._coming_back.setInterval(_BACK_MS)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        window.installEventFilter(self)
        self.presenting.changed.connect(self._on_presenting)
        self._resized.timeout.connect(self.refresh)

    # Theme, letters, motion

    def next_theme(self) -> None:
        """Dark, light, projector, and round again."""
        names = list(THEMES)
        following = names[(names.index(self.theme.name) + 1) % len(names)]
        self._settings.now = replace(self._settings.now, theme=following)
        self.refresh()

    def change_font(self, by: int) -> None:
        """Makes all letters so many sizes larger, or smaller where it is negative."""
        place = bisect_left(FONT_PERCENTS, self._settings.now.font_percent) + by
        percent = FONT_PERCENTS[min(max(place, 0), len(FONT_PERCENTS) - 1)]
        self._settings.now = replace(self._settings.now, font_percent=percent)
        self.refresh()
        self.told.emit(self.tr("Letters at %1 %.").replace("%1", str(percent)))

    def toggle_motion(self) -> None:
        """Lets the graph glide, or jump."""
        still = not self._settings.now.reduce_motion
        self._settings.now = replace(self._settings.now, reduce_motion=still)
        self.motion_changed.emit(still)
        self.told.emit(self.tr("Nothing glides any more.") if still else self.tr("The graph glides."))

    def refresh(self) -> None:
        """Shows everything in the theme and the letters that are wanted now."""
        theme = self._presented() if self.presenting.is_on else theme_wanted(self._settings)
        if theme == self.theme:
            return
        self.theme = theme
        put_on(theme)
        for one in self._themed:
            one.set_theme(theme)
        self.theme_changed.emit(theme)

    # Presenting

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A presentation's letters follow the height of the window, and panels its way back to the size it had."""
        if event.type() == QEvent.Type.Resize and self.presenting.is_on:
            self._resized.start()
        elif event.type() == QEvent.Type.Resize and self._coming_back.isActive():
            QTimer.singleShot(0, self, self._restore_before)
        return super().eventFilter(watched, event)

    def _presented(self) -> Theme:
        """The projector's theme, in letters that can be read at the back of the room."""
        theme = theme_wanted(self._settings, "projector")
        least = ceil(self._window.height() / _LINES_OF_A_PICTURE)
        large = theme if theme.base_px >= least else sized(theme, ceil(100 * least / theme.base_px))
        return replace(large, small_px=max(large.small_px, least))

    def present(self) -> None:
        """Only graph and equation, in the projector's theme; once more: as before."""
        if not self.presenting.is_on:
            self._before = b"" if self._centre.is_welcoming else self.layouts.state()
        self.presenting.toggle()

    # Panels

    def arrange(self, layout: str) -> None:
        """Puts the panels as one of our layouts has them."""
        self.layouts.arrange(layout)
        self.arranged.emit()

    def save_layout(self) -> None:
        """Asks for a name and keeps the present arrangement under it."""
        name, is_given = QInputDialog.getText(self._window, self.tr("Save this layout"), self.tr("Its name"))
        if is_given and name.strip():
            self._settings.now = self._settings.now.with_layout(name.strip(), self.layouts.state())
            self._fill_own_layouts()

    def show_panels(self, shown: bool) -> None:
        """Shows the panels that were open, or hides all of them; a presentation has none."""
        self._docks.set_visible(shown and not self.presenting.is_on)

    def show_opened(self) -> None:
        """Leaves the start page for what is open, with the panels as they were last time."""
        if self._centre.is_welcoming:
            self._centre.show_opened()
            self.show_panels(True)
            # Sizes mean something only once the docks have been laid out.
            QTimer.singleShot(0, self, self._give_shares)

    def show_dock(self, key: str) -> None:
        """Brings a panel to the front."""
        dock = self._docks.by_key[key]
        dock.show()
        dock.raise_()

    def keep(self) -> None:
        """Writes the arrangement into the settings; the start page has none."""
        if self.presenting.is_on:
            self.present()
        if not self._centre.is_welcoming:
            self._docks.put_apart()
            self._settings.now = replace(self._settings.now, layout=self.layouts.state())

    def _give_shares(self) -> None:
        """The arrangement of last time, else every panel its share."""
        layout = self._settings.now.layout
        if not (layout and self.layouts.restore(layout)):
            self._docks.resize_to_shares()
        self.arranged.emit()
        self._centre.share_height()

    def _restore_before(self) -> None:
        if not self.presenting.is_on:
            self.layouts.restore(self._before)

    def _fill_own_layouts(self) -> None:
        """One row for each arrangement that the user saved."""
        self.own_layouts.clear()
        for one in self._settings.now.layouts:
            name = one.partition("\t")[0]
            self.own_layouts.addAction(name).triggered.connect(partial(self._restore_layout, name))
        self.own_layouts.setEnabled(bool(self._settings.now.layouts))

    def _restore_layout(self, name: str, _: bool = False) -> None:
        state = self._settings.now.layout_named(name)
        if state is None or not self.layouts.restore(state):
            self.told.emit(self.tr("This layout is of another version; arrange the panels and save it again."))

    def _on_presenting(self, is_on: bool) -> None:
        self.presented.emit(is_on)
        self.refresh()
        self._centre.set_presenting(is_on)
        self.show_panels(not self._centre.is_welcoming)
        if not is_on and self._before:
            # The window has its own size again at once, or when the system gives it back.
            self._coming_back.start()
            QTimer.singleShot(0, self, self._restore_before)
