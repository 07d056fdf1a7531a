"""Scripts that read: from our own standard input when recorded, from what is typed at a live session."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from engine.session.launch import Launch
from engine.session.record import record
from engine.session.session import Listeners, Session, State
from engine.trace.reader import Trace

WAIT_S = 60.0

ASKING = """
    import sys
    import torch

    print("type", type(sys.stdin).__name__, sys.stdin.name, sys.stdin.mode, sys.stdin.fileno(), sys.stdin.isatty())
    name = input("Who? ")
    x = torch.ones(2) + len(name)
    print("hello", name)
    for line in sys.stdin:
        print("read", repr(line))
    try:
        input("More? ")
    except EOFError:
        print("no more")
    """


def next_wait(waits: queue.Queue[bool]) -> None:
    """Returns when the script waits for its input."""
    while not waits.get(timeout=WAIT_S):
        pass


def test_what_is_typed_reaches_the_script_and_its_end_too(script: Callable[..., Any]) -> None:
    asking = script(ASKING)
    waits: queue.Queue[bool] = queue.Queue()
    printed: list[str] = []
    listeners = Listeners(awaits_input=waits.put, wrote=lambda stream, text, position: printed.append(text))
    with Session(listeners) as session:
        what = Launch(asking.path, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        session.start(what, asking.trace, stop_at_entry=False)
        next_wait(waits)
        assert "".join(printed).endswith("Who? "), "the prompt is told before the script waits"
        session.give_input("Grüße\n")
        next_wait(waits)
        session.give_input("first\n")
        next_wait(waits)
        session.give_input(None)
        assert session.wait(WAIT_S) is State.ENDED
        session.give_input("nobody hears this\n")
        assert session.ending is not None
        assert session.ending.exit_code == 0
    bare = subprocess.run(
        [sys.executable, asking.path], input="Grüße\nfirst\n".encode(), capture_output=True, check=True
    )
    assert "".join(printed) == bare.stdout.decode()
    with Trace(asking.trace) as trace:
        assert "".join(row.text for row in trace.output()) == bare.stdout.decode()


def test_a_script_that_waits_for_input_can_be_stopped(script: Callable[..., Any]) -> None:
    asking = script(ASKING)
    waits: queue.Queue[bool] = queue.Queue()
    with Session(Listeners(awaits_input=waits.put)) as session:
        session.start(Launch(asking.path, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL), asking.trace, False)
        next_wait(waits)
        session.stop()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert session.ending.status == "interrupted"


def test_our_own_standard_input_is_the_recorded_scripts(script: Callable[..., Any]) -> None:
    asking = script(ASKING)
    typed, out = asking.path.with_name("typed"), asking.path.with_name("out")
    typed.write_bytes(b"Ann\none\ntwo\n")
    with typed.open("rb") as stdin:
        bare = subprocess.run([sys.executable, asking.path], stdin=stdin, capture_output=True, check=True)
    with typed.open("rb") as stdin, out.open("wb") as stdout:
        ending = record(Launch(asking.path, stdin=stdin, stdout=stdout), asking.trace)
    assert ending.exit_code == 0
    assert out.read_bytes() == bare.stdout
    assert b"no more" in bare.stdout
