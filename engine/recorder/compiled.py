"""Functions that `torch.compile` made run as they were written while they are recorded.

The compiler would otherwise take our function mode for part of the script and compile it along: that is slow, fills the
terminal with remarks, and fails for functions that must be one graph. So its stance is "force_eager", from the
moment when the script has loaded the compiler. Compiled modules keep their compiled code: each call is one opaque op.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import torch

_COMPILER = "torch._dynamo"
_ABOUT_OUR_HOOKS = r"Using `torch\.compile\(module\)` when there are global hooks"


class CompiledFunctions:
    """Holds the compiler back between the first `look` after it was loaded and `__exit__`."""

    def __init__(self) -> None:
        self.settled = False
        """Whether there is nothing left to look for."""
        self._stance: Any = None
        self._filter: Any = None

    def __enter__(self) -> CompiledFunctions:
        self.settled = False
        warnings.filterwarnings("ignore", _ABOUT_OUR_HOOKS, UserWarning)
        self._filter = warnings.filters[0]
        self.look()
        return self

    def __exit__(self, *exception: object) -> None:
        self.settled = True
        if self._filter in warnings.filters:
            warnings.filters.remove(self._filter)  # type: ignore[attr-defined]
        if self._stance is not None:
            self._stance.__exit__(*exception)
            self._stance = None

    def look(self) -> None:
        """Takes the stance if the compiler is there. Loading it would cost the script a second."""
        if _COMPILER not in sys.modules:
            return
        # AttributeError, ImportError: it is being loaded just now. RuntimeError: it is compiling just now.
        with contextlib.suppress(AttributeError, ImportError, RuntimeError):
            self._stance = torch.compiler.set_stance("force_eager")
            self.settled = True

    @contextlib.contextmanager
    def as_compiled(self) -> Iterator[None]:
        """Inside, the compiler may do as the script wishes."""
        held = self._stance
        if held is None:
            yield
            return
        held.__exit__(None, None, None)
        try:
            yield
        finally:
            held.__enter__()
