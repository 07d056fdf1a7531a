"""A table whose rows lie in a package of their own, which is imported when somebody first looks for one.

NOTE [Filled when first looked at]
Importing some hundred files takes longer than a window may take to appear, and no window needs a row to appear. So the
tables begin empty, and reading one imports its package, whose files add their rows. There is no other way in: a row
is there because its file was imported. Threads that look at the same time wait for one import.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TypeVar

Row = TypeVar("Row")


class Rows(MutableMapping[str, Row]):
    """Rows by name, see NOTE [Filled when first looked at]. package: the full name of the package that has them."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._known: dict[str, Row] = {}
        self._is_filled = False
        self._mine = threading.local()

    def add(self, name: str, row: Row) -> None:
        """Adds a row. Raises ValueError for a name that has one."""
        if name in self._known:
            raise ValueError(f"{name} has a row already; change that one instead of adding a second.")
        self._known[name] = row

    def __getitem__(self, name: str) -> Row:
        return self._filled()[name]

    def __setitem__(self, name: str, row: Row) -> None:
        self._known[name] = row

    def __delitem__(self, name: str) -> None:
        del self._filled()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._filled())

    def __len__(self) -> int:
        return len(self._filled())

    def _filled(self) -> dict[str, Row]:
        # A file of the package may look up the rows of those before it.
        if not self._is_filled and not hasattr(self._mine, "is_filling"):
            self._mine.is_filling = True
            import_module(self._package)
            self._is_filled = True
        return self._known
