"""What the window remembers from one time to the next, as one typed row kept in an INI file."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 2
"""Of the saved arrangement of docks; a window with other docks ignores an older one."""

RECENT_LIMIT = 8
WATCHED_SCRIPTS_LIMIT = 50
FEWEST_DIGITS, MOST_DIGITS = 4, 17
"""Significant digits of numbers in equations."""


class Sides(StrEnum):
    """Which parts of left = symbols = numbers = result an equation shows."""

    BOTH = "both"
    SYMBOLS = "symbols"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wishes to see of an equation.

    digits: significant digits of every number. chain: the chain rule below a gradient. matrices: those behind it.
    """

    sides: Sides = Sides.BOTH
    digits: int = 7
    chain: bool = True
    matrices: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the window remembers.

    theme: name of a theme, "" follows the system. digits: significant digits of numbers in equations. level: name of
    the level last stepped by. geometry, layout: as Qt saves them (layout is of `LAYOUT_VERSION`). recent: files opened
    last, newest first. trusted: scripts that may be run without asking again. reduce_motion: nothing glides.
    watches: of each script its path and its watches, a line each; the script watched last comes first. sides,
    chain_rule, matrices: what is shown of an equation, see `Wishes`.
    """

    theme: str = ""
    digits: int = 7
    level: str = "quantity"
    geometry: bytes = b""
    layout: bytes = b""
    recent: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    reduce_motion: bool = False
    watches: tuple[str, ...] = ()
    sides: str = "both"
    chain_rule: bool = True
    matrices: bool = True

    @property
    def wishes(self) -> Wishes:
        """What is shown of an equation."""
        sides = Sides(self.sides) if self.sides in {side.value for side in Sides} else Sides.BOTH
        return Wishes(sides, self.digits, self.chain_rule, self.matrices)

    def wishing(self, wishes: Wishes) -> Settings:
        """With this shown of an equation."""
        return replace(
            self, sides=str(wishes.sides), digits=wishes.digits, chain_rule=wishes.chain, matrices=wishes.matrices
        )

    def opened(self, path: Path) -> Settings:
        """With this file as the newest of the recent ones."""
        name = str(path.resolve())
        others = tuple(one for one in self.recent if one != name)
        return replace(self, recent=(name, *others)[:RECENT_LIMIT])

    def watches_of(self, script: str) -> tuple[str, ...]:
        """The expressions that are watched in a script."""
        return next((tuple(lines[1:]) for one in self.watches if (lines := one.split("\n"))[0] == script), ())

    def watching(self, script: str, expressions: tuple[str, ...]) -> Settings:
        """With these expressions as the watches of a script."""
        others = tuple(one for one in self.watches if one.split("\n")[0] != script)
        newest = ("\n".join((script, *expressions)),) if expressions else ()
        return replace(self, watches=(*newest, *others)[:WATCHED_SCRIPTS_LIMIT])

    def trusting(self, script: Path) -> Settings:
        """With this script among those that may run without asking."""
        name = str(script.resolve())
        return self if name in self.trusted else replace(self, trusted=(*self.trusted, name))


def settings_file() -> QSettings:
    """The user's own INI file, where the system keeps such files."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gradstep", "gradstep")


def load_settings(store: QSettings) -> Settings:
    """What was saved; a value that is missing or makes no sense is the default, for users edit such files."""
    default = Settings()
    found = {field.name: _read(store, field.name, getattr(default, field.name)) for field in fields(Settings)}
    loaded = Settings(**found)
    return replace(loaded, digits=min(max(loaded.digits, FEWEST_DIGITS), MOST_DIGITS))


def save_settings(store: QSettings, settings: Settings) -> None:
    """Writes all of it at once."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        store.setValue(field.name, list(value) if isinstance(value, tuple) else _stored(value))
    store.sync()


class KeptSettings:
    """The settings as they are now, and the file that they are kept in."""

    def __init__(self, store: QSettings) -> None:
        self._store = store
        self.now = load_settings(store)

    def save(self) -> None:
        """Writes them."""
        save_settings(self._store, self.now)


def _stored(value: Any) -> Any:
    return QByteArray(value) if isinstance(value, bytes) else value


def _read(store: QSettings, name: str, default: Any) -> Any:
    """The value called `name`, of the type that its default has: an INI file knows only text."""
    value = store.value(name)
    match default:
        case bool():
            return str(value).lower() == "true" if value is not None else default
        case int():
            return int(value) if str(value).lstrip("-").isdigit() else default
        case bytes():
            return value.data() if isinstance(value, QByteArray) else default
        case tuple():
            texts = value if isinstance(value, list) else [value] if isinstance(value, str) and value else []
            return tuple(str(text) for text in texts)
        case _:
            return value if isinstance(value, str) else default
