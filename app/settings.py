"""What the window remembers from one time to the next, as one typed row kept in an INI file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 3
"""Of the saved arrangement of docks; a window with other docks ignores an older one."""

RECENT_LIMIT = 8
FONT_PERCENTS = (80, 90, 100, 110, 125, 150, 175, 200)
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
    autograd: the node in Python, and what is kept for the backward pass.
    """

    sides: Sides = Sides.BOTH
    digits: int = 7
    chain: bool = True
    matrices: bool = True
    autograd: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the window remembers.

    theme: name of a theme, "" follows the system. digits: significant digits of numbers in equations. level: name of
    the level last stepped by. geometry, layout: as Qt saves them (layout is of `LAYOUT_VERSION`). recent: files opened
    last, newest first. trusted: scripts that may be run without asking again. reduce_motion: nothing glides.
    watches: of each script its path and its watches, a line each; the script watched last comes first. sides,
    chain_rule, matrices, autograd: what is shown of an equation, see `Wishes`.
    language: of the window, "" follows the system. font_percent: size of its letters. budget_mib: how many MiB of
    arrays a recording keeps. keys: of each action whose key the user changed "id=key". layouts: of each arrangement
    that the user named its name and, after a tab, as Qt saves it, in base64. hints_read: hints that were put away.
    run_options: of each script how it was run last, as JSON. steps_a_second: how fast playing goes. python: what
    scripts run in that were given no other, "" for Gradstep's own. colour_blind: whether numbers are shown in colours
    that red-green blind people tell apart.
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
    run_options: tuple[str, ...] = ()
    steps_a_second: int = 2
    sides: str = "both"
    chain_rule: bool = True
    matrices: bool = True
    autograd: bool = False
    language: str = ""
    font_percent: int = 100
    budget_mib: int = 1024
    keys: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()
    hints_read: tuple[str, ...] = ()
    python: str = ""
    colour_blind: bool = False

    @property
    def wishes(self) -> Wishes:
        """What is shown of an equation."""
        sides = Sides(self.sides) if self.sides in {side.value for side in Sides} else Sides.BOTH
        return Wishes(sides, self.digits, self.chain_rule, self.matrices, self.autograd)

    def wishing(self, wishes: Wishes) -> Settings:
        """With this shown of an equation."""
        return replace(
            self,
            sides=str(wishes.sides),
            digits=wishes.digits,
            chain_rule=wishes.chain,
            matrices=wishes.matrices,
            autograd=wishes.autograd,
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

    def key_of(self, action: str) -> str | None:
        """The key that the user gave an action, "" for none; None where it has the one that it came with."""
        return next((one.partition("=")[2] for one in self.keys if one.partition("=")[0] == action), None)

    def with_keys(self, keys: Mapping[str, str]) -> Settings:
        """With these keys of actions changed, and all others as they came."""
        return replace(self, keys=tuple(f"{action}={key}" for action, key in sorted(keys.items())))

    def layout_named(self, name: str) -> bytes | None:
        """An arrangement that the user saved under a name."""
        found = next((one.partition("\t")[2] for one in self.layouts if one.partition("\t")[0] == name), None)
        return None if found is None else b64decode(found)

    def with_layout(self, name: str, state: bytes | None) -> Settings:
        """With an arrangement saved under this name, or with none."""
        others = tuple(one for one in self.layouts if one.partition("\t")[0] != name)
        mine = () if state is None else (f"{name}\t{b64encode(state).decode()}",)
        return replace(self, layouts=(*others, *mine))

    def having_read(self, hint: str) -> Settings:
        """With a hint put away for good."""
        return self if hint in self.hints_read else replace(self, hints_read=(*self.hints_read, hint))

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
    return replace(
        loaded,
        digits=min(max(loaded.digits, FEWEST_DIGITS), MOST_DIGITS),
        font_percent=min(max(loaded.font_percent, FONT_PERCENTS[0]), FONT_PERCENTS[-1]),
        budget_mib=max(loaded.budget_mib, 1),
    )


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
