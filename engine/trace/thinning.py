"""Which iterations stay whole when the trace outgrows its budget: the first, the latest, some between."""

from __future__ import annotations

from collections.abc import Iterable

from ..limits import KEEP_FIRST_ITERATIONS, KEEP_LATEST_ITERATIONS


def iterations_to_thin(whole: Iterable[int]) -> list[int]:
    """Iterations whose arrays go first, given those still whole (ascending numbers; -1 is the set-up and always stays).

    First those that are neither first, latest nor at a power of two; if there are none, every second of the
    exponentially spaced ones, oldest first; then all but the latest. An empty list means: nothing can go.
    """
    numbers = sorted(number for number in whole if number >= 0)
    latest = set(numbers[-KEEP_LATEST_ITERATIONS:])
    between = [number for number in numbers if number >= KEEP_FIRST_ITERATIONS and number not in latest]
    plain = [number for number in between if not is_keeper(number)]
    if plain:
        return plain
    if between:
        return between[::2]
    return numbers[:-1] if len(numbers) > 1 else []


def is_keeper(number: int) -> bool:
    """Whether an iteration is one of the first, or exponentially spaced (0, 1, 2, 4, 8, ...)."""
    return number < KEEP_FIRST_ITERATIONS or number & (number - 1) == 0
