"""What is kept of iterations: the ones in use, no longer than their trace, and handed from thread to thread."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path
from weakref import ref

from app.models.scene_builder import scene_of
from engine.analysis.flow import Extent, Flow, flow_of, hand_over, has_flow
from engine.analysis.quantities import quantities, quantities_of
from engine.analysis.roles import roles_of
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def test_the_iteration_in_use_is_kept_while_others_are_looked_at(recorded: Record) -> None:
    trace = recorded("hello", "--iterations", "9")
    first = flow_of(trace, 0)
    for other in range(1, 9):
        flow_of(trace, other)
        assert flow_of(trace, 0) is first
    assert not has_flow(trace, 1)
    assert has_flow(trace, 8)


def test_nothing_outlives_its_trace(recorded: Record) -> None:
    gc.disable()  # without circles, which keep memory until somebody looks for them
    try:
        with Trace(recorded("hello").path) as trace:
            found = quantities(trace, 0)
            assert any(one.array(trace) is not None for one in found if one.slope is not None)
            scene_of(flow_of(trace, 0))
            gone = ref(flow_of(trace, 0)), ref(trace)
        del trace
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


def read_beside(path: Path, iteration: int) -> tuple[Flow, Extent]:
    """The flow and its quantities as another thread reads them, whose trace is closed then."""
    found: list[tuple[Flow, Extent]] = []

    def work() -> None:
        with Trace(path) as trace:
            flow = flow_of(trace, iteration)
            quantities_of(flow)
            found.append((flow, trace.extent))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def test_a_flow_that_another_thread_read_serves_in_this_one(recorded: Record) -> None:
    with Trace(recorded("hello").path) as trace, Trace(recorded("hello").path) as own:
        flow, extent = read_beside(trace.path, 1)
        steps, named = quantities_of(flow), roles_of(flow)
        hand_over(flow, extent, trace)
        assert flow_of(trace, 1) is flow
        assert quantities_of(flow) is steps
        assert roles_of(flow) is named
        assert flow.trace is trace
        assert quantities(trace, 1) == quantities(own, 1)
        for mine, other in zip(steps, quantities(own, 1), strict=True):
            assert (mine.array(trace) == other.array(own)).all(), mine.symbol
        outside = trace.first_version(1)
        assert outside is not None
        assert flow.value(outside.id) == outside


def test_a_flow_of_fewer_events_than_there_are_is_not_used(recorded: Record) -> None:
    with Trace(recorded("hello").path) as trace:
        flow, extent = read_beside(trace.path, 1)
        hand_over(flow, (extent[0] - 1, False), trace)
        assert not has_flow(trace, 1)
        assert flow_of(trace, 1) is not flow
