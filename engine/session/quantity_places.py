"""Steps of the quantity level: the textbook's quantities are revealed one at a time.

NOTE [Places of quantities]
Quantity n of an iteration is revealed at the position from which it is known; several may be known from one position,
and then only the count moves. The places are: the start of the run; the start of the first iteration that has
quantities, with none revealed; and one for each quantity of each iteration in order.
"""

from __future__ import annotations

from .place import Place
from .recorded import Recorded


def quantities_known(record: Recorded, iteration: int, position: int) -> int:
    """How many quantities of an iteration are known at a position; where it begins that is none, whichever it has."""
    if position <= _begin(record, iteration):
        return 0
    return sum(quantity.known_at <= position for quantity in record.quantities(iteration))


def at_quantity(record: Recorded, iteration: int, count: int) -> Place:
    """The place at which so many quantities of an iteration are revealed, or all if it has fewer."""
    found = record.quantities(iteration) if count > 0 else ()
    if not found:
        return Place(_begin(record, iteration), 0, iteration)
    count = min(count, len(found))
    return Place(found[count - 1].known_at, count, iteration)


def next_quantity(record: Recorded, place: Place) -> Place | None:
    """The place at which one more quantity is revealed; from the set-up, first the start of the first iteration."""
    count = _count(record, place)
    found = record.quantities(place.iteration)
    if count < len(found):
        return Place(max(place.position, found[count].known_at), count + 1, place.iteration)
    for span in record.iterations_after(place.iteration):
        later = record.quantities(span.number)
        if not _has_earlier(record, span.number) and place.position < span.begin:
            return Place(span.begin, 0, span.number)
        if later:
            return Place(max(place.position, later[0].known_at), 1, span.number)
    return None


def previous_quantity(record: Recorded, place: Place) -> Place:
    """The place before: what was revealed last is hidden again, or what happened since then is undone."""
    count = _count(record, place)
    found = record.quantities(place.iteration)
    if count > 0:
        known_at = found[count - 1].known_at
        if place.position > known_at:
            return Place(known_at, count, place.iteration)
        if count > 1:
            return Place(found[count - 2].known_at, count - 1, place.iteration)
    begin = _begin(record, place.iteration)
    if count == 0 and place.position > begin:
        return Place(begin, 0, place.iteration)
    for span in record.iterations_before(place.iteration):
        if earlier := record.quantities(span.number):
            return Place(earlier[-1].known_at, len(earlier), span.number)
    if count > 0:
        return Place(begin, 0, place.iteration)
    return Place(0, 0, record.iteration_at(0))


def _count(record: Recorded, place: Place) -> int:
    known = len(record.quantities(place.iteration))
    if place.quantity is None:
        return quantities_known(record, place.iteration, place.position)
    return min(place.quantity, known)


def _has_earlier(record: Recorded, iteration: int) -> bool:
    return any(record.quantities(span.number) for span in record.iterations_before(iteration))


def _begin(record: Recorded, iteration: int) -> int:
    span = record.iteration(iteration)
    return 0 if span is None else span.begin
