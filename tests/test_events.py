"""Events: what their small print promises."""

from __future__ import annotations

import dataclasses

import pytest

from engine import events
from engine.events import Event, Kind, Phase, Slot


def event(arguments_json: str = "") -> Event:
    """An event at position 3."""
    empty: tuple[Slot, ...] = ()
    return Event(
        3, Kind.OP, "add", "torch.add", 0, Phase.FORWARD, None, None, empty, empty, arguments_json, None, None, 0, 0,
        False, "",
    )  # fmt: skip


def test_arguments_come_from_their_json() -> None:
    assert event('{"alpha":2,"dim":[0,null]}').arguments == {"alpha": 2, "dim": [0, None]}
    assert event().arguments == {}


def test_kinds_and_phases_are_the_words_of_the_file() -> None:
    assert [str(kind) for kind in Kind] == ["op", "node", "grad", "update", "edit"]
    assert [str(phase) for phase in Phase] == ["setup", "zero", "forward", "backward", "update", "other"]


@pytest.mark.parametrize(
    "name", ["Slot", "Event", "Node", "ModuleCall", "Iteration", "Tensor", "Site", "Source", "Output"]
)
def test_what_a_trace_hands_out_cannot_be_changed(name: str) -> None:
    kind = getattr(events, name)
    assert kind.__dataclass_params__.frozen
    assert hasattr(kind, "__slots__")
    one = kind(*([None] * len(dataclasses.fields(kind))))
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
        setattr(one, dataclasses.fields(kind)[0].name, 1)
