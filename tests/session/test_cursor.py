"""Moves on a recorded trace: no child, any sequence of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.quantities import quantities
from engine.events import Kind, Phase
from engine.session import cursor
from engine.session.breakpoints import Breakpoints
from engine.session.place import Level, Place
from engine.session.recorded import Recorded
from engine.session.session import Session, State
from engine.trace.reader import Trace
from engine.wire.messages import Line

LEVELS = list(Level)


@pytest.fixture(scope="module")
def record(hello_trace: Path) -> Iterator[Recorded]:
    """Three iterations of hello.py."""
    with Trace(hello_trace) as trace:
        yield Recorded(trace)


def walk(record: Recorded, level: Level) -> list[Place]:
    """All places of a level from the start to the last."""
    places = [cursor.place_at(record, 0, level)]
    while (found := cursor.into(record, places[-1], level)) is not None:
        places.append(found)
    return places


@pytest.mark.parametrize("level", LEVELS)
def test_back_undoes_into_at_every_place(record: Recorded, level: Level) -> None:
    places = walk(record, level)
    assert len(places) > 3
    for before, after in pairwise(places):
        assert cursor.back(record, after, level) == before
    assert cursor.back(record, places[0], level) == places[0]


@pytest.mark.parametrize("level", LEVELS)
def test_places_only_go_forward(record: Recorded, level: Level) -> None:
    places = walk(record, level)
    positions = [place.position for place in places]
    assert positions == sorted(positions)
    assert len(set(places)) == len(places)


def test_finer_levels_have_more_places(record: Recorded) -> None:
    positions = {level: {place.position for place in walk(record, level)} for level in LEVELS}
    assert positions[Level.ITERATION] < positions[Level.PHASE] < positions[Level.OPERATION] < positions[Level.NODE]
    assert positions[Level.PHASE] <= positions[Level.MODULE]
    assert positions[Level.NODE] == set(range(record.frontier))


def test_iterations_and_phases_begin_where_the_trace_says(record: Recorded) -> None:
    iterations = record.trace.iterations()
    assert [place.position for place in walk(record, Level.ITERATION)] == [span.begin for span in iterations]
    for place in walk(record, Level.PHASE)[1:]:
        before, after = record.event(place.position - 1), record.event(place.position)
        assert before is not None
        assert after is not None
        assert (before.iteration, before.phase) != (after.iteration, after.phase)


def test_an_operation_takes_its_nodes_and_their_leaves_along(record: Recorded) -> None:
    nodes = [event for event in record.trace.events(iteration=0) if event.kind == Kind.NODE]
    begins = {place.position for place in walk(record, Level.OPERATION)}
    twins = [record.twin(event) for event in nodes if event.position in begins]
    ops = [record.event(twin) for twin in twins if twin is not None]
    assert len(ops) == len(twins) < len(nodes)
    assert [op.name for op in ops if op is not None] == ["mse_loss", "sigmoid", "linear", "sigmoid", "linear"]


def test_the_quantity_level_reveals_the_textbooks_nineteen(record: Recorded) -> None:
    places = [place for place in walk(record, Level.QUANTITY) if place.iteration == 0]
    begin = next(span.begin for span in record.trace.iterations() if span.number == 0)
    assert places[0] == Place(begin, 0, 0)
    assert [place.quantity for place in places] == list(range(20))
    known = quantities(record.trace, 0)
    assert [place.position for place in places[1:]] == [quantity.known_at for quantity in known]
    phases = [quantity.phase for quantity in known]
    assert [phases.count(phase) for phase in (Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE)] == [5, 10, 4]


def test_later_iterations_begin_with_their_first_quantity(record: Recorded) -> None:
    places = walk(record, Level.QUANTITY)
    last_of_0 = next(place for place in reversed(places) if place.iteration == 0)
    first_of_1 = next(place for place in places if place.iteration == 1)
    assert first_of_1.quantity == 1
    assert cursor.back(record, first_of_1, Level.QUANTITY) == last_of_0


def first(record: Recorded, name: str, iteration: int = 0) -> int:
    """Position of the first event of this name in an iteration."""
    return next(event.position for event in record.trace.events(iteration=iteration) if event.name == name)


def test_over_finishes_the_module_that_begins_here(record: Recorded) -> None:
    begin, loss = first(record, "linear"), first(record, "mse_loss")
    after = cursor.over(record, Place(begin), Level.NODE)
    assert after is not None
    assert after.position == loss
    assert cursor.over_back(record, after, Level.NODE).position == begin
    inside = cursor.over(record, Place(begin + 1), Level.NODE)
    assert inside is not None
    assert inside.position == begin + 2


def test_out_finishes_the_module_in_whose_midst_one_is(record: Recorded) -> None:
    begin, loss = first(record, "linear"), first(record, "mse_loss")
    found = cursor.out(record, Place(begin + 1), Level.NODE)
    assert found is not None
    assert found.position == loss
    assert cursor.out_back(record, Place(begin + 1), Level.NODE).position == begin
    backward = first(record, "MseLossBackward0")
    out_of_forward = cursor.out(record, Place(begin), Level.NODE)
    assert out_of_forward is not None
    assert out_of_forward.position == backward


def test_a_modules_backward_nodes_are_a_run_too(record: Recorded) -> None:
    begin = first(record, "SigmoidBackward0")
    update = next(event.position for event in record.trace.events(iteration=0) if event.kind == Kind.UPDATE)
    found = cursor.over(record, Place(begin), Level.NODE)
    assert found is not None
    assert begin < found.position <= update


def test_twins_find_each_other(record: Recorded) -> None:
    forward, backward = first(record, "sigmoid"), first(record, "SigmoidBackward0")
    second = next(
        event.position
        for event in record.trace.events(iteration=0)
        if event.name == "SigmoidBackward0" and event.position > backward
    )
    to_node = cursor.to_twin(record, Place(forward), Level.NODE)
    to_op = cursor.to_twin(record, Place(second), Level.NODE)
    assert to_node is not None
    assert to_op is not None
    assert (to_node.position, to_op.position) == (second, forward)
    update = next(event.position for event in record.trace.events(iteration=0) if event.kind == Kind.UPDATE)
    assert cursor.to_twin(record, Place(update), Level.NODE) is None


def test_breakpoints_on_lines_and_names_stop_once_a_visit(record: Recorded) -> None:
    script = record.trace.source(1)
    assert script is not None
    line = next(i for i, text in enumerate(script.text.splitlines(), 1) if "loss.backward()" in text)
    on_line = Breakpoints(lines=frozenset({Line(script.path, line)}))
    on_name = Breakpoints(names=frozenset({"MseLossBackward0"}))
    expected = [first(record, "MseLossBackward0", iteration) for iteration in range(3)]
    for breakpoints in (on_line, on_name):
        hits = [position for position in range(record.frontier) if breakpoints.hit(record, position)]
        assert hits == expected
    start = Place(expected[0])
    assert cursor.to_breakpoint(record, start, Level.NODE, on_name, expected[1]) is None
    reached = cursor.to_breakpoint(record, start, Level.NODE, on_name, expected[1] + 1)
    assert reached is not None
    assert reached.position == expected[1]
    modules = Breakpoints(names=frozenset({"hidden_layer"}))
    begins = [position for position in range(record.frontier) if modules.hit(record, position)]
    assert begins[:3] == [first(record, "linear", iteration) for iteration in range(3)]


MOVES: dict[str, Callable[[Session], object]] = {
    "into": Session.into,
    "over": Session.over,
    "out": Session.out,
    "back": Session.back,
    "over_back": Session.over_back,
    "out_back": Session.out_back,
    "continue": Session.continue_,
    "reverse": Session.reverse_continue,
    "phase": Session.finish_phase,
    "previous phase": Session.previous_phase,
    "iteration": Session.next_iteration,
    "previous iteration": Session.previous_iteration,
    "twin": Session.jump_to_twin,
    "start": Session.start_of_run,
    "end": Session.end,
    **{
        f"level {level}": partial(lambda session, level: setattr(session, "level", level), level=level)
        for level in Level
    },
    **{f"to {position}": partial(Session.run_to, position=position) for position in (0, 14, 20, 40, 10_000)},
    "sigmoid": partial(Session.run_to_node, name="sigmoid"),
}
FORWARD = ("into", "over", "out", "continue", "phase", "iteration", "end", "sigmoid")
BACKWARD = ("back", "over_back", "out_back", "reverse", "previous phase", "previous iteration", "start")


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=30), st.booleans())
def test_any_moves_stay_inside_what_is_recorded(hello_trace: Path, names: list[str], stops: bool) -> None:
    with Session() as session:
        session.open(hello_trace)
        if stops:
            session.breakpoints = Breakpoints(names=frozenset({"sigmoid", "MseLossBackward0"}))
        for name in names:
            before = session.place
            MOVES[name](session)
            place = session.place
            assert session.state is State.ENDED
            assert 0 <= place.position <= session.frontier
            assert (place.quantity is not None) == (session.level is Level.QUANTITY)
            if name in FORWARD:
                assert place.position >= before.position
            if name in BACKWARD:
                assert place.position <= before.position


def test_from_the_end_into_stays_and_back_returns(hello_trace: Path) -> None:
    with Session() as session:
        session.open(hello_trace)
        session.level = Level.NODE
        session.end()
        assert session.place.position == session.frontier == len(session.trace)
        session.into()
        assert session.place.position == session.frontier
        session.back()
        assert session.place.position == session.frontier - 1
        session.start_of_run()
        assert session.place.position == 0


@pytest.mark.parametrize("level", [Level.QUANTITY, Level.OPERATION])
def test_the_end_of_an_iteration_is_not_the_beginning_of_the_next(hello_trace: Path, level: Level) -> None:
    with Session() as session, Trace(hello_trace) as trace:
        session.open(hello_trace)
        session.level = level
        span = trace.iteration(0)
        assert span is not None
        session.run_to(span.end)
        assert session.place.iteration == 1
        session.stay_in(0)
        everything = len(quantities(trace, 0)) if level is Level.QUANTITY else None
        assert session.place == Place(span.end, everything, 0)
        session.into()
        assert session.place.iteration == 1


def test_every_position_is_in_the_iteration_of_its_event(record: Recorded) -> None:
    events = record.trace.events()
    assert [record.iteration_at(event.position) for event in events] == [event.iteration for event in events]
    assert record.iteration_at(record.frontier) == events[-1].iteration
