"""Which cards of the graph have a breakpoint: those that were made on its line, and those at which it was hit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from app.models.breakpoint_lines import Dot, dot_of
from app.models.breakpoints import Hits
from app.models.built_scene import BuiltScene
from engine.analysis.breakpoints.judge import is_late
from engine.trace.reader import Trace
from engine.wire.breakpoints import Breakpoint, What


def card_dots(
    trace: Trace, built: BuiltScene, breakpoints: Sequence[Breakpoint], hits: Mapping[Breakpoint, Hits]
) -> dict[str, Dot]:
    """Card id -> what to show there. hits: where each was hit, as far as that is known."""
    found: dict[str, Dot] = {}
    of_line: dict[tuple[str, int], Breakpoint] = {}
    for one in breakpoints:
        if one.what == What.LINE:
            of_line.setdefault((one.pattern, one.line), one)
            continue
        for position in hits[one].positions if one in hits else ():
            event = position - is_late(one)
            card = built.card_of_op.get(event) or built.card_of_node.get(event)
            if card is not None:
                found.setdefault(card, dot_of(one))
    if not of_line:
        return found
    paths = {source.id: os.path.realpath(source.path) for source in trace.sources()}
    for card, position in built.op_of_card.items():
        happened = trace.event(position)
        site = None if happened is None else trace.site(happened.site)
        wanted = None if site is None else of_line.get((paths.get(site.source, ""), site.line))
        if wanted is not None:
            found[card] = dot_of(wanted)
    return found
