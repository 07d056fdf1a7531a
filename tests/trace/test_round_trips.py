"""What is written comes back the same: arrays of every type and layout, events, nodes, and their small print."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.events import Kind, Node, Phase, Slot
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter
from engine.values import RAW_DTYPES, storage_dtype

PLAIN = [
    *("float16", "float32", "float64", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64", "complex64", "complex128"),
]
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
ANY = st.sampled_from([*PLAIN, *RAW_DTYPES]).flatmap(
    lambda name: st.tuples(st.just(name), hnp.arrays(storage_dtype(name), SHAPES), st.booleans())
)


def expected(raw: np.ndarray, name: str) -> np.ndarray:
    """The numbers behind stored elements, by torch's own conversion where numpy lacks the type."""
    if name in ("bool", "qint8", "quint8", "qint32") or name in PLAIN:
        return raw
    carrier = raw.reshape(-1).view({1: np.uint8, 2: np.int16, 4: np.int32}[raw.itemsize])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls ComplexHalf experimental
        tensor = torch.from_numpy(carrier.copy()).view(getattr(torch, name))
        wide = tensor.to(torch.complex64 if name == "complex32" else torch.float32)
    return wide.numpy().reshape(raw.shape)


def same(found: np.ndarray | None, wanted: np.ndarray) -> bool:
    """Whether shapes and numbers agree (NaN equals NaN)."""
    return found is not None and found.shape == wanted.shape and np.array_equal(found, wanted, equal_nan=True)


@settings(max_examples=25)
@given(st.lists(ANY, min_size=1, max_size=8))
def test_arrays_of_every_type(
    arrays: list[tuple[str, np.ndarray, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        from_scribe(Path(folder) / "t.gradstep", arrays)


def from_scribe(path: Path, arrays: list[tuple[str, np.ndarray, bool]]) -> None:
    """Writes the arrays, some as bytes and some as arrays, and compares what comes back."""
    from engine.trace.batch import Batch

    writer = TraceWriter(path, {})
    batch = Batch()
    for i, (name, raw, small) in enumerate(arrays):
        held: Any = raw.tobytes() if small else raw
        batch.values.append((i, name, raw.shape, "cpu", None, 0, held, "", None, None))
    writer.put(batch)
    writer.close()
    assert writer.failure == ""
    with Trace(path) as trace, np.errstate(all="ignore"):
        for i, (name, raw, _) in enumerate(arrays):
            known = trace.value(i)
            assert (known.dtype, known.shape, known.kept) == (name, raw.shape, True)
            assert known.size_bytes == raw.nbytes
            assert known.statistics is not None
            assert same(trace.array(i), expected(raw, name)), name


@pytest.mark.parametrize("rows", [3, 300])
def test_views_show_the_elements_of_another_value(begin: Callable[..., Any], tmp_path: Path, rows: int) -> None:
    scribe = begin()
    array = np.arange(rows * 40, dtype=np.float32).reshape(rows, 40)
    base = scribe.value(array)
    turned = scribe.value(None, dtype="float32", shape=(40, rows), strides=(1, 40), base=base)
    flat = scribe.value(None, dtype="float32", shape=(rows * 40,), base=turned)
    columns = scribe.value(array, shape=(40, rows), strides=(1, 40))
    scribe.finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        assert same(trace.array(turned), array.T)
        assert same(trace.array(flat), array.reshape(-1))
        assert same(trace.array(columns), array.T)
        assert trace.value(turned).kept


def test_large_arrays_lie_beside_the_trace_and_small_ones_in_it(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    small, large = np.ones(10, np.float32), np.arange(100_000, dtype=np.float64)
    first, second = scribe.value(small), scribe.value(large)
    scribe.next_iteration()
    third = scribe.value(large * 2)
    scribe.finish()
    folder = tmp_path / "t.gradstep.arrays"
    assert sorted(path.name for path in folder.iterdir()) == ["00000000.bin", "00000002.bin"]
    assert (tmp_path / "t.gradstep").stat().st_size < large.nbytes
    with Trace(tmp_path / "t.gradstep") as trace:
        assert same(trace.array(first), small)
        assert same(trace.array(second), large)
        assert same(trace.array(third), large * 2)


def test_no_folder_is_left_where_no_array_is_large(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    scribe.value(np.ones(3, np.float32))
    scribe.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["t.gradstep"]


def test_an_array_cannot_be_changed_by_who_reads_it(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    small, large = scribe.value(np.ones(10, np.float32)), scribe.value(np.ones(100_000, np.float32))
    scribe.finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        for value in (small, large):
            array = trace.array(value)
            assert array is not None
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 2


def test_a_value_without_an_array_says_why(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    value = scribe.value(None, shape=(5, 5), reason="a meta tensor has no data")
    scribe.finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        known = trace.value(value)
        assert (known.kept, known.reason, known.statistics) == (False, "a meta tensor has no data", None)
        assert trace.array(value) is None


def test_an_unknown_value_is_a_key_error(begin: Callable[..., Any], tmp_path: Path) -> None:
    begin().finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        for ask in (trace.value, trace.array):
            with pytest.raises(KeyError):
                ask(12)


NAMES = st.text(max_size=12)
NUMBERS = st.integers(0, 1 << 40)


@settings(max_examples=25)
@given(st.lists(st.tuples(NAMES, st.none() | NUMBERS, st.none() | NUMBERS, st.integers(0, 9)), max_size=6), NAMES)
def test_slots_and_arguments_with_any_name(slots: list[tuple[str, int | None, int | None, int]], text: str) -> None:
    from engine.trace.batch import Batch

    with tempfile.TemporaryDirectory() as folder:
        writer = TraceWriter(Path(folder) / "t.gradstep", {"said": text})
        batch = Batch()
        arguments = {text: [text, 1.5, None, True]}
        row = (0, "node", text, text, 0, "backward", None, None, slots, slots, arguments, None, None, 1, 2, 0, text)
        batch.events.append(row)
        batch.nodes.append((1, text, 0, 0, [(2, 0), None, [3, 1]], None))
        writer.put(batch)
        writer.close()
        with Trace(Path(folder) / "t.gradstep") as trace:
            event = trace.event(0)
            assert event is not None
            assert event.inputs == event.outputs == tuple(Slot(*slot) for slot in slots)
            assert (event.name, event.error, event.arguments) == (text, text, arguments)
            assert (event.kind, event.phase) == (Kind.NODE, Phase.BACKWARD)
            assert trace.node(1) == Node(1, text, 0, 0, ((2, 0), None, (3, 1)), None)
            assert trace.meta()["said"] == text


def test_moved_events_change_their_iteration_and_only_ops_their_phase(
    begin: Callable[..., Any], tmp_path: Path
) -> None:
    scribe = begin()
    for kind in ("op", "grad", "op"):
        scribe.event([], [], kind=kind, phase="other")
    scribe.batch.calls.append((1, None, "", "Net", "net", -1, 2, 3))
    scribe.batch.nodes.append((1, "MulBackward0", 0, -1, [(2, 0)], None))
    scribe.batch.nodes.append((2, "AccumulateGrad", None, -1, [], 1))
    scribe.batch.nodes.append((3, "AddBackward0", 2, -1, [(4, 0)], None))
    scribe.batch.nodes.append((4, "AccumulateGrad", None, -1, [], 2))
    scribe.hand_over()
    scribe.batch.moved.append((1, 3, 0, "forward"))
    scribe.batch.iterations.append((0, 1, 3))
    scribe.writer.put(scribe.batch.take())
    scribe.writer.close()
    with Trace(tmp_path / "t.gradstep") as trace:
        assert [(event.iteration, str(event.phase)) for event in trace.events()] == [
            (-1, "other"),
            (0, "other"),
            (0, "forward"),
        ]
        assert [event.position for event in trace.events(0)] == [1, 2]
        assert [call.path for call in trace.calls(0)] == [""]
        assert [node.id for node in trace.nodes(-1)] == [1, 2]
        assert [node.id for node in trace.nodes(0)] == [3, 4]


def test_a_pending_event_is_replaced_by_the_completed_one(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin()
    scribe.event([], [], name="relu", pending=1)
    scribe.hand_over()
    scribe.writer.flush()
    with Trace(tmp_path / "t.gradstep") as trace:
        assert len(trace) == 0
        event = trace.event(0)
        assert event is not None
        assert event.pending
        scribe.position = 0
        scribe.event([], [], name="relu")
        scribe.hand_over()
        scribe.writer.flush()
        assert len(trace) == 1
        event = trace.event(0)
        assert event is not None
        assert not event.pending
    scribe.writer.close()
