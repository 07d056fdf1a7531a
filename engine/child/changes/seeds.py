"""Another seed: stands in for the functions that a script seeds with.

Cannot see: `numpy.random.RandomState(3)`, and generators that are seeded by their own `manual_seed`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, Self

import numpy
import torch

_PLACES: tuple[tuple[Any, str], ...] = (
    (torch, "manual_seed"),
    (torch.random, "manual_seed"),
    (torch.cuda, "manual_seed"),
    (torch.cuda, "manual_seed_all"),
    (random, "seed"),
    (numpy.random, "seed"),
    (numpy.random, "default_rng"),
)


class OtherSeed:
    """Every seeding of the script uses this seed between `__enter__` and `__exit__`."""

    def __init__(self, seed: int, count: Callable[[], None]) -> None:
        self._seed = seed
        self._count = count
        self._found: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        self._count()  # the run itself was seeded before the script began
        for owner, name in _PLACES:
            found = getattr(owner, name)
            self._found.append((owner, name, found))
            setattr(owner, name, self._seeding(found, self._seed % 2**32 if owner is numpy.random else self._seed))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for owner, name, found in reversed(self._found):
            setattr(owner, name, found)
        self._found.clear()

    def _seeding(self, found: Callable[..., Any], seed: int) -> Callable[..., Any]:
        @wraps(found)
        def seeded(*args: Any, **kwargs: Any) -> Any:
            if not args and not kwargs:
                return found(seed)
            self._count()
            return found(seed)

        return seeded
