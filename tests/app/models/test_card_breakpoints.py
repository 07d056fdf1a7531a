"""Breakpoints on the graph's cards: by line, and by where they were hit."""

from __future__ import annotations

import os

from app.models.breakpoints import Hits
from app.models.card_breakpoints import card_dots
from app.models.scene_builder import build_scene
from engine.events import Kind
from engine.trace.reader import Trace
from engine.wire.breakpoints import Breakpoint, What


def test_cards_are_marked_by_line_and_by_hits(hello: Trace) -> None:
    built = build_scene(hello, 0)
    ops = {event.name: event for event in hello.events(iteration=0) if event.kind is Kind.OP}
    card = built.card_of_op[ops["mse_loss"].position]
    site = hello.site(ops["mse_loss"].site)
    source = hello.source(1)
    assert site is not None
    assert source is not None
    on_line = Breakpoint(What.LINE, os.path.realpath(source.path), site.line, condition="loss > 1")
    assert card_dots(hello, built, (on_line,), {}) == {card: "condition"}
    elsewhere = Breakpoint(What.LINE, "/tmp/other.py", site.line)
    assert card_dots(hello, built, (elsewhere,), {}) == {}
    node = next(event for event in hello.events(iteration=0) if event.name == "MseLossBackward0")
    before, after = (
        Breakpoint(What.NODE, "Mse*", enabled=False),
        Breakpoint(What.GRADIENT_ABOVE, limit=0.1, log="large"),
    )
    assert card_dots(hello, built, (before,), {before: Hits((node.position,), True)}) == {card: "off"}
    # One that needs what the node makes was hit after it.
    assert card_dots(hello, built, (after,), {after: Hits((node.position + 1,), True)}) == {card: "log"}
    assert card_dots(hello, built, (before,), {}) == {}
