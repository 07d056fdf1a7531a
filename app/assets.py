"""Finds and loads what the window is drawn with: the bundled fonts, and icons recoloured to the theme.

Everything lies in `resources/` beside `app/`, in a checkout as in an installed Gradstep, so nothing is searched for.
Needs a running QGuiApplication, except for `resources_dir`.
"""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.guard import painted

APPLICATION_ICON = "gradstep"
APPLICATION_ICON_SIZES_PX = (16, 24, 32, 48, 64, 128, 256)
DISABLED_OPACITY = 0.35


class MissingAssetError(LookupError):
    """A font or an icon that is not there, or that Qt cannot read; the message says what to do about it."""


def resources_dir() -> Path:
    """The folder with fonts, icons, examples, lessons and themes."""
    return Path(__file__).resolve().parent.parent / "resources"


@cache
def load_fonts() -> tuple[str, ...]:
    """Registers the bundled fonts with Qt, once a process, and returns their families in alphabetical order.

    Raises MissingAssetError when there are none, or when Qt cannot read one.
    """
    folder = resources_dir() / "fonts"
    files = sorted((*folder.glob("*.otf"), *folder.glob("*.ttf")))
    if not files:
        raise MissingAssetError(f"There are no fonts in {folder}. Install Gradstep again to bring them back.")
    families: set[str] = set()
    for file in files:
        font_id = QFontDatabase.addApplicationFont(str(file))
        if font_id < 0:
            raise MissingAssetError(f"Qt cannot read the font {file}. Install Gradstep again to replace it.")
        families.update(QFontDatabase.applicationFontFamilies(font_id))
    return tuple(sorted(families))


def icon_names() -> tuple[str, ...]:
    """The names that `icon` takes, in alphabetical order: those of the Lucide icons that are bundled."""
    names = {file.stem for file in (resources_dir() / "icons").glob("*.svg")}
    return tuple(sorted(names - {APPLICATION_ICON}))


def icon(name: str, color: QColor) -> QIcon:
    """The icon called `name` ("step-forward"), drawn in `color`; a disabled button shows it fainter.

    It is drawn in the sizes in which it is shown, once each: most icons stand in menus that nobody opens. The same name
    and colour give the same icon. Raises MissingAssetError for an unknown name.
    """
    return _icon(name, color.rgba())


def icon_pixmap(name: str, color: QColor, size_px: int, pixel_ratio: float = 1.0) -> QPixmap:
    """The icon as a square picture of `size_px` logical pixels a side, for painting it where no QIcon fits."""
    picture = _draw(_renderer(_svg(name), color), round(size_px * pixel_ratio), color.alphaF())
    picture.setDevicePixelRatio(pixel_ratio)
    return picture


@cache
def application_icon() -> QIcon:
    """Gradstep's own mark, in its own colours: forward over the top, backward underneath."""
    renderer = QSvgRenderer(QByteArray(_svg(APPLICATION_ICON).encode()))
    mark = QIcon()
    for size_px in APPLICATION_ICON_SIZES_PX:
        mark.addPixmap(_draw(renderer, size_px, 1.0))
    return mark


@cache
def _icon(name: str, rgba: int) -> QIcon:
    return QIcon(_DrawnWhenShown(_svg(name), QColor.fromRgba(rgba)))


class _DrawnWhenShown(QIconEngine):
    """Draws an icon when Qt asks for it in some size, and keeps that picture."""

    def __init__(self, svg: str, color: QColor) -> None:
        super().__init__()
        self._svg = svg
        self._color = color
        self._drawn: dict[tuple[int, bool], QPixmap] = {}

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """size: in pixels of the screen."""
        wanted = (min(size.width(), size.height()), mode is QIcon.Mode.Disabled)
        if wanted not in self._drawn:
            opacity = self._color.alphaF() * (DISABLED_OPACITY if wanted[1] else 1.0)
            self._drawn[wanted] = _draw(_renderer(self._svg, self._color), wanted[0], opacity)
        return self._drawn[wanted]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    @painted
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size() * ratio, mode, state, ratio))

    def clone(self) -> QIconEngine:
        return _DrawnWhenShown(self._svg, self._color)


@cache
def _svg(name: str) -> str:
    file = resources_dir() / "icons" / f"{name}.svg"
    if not file.is_file():
        raise MissingAssetError(
            f"There is no icon called {name!r} in {file.parent}. There are: {', '.join(icon_names())}."
        )
    return file.read_text(encoding="utf-8")


def _renderer(svg: str, color: QColor) -> QSvgRenderer:
    # Lucide draws every line in `currentColor`, which Qt would paint black: it knows no surrounding text colour.
    return QSvgRenderer(QByteArray(svg.replace("currentColor", color.name()).encode()))


def _draw(renderer: QSvgRenderer, size_px: int, opacity: float) -> QPixmap:
    picture = QPixmap(size_px, size_px)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(opacity)
    renderer.render(painter)
    painter.end()
    return picture
