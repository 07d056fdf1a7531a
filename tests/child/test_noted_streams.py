"""A noting stream writes what the plain one writes, and knows what it wrote."""

import io
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.child.streams import NotedText, Notes
from engine.limits import OUTPUT_LIMIT_CHARS
from engine.trace.batch import Batch
from engine.wire.channel import TEXT_LIMIT_CHARS
from engine.wire.messages import Wrote


class FakeRecorder:
    """A position, a batch, and the recorder's way of noting output."""

    def __init__(self) -> None:
        self.position = 0
        self.batch = Batch()

    def listening(self) -> bool:
        return True

    def note_output(self, stream: str, text: str) -> None:
        self.batch.output.append((len(self.batch.output) + 1, self.position, stream, text))


def plain(encoding: str = "utf-8", errors: str = "strict", line_buffering: bool = False) -> io.TextIOWrapper:
    """A text stream as Python makes stdout, over memory."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding, errors, newline="\n", line_buffering=line_buffering)
    cast(Any, stream).mode = "w"
    return stream


@given(st.lists(st.text(max_size=30)), st.sampled_from(["utf-8", "ascii", "utf-16", "latin-1"]))
def test_bytes_are_the_same(texts: list[str], encoding: str) -> None:
    bare, under = plain(encoding, "backslashreplace"), plain(encoding, "backslashreplace")
    noted: list[str] = []
    over = NotedText(under, noted.append)
    for text in texts:
        assert bare.write(text) == over.write(text)
        print(text, file=bare)
        print(text, file=over)
    bare.flush()
    over.flush()
    assert cast(io.BytesIO, over.buffer).getvalue() == cast(io.BytesIO, bare.buffer).getvalue()
    assert "".join(noted) == "".join(f"{text}{text}\n" for text in texts)


def test_it_is_like_the_one_it_stands_in_for() -> None:
    stream = plain("latin-1", "replace", line_buffering=True)
    noted = NotedText(stream, lambda text: None)
    assert isinstance(noted, io.TextIOWrapper)
    for name in ("encoding", "errors", "line_buffering", "write_through", "mode", "buffer"):
        assert getattr(noted, name) == getattr(stream, name), name
    assert noted.isatty() == stream.isatty()
    with pytest.raises(TypeError):
        noted.write(cast(Any, 5))


def replaced(monkeypatch: pytest.MonkeyPatch) -> tuple[FakeRecorder, Notes]:
    """Puts noting streams in place of stdout and stderr."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, plain())
        monkeypatch.setattr(sys, f"__{name}__", getattr(sys, name))
    recorder = FakeRecorder()
    notes = Notes(cast(Any, recorder), tell=True)
    notes.replace_streams()
    return recorder, notes


def test_a_print_is_one_row_with_its_position(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, notes = replaced(monkeypatch)
    print("one", 1)
    recorder.position = 4
    print("two", end="")
    print("three", file=sys.stderr)
    recorder.position = 5
    print("!")
    rows = [row[1:] for row in recorder.batch.output]
    assert rows == [(0, "stdout", "one 1\n"), (4, "stdout", "two"), (4, "stderr", "three\n"), (5, "stdout", "!\n")]
    assert notes.untold() == [Wrote(stream, text, position) for position, stream, text in rows]
    assert notes.untold() == []


def test_much_output_is_cut_to_pieces_and_at_last_counted_only(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, notes = replaced(monkeypatch)
    sys.stdout.write("x" * (2 * TEXT_LIMIT_CHARS + 1))
    assert [len(wrote.text) for wrote in notes.untold()] == [TEXT_LIMIT_CHARS, TEXT_LIMIT_CHARS, 1]
    sys.stdout.write("y" * OUTPUT_LIMIT_CHARS)
    assert notes.dropped_chars == OUTPUT_LIMIT_CHARS
    assert sum(len(row[3]) for row in recorder.batch.output) == 2 * TEXT_LIMIT_CHARS + 1
    print("still room")
    assert recorder.batch.output[-1][3].endswith("still room\n")


def test_streams_that_are_no_files_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = io.StringIO()
    monkeypatch.setattr(sys, "stdout", memory)
    monkeypatch.setattr(sys, "stderr", None)
    Notes(cast(Any, SimpleNamespace()), tell=False).replace_streams()
    assert sys.stdout is memory
    assert sys.stderr is None
