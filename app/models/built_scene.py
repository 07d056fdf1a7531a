"""A scene together with where its parts are in the trace: what the canvas shows and how to look it up, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.models.scene import GradStatus, Scene
from engine.session.place import Place

Direction = Literal["forward", "backward", "update"]


@dataclass(frozen=True, slots=True)
class Known:
    """A value (id in the trace) and from when on it may be shown.

    quantity: index of the step that reveals it, None if no step does. known_at: the position from which it is known.
    """

    value: int
    known_at: int
    quantity: int | None = None

    def is_revealed(self, place: Place) -> bool:
        """Whether it may be seen at a place; where quantities are counted, they are revealed one at a time."""
        if self.quantity is not None and place.quantity is not None:
            return self.quantity < place.quantity
        return self.known_at <= place.position


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card can show: its value, what somebody put in its place by hand, and its gradients, each in order."""

    value: Known | None = None
    grads: tuple[Known, ...] = ()
    edits: tuple[Known, ...] = ()

    @property
    def all_known(self) -> tuple[Known, ...]:
        """Whatever becomes known of it, in no order."""
        return (*((self.value,) if self.value is not None else ()), *self.grads, *self.edits)


@dataclass(frozen=True, slots=True)
class BoxChange:
    """A parameter's `.grad` box gets another content: `at` is when, as `Known`; its value -1 stands for no array.

    passes: how many backward passes have added to what is in it now; 0 for none, and where that is not known.
    """

    at: Known
    status: GradStatus
    passes: int = 0


@dataclass(frozen=True, slots=True)
class PillFacts:
    """What a pill can show. value: the parameter's at first (an id). updates: new ones. boxes: of `.grad`.

    is_scalar: it is one number, which is written on the pill.
    """

    value: int | None
    is_scalar: bool
    updates: tuple[Known, ...] = ()
    boxes: tuple[BoxChange, ...] = ()

    @property
    def all_known(self) -> tuple[Known, ...]:
        """Whatever becomes known of it, in no order."""
        return (*self.updates, *(change.at for change in self.boxes))


@dataclass(frozen=True, slots=True)
class Step:
    """What a quantity is about: the card it concerns, the direction, when it is known, and its symbol ("dC/dw1").

    index: its place among the quantities. event: position of the event that yields it. tensor: id of the parameter.
    """

    card: str | None
    direction: Direction
    known_at: int
    symbol: str = ""
    index: int = 0
    event: int | None = None
    tensor: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BuiltScene:
    """One iteration's scene. Made by `app.models.scene_builder.build_scene`.

    cards, pills: facts by id; a card of `scene` that has none was not recorded yet. card_of_op: position of a forward
    op -> card, also of ops that are folded away. op_of_card: back. value_of_card, card_of_value: value ids.
    card_of_node: position of an autograd node's event -> card. tensor_of_pill, pills_of_tensor: tensor ids of
    parameters. card_of_tensor: the first card that reads a parameter. steps: one a quantity.
    """

    scene: Scene
    iteration: int
    cards: Mapping[str, CardFacts] = field(default_factory=dict)
    pills: Mapping[str, PillFacts] = field(default_factory=dict)
    card_of_op: Mapping[int, str] = field(default_factory=dict)
    op_of_card: Mapping[str, int] = field(default_factory=dict)
    value_of_card: Mapping[str, int] = field(default_factory=dict)
    card_of_value: Mapping[int, str] = field(default_factory=dict)
    card_of_node: Mapping[int, str] = field(default_factory=dict)
    tensor_of_pill: Mapping[str, int] = field(default_factory=dict)
    pills_of_tensor: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    card_of_tensor: Mapping[int, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
