"""Requests that move the run: steps, continue and their mirror images, pause, goto."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..errors import EnglishError
from ..events import Event
from ..session.place import Level
from ..session.session import Session
from .changing import changed
from .evaluating import help_text, order_of
from .messages import Arguments, Json, RequestError
from .run import Run
from .stops import Reason

Answer = tuple[Json, Callable[[], None]]
"""The body of the answer, and what is done when it has been sent."""

_MOST_TARGETS = 20


def step(action: Callable[[Session], None], run: Run, asked: Arguments) -> Answer:
    """`next`, `stepIn`, `stepOut`, `stepBack`."""
    run.here()
    return {}, partial(run.move, Reason.STEP, action, asked.text("granularity"))


def continue_(run: Run, asked: Arguments) -> Answer:
    """On to a breakpoint, or to the end."""
    run.here()
    go = partial(run.move, Reason.PAUSE, Session.continue_, to_end=True)
    return {"allThreadsContinued": True}, go


def reverse_continue(run: Run, asked: Arguments) -> Answer:
    """Back to a breakpoint, or to the start."""
    run.here()
    return {}, partial(run.move, Reason.PAUSE, Session.reverse_continue)


def pause(run: Run, asked: Arguments) -> Answer:
    """Holds the script at its next event."""
    run.pause()
    return {}, _nothing


def goto_targets(run: Run, asked: Arguments) -> Json:
    """The visits of a line in the iteration that is looked at. Nothing has to run to be there, forward or back."""
    here = run.here()
    path, _ = run.sources.asked(asked.part("source"), here.trace)
    line = run.client.line_in(asked.required_number("line"))
    events = here.trace.events(iteration=here.moment.place.iteration)
    found = [
        event for event, before in zip(events, [None, *events], strict=False) if _is_visit(run, event, before, line)
    ]
    on_path = [event for event in found if _path_of(run, event) == path][:_MOST_TARGETS]
    return {
        "targets": [
            {
                "id": event.position,
                "label": f"{event.name} at position {event.position}",
                "line": asked.number("line", 0),
            }
            for event in on_path
        ]
    }


def goto(run: Run, asked: Arguments) -> Answer:
    """Jumps to a target."""
    run.here()
    position = asked.required_number("targetId")
    if not 0 <= position <= run.session.frontier:
        raise RequestError(f"Nothing is recorded at position {position} yet.")
    return {}, partial(run.move, Reason.GOTO, lambda session: session.run_to(position))


def ordered(run: Run, text: str) -> Answer:
    """An order of the console (`engine.dap.evaluating.ORDERS`)."""
    name, rest = order_of(text)
    if name == "help":
        return _said(help_text()), _nothing
    if name == "level":
        return _said(_set_level(run, rest)), _nothing
    if name == "eof":
        run.give_input(None)
        return _said(""), _nothing
    run.here()
    if name == "cut":
        target, equals, value = rest.partition("=")
        if not equals:
            raise RequestError("What is it to be?", "Write :cut a1 = 0.5, for example.")
        return _said(str(changed(run, target.strip(), value.strip(), False)["value"])), _nothing
    if name == "to" and not rest.isdecimal():
        raise RequestError("A position is a number.", "Write :to 12, for example.")
    actions: dict[str, Callable[[Session], object]] = {
        "iteration": Session.next_iteration,
        "phase": Session.finish_phase,
        "twin": partial(_to_twin, run),
        "to": lambda session: session.run_to(int(rest)),
    }
    return _said(""), partial(run.move, Reason.STEP, actions[name])


def _to_twin(run: Run, session: Session) -> None:
    if not session.jump_to_twin():
        run.written.say("What comes next here has no twin, or none that ran yet.")


def _set_level(run: Run, name: str) -> str:
    if not name:
        return f"A step is: {run.level.value}."
    try:
        run.level = Level(name)
    except ValueError:
        raise EnglishError(f"There is no level {name!r}.", f"There are {', '.join(Level)}.") from None
    return f"From the next step on, a step is: {run.level.value}."


def _said(text: str) -> Json:
    return {"result": text, "variablesReference": 0}


def _is_visit(run: Run, event: Event, before: Event | None, line: int) -> bool:
    """Whether an event is the first in a row on a line."""
    trace = run.here().trace
    site = trace.site(event.site)
    if site is None or site.line != line:
        return False
    earlier = None if before is None else trace.site(before.site)
    return earlier is None or (earlier.source, earlier.line) != (site.source, site.line)


def _path_of(run: Run, event: Event) -> str:
    trace = run.here().trace
    site = trace.site(event.site)
    source = None if site is None else trace.source(site.source)
    return "" if source is None else run.client.path_in(source.path)


def _nothing() -> None:
    pass
