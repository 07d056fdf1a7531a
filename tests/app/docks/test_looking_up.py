"""Which cards tell what is selected: a parameter, a number, an operation, one of the script's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.docks.looking_up import LookingUp
from app.state import NOTHING, Selection
from app.theme import THEMES
from engine.events import Kind
from engine.trace.reader import Trace

OWN = """
import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, arrived):
        return 2 * ctx.saved_tensors[0] * arrived

w = torch.tensor(3.0, requires_grad=True)
loss = torch.relu(Square.apply(w))
loss.backward()
"""


def test_cards_of_what_is_selected(qtbot: QtBot, recorded: Callable[[str], Trace]) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    looking_up = LookingUp(THEMES["dark"], over)
    trace = recorded(OWN)
    at = {event.name: event.position for event in trace.events()}

    def keys(selection: Selection) -> list[str]:
        return [card.key for card in looking_up.cards_of(trace, selection)]

    assert keys(Selection("card", at["relu"], symbol="C")) == ["relu", "loss"]
    assert keys(Selection("card", at["Square"], symbol="a1")) == ["custom_function", "a"]
    assert keys(Selection("card", at["relu"], quantity=1, symbol="dC/da1")) == ["grad_a", "relu"]
    assert keys(Selection("card", at["relu"], pill="w", symbol="w")) == ["W", "relu"]
    assert keys(Selection("card", at["ReluBackward0"])) == ["relu"]
    assert keys(NOTHING) == []
    assert all(event.kind is not Kind.OP or looking_up.cards_of(trace, Selection("card", event.position))
               for event in trace.events())  # fmt: skip


def test_without_a_selection_it_is_the_newest_number(qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    looking_up = LookingUp(THEMES["dark"], over)
    looking_up.explain(None, NOTHING, None)
    assert looking_up.window is not None
    assert looking_up.window.card is not None
    assert looking_up.window.card.key == "gradient", "nothing is open: the glossary itself"
    looking_up.set_theme(THEMES["light"])
    looking_up.show("lr")
    assert looking_up.window.card.key == "lr"
    assert looking_up.window.isVisible()
