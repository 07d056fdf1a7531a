"""The changes of one run: puts them in place around the script, and counts how often each took effect.

NOTE [What a change reaches]
The script's text is not touched. Constructors of optimizers are stood in for, so it does not matter how the script has
imported them; functions are exchanged by a function mode, which sees every call made from Python, also by modules. What
a script works out by hand (its own sigmoid, its own `w -= lr * w.grad`) is not known as one of these: then a change
never takes effect, and whoever asked for it is told so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import NoReturn, Self

from ...bilingual import Bilingual
from ...wire.changes import SETTINGS, Change
from ...wire.options import OutputPlace
from .functions import OtherFunctions
from .optimizers import OtherOptimizers
from .output import OtherOutput
from .seeds import OtherSeed


class Changes:
    """A context around the script. refuse: ends the run with a sentence and does not return.

    output: where what the network answers is computed.
    """

    def __init__(
        self, changes: tuple[Change, ...], refuse: Callable[[Bilingual], NoReturn], output: OutputPlace | None = None
    ) -> None:
        self._output = output
        self.counts: dict[str, int] = {change.text: 0 for change in changes}
        self.notes: list[Bilingual] = []
        self._active = contextlib.ExitStack()
        self._changes = changes
        self._refuse = refuse

    def __enter__(self) -> Self:
        functions = [one for one in self._changes if one.what not in ("optimizer", "output", "seed", *SETTINGS)]
        if any(one.what in ("optimizer", *SETTINGS) for one in self._changes):
            self._active.enter_context(OtherOptimizers(self._changes, self))
        for seed in (one for one in self._changes if one.what == "seed"):
            self._active.enter_context(OtherSeed(int(seed.to), partial(self.count, seed.text)))
        for change in (one for one in self._changes if one.what == "output" and self._output is not None):
            assert self._output is not None
            self._active.enter_context(OtherOutput(change.to, self._output, partial(self.count, change.text)))
        if functions:
            self._active.enter_context(OtherFunctions(functions, self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._active.close()

    def count(self, text: str) -> None:
        """A change took effect."""
        self.counts[text] += 1

    def note(self, sentence: Bilingual) -> None:
        """Something that was left out on the way."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def refuse(self, sentence: Bilingual) -> NoReturn:
        """A change does not fit."""
        self._refuse(sentence)
