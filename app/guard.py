"""Keeps a mistake in painting from ending the process.

NOTE [Mistakes in painting]
Where a paint method raises, its traceback keeps the painter alive, and Qt goes on to the screen with a painter that
is still at work on it: a crash that no hook sees. So each of ours is marked `@painted`: the mistake is told like any
other, once the painter is gone, and only what was to be painted is missing.
"""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., None])


def painted(method: Method) -> Method:
    """Marks a method that Qt calls to paint."""

    @functools.wraps(method)
    def guarded(*arguments: Any) -> None:
        try:
            method(*arguments)
        except Exception as error:
            # The first frame is this one, whose locals are still needed.
            traceback.clear_frames(error.__traceback__.tb_next if error.__traceback__ is not None else None)
            sys.excepthook(type(error), error, error.__traceback__)

    return guarded  # type: ignore[return-value]  # the same signature, which a bound TypeVar cannot say
