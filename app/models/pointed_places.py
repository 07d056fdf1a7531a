"""Where in the panels is what a lesson's stop points out: cards, pills, terms of equations, pieces of source. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.models.built_scene import BuiltScene
from app.models.term_refs import EVENT_REF, VALUE_REF
from engine.lessons.pointed import Pointed, Span


@dataclass(frozen=True, slots=True)
class PointedPlaces:
    """cards, pills: ids in the graph. refs: of terms of equations. spans: in the source. words: as printed.

    steps: of the timeline, by the quantities' indices. names: as an expression to watch may be written.
    """

    cards: frozenset[str] = frozenset()
    pills: frozenset[str] = frozenset()
    refs: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    words: tuple[str, ...] = ()
    steps: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def has_loss(self) -> bool:
        """Whether C is pointed out, which has a curve."""
        return "C" in self.names


def pointed_places(pointed: Sequence[Pointed], built: BuiltScene, view: str = "") -> PointedPlaces:
    """Everything that these stand for. A gradient or an update of a parameter is at the parameter's pill.

    view: the panel in front; a line that is read there is not looked for in the graph.
    """
    cards, pills = set[str](), set[str]()
    for one in pointed:
        mine = built.pills_of_tensor.get(one.tensor, ()) if one.tensor is not None else ()
        pills.update(mine)
        if not mine and not (view == "source" and one.span is not None):
            cards.update(_cards(one, built))
    return PointedPlaces(
        frozenset(cards),
        frozenset(pills),
        frozenset(ref for one in pointed for ref in _refs(one)),
        tuple(one.span for one in pointed if one.span is not None),
        tuple(one.word for one in pointed if one.printed),
        frozenset(one.quantity for one in pointed if one.quantity is not None),
        frozenset(name for one in pointed if one.symbol for name in (one.word, one.symbol)),
    )


def _cards(one: Pointed, built: BuiltScene) -> Iterator[str]:
    card = built.steps[one.quantity].card if one.quantity is not None and one.quantity < len(built.steps) else None
    if card is None and one.value is not None:
        card = built.card_of_value.get(one.value)
    if card is not None:
        yield card
        return
    for event in one.events:
        found = built.card_of_op.get(event) or built.card_of_node.get(event)
        if found is not None:
            yield found


def _refs(one: Pointed) -> Iterator[str]:
    """As terms name it; a derivative that is worked out from others goes by its event."""
    if one.value is not None:
        yield f"{VALUE_REF}{one.value}"
        if one.element is not None:
            yield f"{VALUE_REF}{one.value}[{','.join(map(str, one.element))}]"
    elif one.op is not None:
        yield f"{EVENT_REF}{one.op}"
