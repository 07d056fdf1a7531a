"""Opens traces with a planted error: one recorded array is changed, as if torch had computed it wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from engine.trace.reader import Trace

Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture
def planted() -> Iterator[Callable[[Trace, int, Change], Trace]]:
    """planted(trace, value, change): the same trace, where the array of that value is what `change` makes of it."""
    opened: list[Trace] = []

    def plant(trace: Trace, value: int, change: Change) -> Trace:
        other = Trace(trace.path)
        opened.append(other)
        read = other.array
        reader: Any = other
        reader.array = lambda key: change(np.array(read(key))) if key == value else read(key)
        return other

    yield plant
    for trace in opened:
        trace.close()
