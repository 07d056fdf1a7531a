"""What is to be changed, as it was typed: a name, or some of its elements ("w1", "w1[0, 2]", "a1[:, 0]")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...analysis.watches.answers import WatchError
from ...analysis.watches.evaluating import evaluate
from ...analysis.watches.parsing import Watch, parse
from ...analysis.watches.syntax import Item, Name, Number, Part, Rest, Span, Unary
from ...bilingual import Bilingual
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Target:
    """name: dots included. places: the whole text where only some elements are meant, None for all."""

    name: str
    places: Watch | None

    def flat_places(self, shape: tuple[int, ...]) -> NDArray[np.int64] | None:
        """Where the elements that are meant lie in the flattened tensor, in the shape they have; None for all."""
        if self.places is None:
            return None
        count = int(np.prod(shape, dtype=np.int64))
        found = evaluate(self.places, _Numbered(self.name, np.arange(count, dtype=np.int64).reshape(shape)))
        if found.result is None:
            raise Refusal(found.reason)
        return np.asarray(found.result, dtype=np.int64)


def target_of(text: str) -> Target:
    """Understands what is to be changed. Raises Refusal."""
    try:
        watch = parse(text)
    except WatchError as error:
        raise Refusal(error.message, error.hint) from None
    if isinstance(watch.part, Name):
        return Target(watch.part.text, None)
    part = watch.part
    if isinstance(part, Item) and isinstance(part.owner, Name) and all(_is_plain(place) for place in part.places):
        return Target(part.owner.text, watch)
    raise Refusal(
        Bilingual(f"{text} cannot be changed.", f"{text} 不能修改。"),
        Bilingual(
            "Give a name such as w1, or elements of it such as w1[0, 2].",
            "请给出一个名称，例如 w1，或其中的元素，例如 w1[0, 2]。",
        ),
    )


def _is_plain(place: Part | Span | Rest | None) -> bool:
    """Whether an index is made of numbers only."""
    match place:
        case None | Number() | Rest():
            return True
        case Unary():
            return _is_plain(place.operand)
        case Span():
            return all(_is_plain(end) for end in (place.begin, place.end, place.stride))
    return False


@dataclass(frozen=True, slots=True)
class _Numbered:
    """One name, which stands for an array of the places of its elements."""

    name: str
    places: NDArray[np.int64]

    def find(self, name: str) -> NDArray[np.int64] | None:
        return self.places if name == self.name else None

    def near(self, name: str) -> Sequence[str]:
        return ()
