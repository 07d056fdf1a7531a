"""Which panel tells which: what is chosen in one is shown in all, and where one of them wants to go, the run goes.

Panels know nothing of each other; every connection between them is made here, and those with the window in `window`.
"""

from __future__ import annotations

import os.path

from app.actions.run_control import RunControl
from app.docks.panels import Panels
from app.models.term_refs import VALUE_REF
from app.state import AppState


def join(panels: Panels, state: AppState, run: RunControl) -> None:
    """Connects the panels with each other, with what is selected, and with the run."""
    panels.canvas.card_selected.connect(lambda card: state.set_selection(panels.selecting.of_card(card)))
    panels.canvas.part_selected.connect(lambda part: state.set_selection(panels.selecting.of_part(part)))
    panels.call_tree.event_selected.connect(lambda at: state.set_selection(panels.selecting.of_event(at)))
    panels.call_tree.call_selected.connect(lambda at, call: state.set_selection(panels.selecting.of_event(at, call)))
    panels.call_tree.event_activated.connect(run.to_position)
    panels.listing.event_selected.connect(lambda at: state.set_selection(panels.selecting.of_event(at)))
    panels.listing.event_activated.connect(run.to_position)
    panels.equation.term_activated.connect(lambda ref: state.set_selection(panels.selecting.of_ref(ref)))
    panels.showing.element_activated.connect(lambda at: state.set_selection(panels.selecting.of_element(at)))
    panels.tensor.over_time.plot.iteration_requested.connect(run.to_iteration)
    panels.timeline.place_requested.connect(run.to_quantity)
    panels.timeline.iteration_requested.connect(run.to_iteration)
    panels.plotting.iteration_requested.connect(run.to_iteration)
    panels.watching.view.curve.iteration_requested.connect(run.to_iteration)
    panels.console.position_requested.connect(run.to_position)
    panels.source.breakpoint_edit_requested.connect(
        lambda path, line: panels.debugging.breaking.edit_line(os.path.realpath(path), line)
    )
    panels.debugging.breaking.position_requested.connect(run.to_position)
    panels.debugging.naming.value_chosen.connect(
        lambda value: state.set_selection(panels.selecting.of_ref(f"{VALUE_REF}{value}"))
    )
    panels.debugging.naming.watch_requested.connect(panels.watching.watch)
    panels.debugging.marking.marked.connect(panels.timeline.strip.set_marks)
    panels.debugging.finding.position_requested.connect(run.to_position)
    panels.debugging.branching.losses_changed.connect(panels.loss.set_overlays)
    panels.reading.event_chosen.connect(lambda at: state.set_selection(panels.selecting.of_event(at)))
    run.wrote.connect(panels.console.append_text)
    panels.console_panel.input_given.connect(run.give_input)
    run.over.connect(panels.show_end)
    panels.learning.opened.connect(lambda: state.set_learning(True))
    panels.learning.closed.connect(lambda: state.set_learning(False))
    panels.learning.trace_wanted.connect(run.open_trace)
    panels.learning.place_wanted.connect(run.to_moment)
    panels.demonstrating.framing_wanted.connect(panels.show_as_new)
