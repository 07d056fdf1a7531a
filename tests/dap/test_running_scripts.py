"""Scripts that run under an editor: the whole way through hello.py, errors, output, pause, restart, and their ends."""

from __future__ import annotations

import os
import time
from math import exp
from pathlib import Path

import pytest

from engine.trace.reader import Trace
from tests.dap.conftest import HELLO, Write, line_of
from tests.helpers.dap_client import ROOT, WAIT_S, Client, Refused, adapter_in_thread


def test_a_whole_conversation_on_hello(client: Client, tmp_path: Path) -> None:
    """Golden: z1 1.124, a1 0.7547299214, C 0.0223289583, dC/dw1 -0.0137816544, new w1 1.5813781654."""
    kept = tmp_path / "kept.gradstep"
    capabilities = client.begin(
        program=str(HELLO), args=["--double"], cwd=str(tmp_path), traceOutput="kept.gradstep", stopOnEntry=True
    )
    assert capabilities["supportsStepBack"]
    line = line_of(HELLO, "a1 = torch.sigmoid")
    placed = client.ask("setBreakpoints", source={"path": str(HELLO)}, breakpoints=[{"line": line}, {"line": 3}])
    assert [one["verified"] for one in placed["breakpoints"]] == [True, True]
    function = client.ask("setFunctionBreakpoints", breakpoints=[{"name": "module:output_layer"}])["breakpoints"][0]
    client.ask("setExceptionBreakpoints", filters=["uncaught"])
    assert client.go() == {"reason": "entry", "threadId": 1, "allThreadsStopped": True}

    stopped = client.move("continue")
    assert (stopped["reason"], stopped["hitBreakpointIds"]) == ("breakpoint", [placed["breakpoints"][0]["id"]])
    top = client.top()
    assert (top["line"], top["source"]["path"]) == (line, str(HELLO))
    assert "after z⁽¹⁾" in top["name"]
    here = client.scope("Quantity here")
    assert float(here["z⁽¹⁾"]["value"]) == pytest.approx(1.124, abs=1e-12)
    assert here["next equation"]["value"].endswith("= ?")
    assert float(client.evaluate("hidden_layer.weight * x + hidden_layer.bias")) == pytest.approx(1.124)

    stopped = client.move("continue")
    assert (stopped["reason"], stopped["hitBreakpointIds"]) == ("function breakpoint", [function["id"]])
    a1 = 1 / (1 + exp(-1.124))
    assert float(client.scope("Names")["a⁽¹⁾"]["value"]) == pytest.approx(a1, rel=1e-9)
    assert float(client.evaluate("a1")) == pytest.approx(0.7547299214, abs=1e-9)

    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "phase:update"}])
    client.move("continue")
    assert client.top()["name"].startswith("update 1 · SGD next, after ∂C/∂w⁽¹⁾")
    assert float(client.evaluate("C")) == pytest.approx(0.0223289583, abs=1e-9)
    assert float(client.evaluate("`dC/dw1`")) == pytest.approx(-0.0137816544, abs=1e-9)
    assert float(client.scope("Gradients")["hidden_layer.weight.grad"]["value"]) == pytest.approx(
        -0.0137816544, abs=1e-9
    )

    for _ in range(2):
        assert client.move("stepBack")["reason"] == "step"
    assert "after ∂C/∂b⁽¹⁾" in client.top()["name"]
    assert client.move("reverseContinue")["reason"] == "breakpoint"
    assert client.top()["line"] == line
    client.move("continue")
    client.move("stepIn")
    assert float(client.scope("Quantity here")["new w⁽¹⁾"]["value"]) == pytest.approx(1.5813781654, abs=1e-9)

    client.ask("setBreakpoints", source={"path": str(HELLO)}, breakpoints=[])
    client.ask("continue", threadId=1)
    assert client.event("exited") == {"exitCode": 0}
    client.event("terminated")
    assert "iteration 1: output 0.8506, loss 0.022329\n" in client.output("stdout")
    assert str(kept) in client.output("console")
    client.ask("disconnect")
    client.until_closed()
    with Trace(kept) as trace:
        assert trace.meta()["status"] == "finished"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.gradstep"]


FAILS = """
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 4), nn.Linear(5, 1))
try:
    torch.ones(2) @ torch.ones(3)
except RuntimeError:
    print("caught")
net(torch.ones(2, 3))
"""


def test_where_a_script_fails_one_stands_at_the_operation_and_is_told_what_fixes_it(
    client: Client, write: Write
) -> None:
    script = write(FAILS)
    client.begin(program=str(script))
    client.ask("setExceptionBreakpoints", filters=["uncaught"])
    stopped = client.go()
    assert stopped["reason"] == "exception"
    assert stopped["text"].startswith("RuntimeError: mat1 and mat2")
    assert client.top()["line"] == line_of(script, "net(torch.ones")
    inputs = client.scope("Inputs")
    assert [one["type"] for one in inputs.values()] == ["float32 [2, 4]", "float32 [1, 5]", "float32 [1]"]
    told = client.ask("exceptionInfo", threadId=1)
    assert (told["exceptionId"], told["breakMode"]) == ("RuntimeError", "unhandled")
    assert "What usually fixes it" in told["description"]
    assert "nn.Linear(4, 1)" in told["description"]
    assert told["details"]["message"].startswith("mat1 and mat2 shapes cannot be multiplied (2x4 and 5x1)")
    assert client.events("exited") == [{"exitCode": 1}]
    assert client.move("stepBack")["reason"] == "step"
    with pytest.raises(Refused, match="not stand at an error"):
        client.ask("exceptionInfo", threadId=1)
    client.ask("continue", threadId=1)
    client.event("terminated")
    assert "Traceback" in client.output("stderr")


def test_raised_errors_stop_at_once_also_where_they_are_caught(client: Client, write: Write) -> None:
    client.begin(program=str(write(FAILS)))
    placed = client.ask("setExceptionBreakpoints", filters=["raised", "uncaught"])["breakpoints"]
    first = client.go()
    assert (first["reason"], first["hitBreakpointIds"]) == ("exception", [placed[0]["id"]])
    told = client.ask("exceptionInfo", threadId=1)
    assert (told["exceptionId"], told["breakMode"]) == ("RuntimeError", "always")
    assert client.output("stdout") == ""
    second = client.move("continue")
    assert (second["reason"], second["hitBreakpointIds"]) == ("exception", [placed[0]["id"]])
    assert client.output("stdout") == "caught\n"
    assert client.events("exited") == []
    # It fails where it stands: no second stop for the same error.
    client.ask("continue", threadId=1)
    assert client.event("exited") == {"exitCode": 1}
    client.event("terminated")


@pytest.mark.parametrize("filters", [["uncaught"], ["raised"], ["raised", "uncaught"]])
def test_an_error_that_no_torch_call_raised_is_shown_at_its_line(
    client: Client, write: Write, filters: list[str]
) -> None:
    script = write(
        """
        import torch

        def deep(v):
            return v.nothing

        deep(torch.ones(2) * 3)
        """
    )
    client.begin(program=str(script))
    client.ask("setExceptionBreakpoints", filters=filters)
    assert client.go()["reason"] == "exception"
    stack = client.ask("stackTrace", threadId=1)["stackFrames"]
    assert (stack[0]["name"], stack[0]["line"]) == ("the error · return v.nothing", 4)
    assert stack[0]["source"] == {"name": "script.py", "path": str(script)}
    assert stack[1]["line"] == 6
    assert client.ask("exceptionInfo", threadId=1)["exceptionId"] == "AttributeError"
    client.move("stepBack")
    assert client.top()["line"] == 6
    client.ask("continue", threadId=1)
    client.event("terminated")


def test_the_first_nan_is_found(client: Client, write: Write) -> None:
    script = write(
        """
        import torch
        x = torch.tensor([1.0, -1.0])
        y = x.log()
        z = y * 2
        """
    )
    client.begin(program=str(script))
    client.ask("setExceptionBreakpoints", filters=["not_finite"])
    stopped = client.go()
    assert stopped["reason"] == "exception"
    assert "made NaN out of finite numbers" in stopped["text"]
    assert client.ask("exceptionInfo", threadId=1)["exceptionId"] == "NotFinite"
    assert client.scope("Outputs")["y"]["value"] == "[0, nan]"
    client.ask("disconnect")


ENDLESS = """
import sys
import time
import torch

x = torch.ones(2)
while True:
    x = x * 1.0
    print("turn", flush=True)
    time.sleep(0.01)
"""


def test_pause_look_and_end_a_script_that_runs(client: Client, write: Write) -> None:
    script = write(ENDLESS)
    client.begin(program=str(script), level="node")
    client.ask("configurationDone")
    pid = client.event("process")["systemProcessId"]
    while "turn" not in client.output("stdout"):
        client.event("output")
    for command in ("stackTrace", "continue", "stepIn"):
        with pytest.raises(Refused, match="pause it first"):
            client.ask(command, threadId=1)
    with pytest.raises(Refused, match="pause it first"):
        client.ask("evaluate", expression="x", context="watch")
    client.ask("pause", threadId=1)
    assert client.event("stopped")["reason"] == "pause"
    assert client.top()["line"] == line_of(script, "x = x * 1.0")
    assert client.evaluate("x") == "[1, 1]"
    client.ask("terminate")
    assert client.event("exited")["exitCode"] == 143
    client.event("terminated")
    assert is_gone(pid)
    client.ask("disconnect")


def test_a_script_can_be_paused_and_given_breakpoints_at_any_time(client: Client, write: Write) -> None:
    script = write(ENDLESS)
    client.ask("initialize", adapterID="x")
    # All before anything of it runs: what is asked for waits, and the pause holds it at its very first event.
    client.send("launch", program=str(script))
    client.event("initialized")
    assert client.ask("loadedSources")["sources"] == []
    client.ask("pause", threadId=1)
    client.ask("configurationDone")
    assert client.event("stopped")["reason"] == "pause"
    assert client.evaluate("position") == "0"
    client.ask("continue", threadId=1)
    while "turn" not in client.output("stdout"):
        client.event("output")
    placed = client.ask("setFunctionBreakpoints", breakpoints=[{"name": "op:mul"}])["breakpoints"]
    assert client.event("stopped")["hitBreakpointIds"] == [placed[0]["id"]]
    client.ask("setFunctionBreakpoints", breakpoints=[])
    line = line_of(script, "x = x * 1.0")
    client.ask(
        "setBreakpoints", source={"path": str(script)}, breakpoints=[{"line": line, "condition": "iteration > 99"}]
    )
    client.ask("continue", threadId=1)
    count = len(client.events("output"))
    while len(client.events("output")) < count + 3:
        client.event("output")
    client.ask("disconnect")
    client.until_closed()


def test_restart_runs_the_same_again_with_its_breakpoints(client: Client, write: Write) -> None:
    script = write(ENDLESS)
    client.begin(program=str(script))
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "mul", "hitCondition": "3"}])
    assert client.go()["reason"] == "function breakpoint"
    first = client.event("process")["systemProcessId"]
    client.ask("restart")
    assert client.event("stopped")["reason"] == "function breakpoint"
    assert is_gone(first)
    assert client.event("process")["systemProcessId"] != first
    assert client.evaluate("position") == "3"
    client.ask("disconnect")
    client.until_closed()


@pytest.mark.parametrize("how", ["disconnect", "hang up"])
def test_nothing_is_left_running(write: Write, how: str) -> None:
    script = write(
        """
        import signal, time, torch
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        torch.ones(2) + 1
        print("busy", flush=True)
        while True:
            time.sleep(0.1)
        """
    )
    with adapter_in_thread() as client:
        client.begin(program=str(script))
        client.ask("configurationDone")
        pid = client.event("process")["systemProcessId"]
        while "busy" not in client.output("stdout"):
            client.event("output")
        if how == "disconnect":
            client.ask("disconnect", terminateDebuggee=True)
            client.until_closed()
            assert is_gone(pid)
    assert is_gone(pid)


def is_gone(pid: int) -> bool:
    """Whether a process ends."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_script_that_prints_a_lot_is_heard_whole(client: Client, write: Write) -> None:
    script = write(
        r"""
        import sys
        import torch
        for number in range(3):
            torch.ones(1) + number
            for line in range(20_000):
                print("x" * 40)
        print("\ud800 \x00 é", file=sys.stderr)
        """
    )
    client.begin(program=str(script), env={"PYTHONIOENCODING": "utf-8:backslashreplace"})
    client.ask("configurationDone")
    client.event("terminated")
    assert client.output("stdout") == ("x" * 40 + "\n") * 60_000
    assert max(len(body["output"]) for body in client.events("output")) < 300_000
    assert len(client.events("output")) < 5_000
    assert client.output("stderr").endswith("é\n")


def test_progress_is_told_to_who_wants_it(client: Client, write: Write) -> None:
    client.ask("initialize", adapterID="x", supportsProgressReporting=True)
    client.ask("launch", program=str(write(ENDLESS)))
    client.ask("configurationDone")
    assert client.event("progressStart")["title"] == "Starting script.py"
    begun = client.event("progressStart")
    assert begun["title"] == "Running script.py"
    assert client.event("progressUpdate")["progressId"] == begun["progressId"]
    client.ask("pause", threadId=1)
    client.event("stopped")
    ended = [body["progressId"] for body in client.events("progressEnd")]
    assert ended == [body["progressId"] for body in client.events("progressStart")]


def test_a_breakpoint_in_the_script_itself(client: Client, write: Write) -> None:
    script = write("import gradstep\nimport torch\nx = torch.ones(2)\ngradstep.breakpoint()\ny = x + 1\n")
    client.begin(program=str(script), env={"PYTHONPATH": str(ROOT)})
    stopped = client.go()
    assert stopped["reason"] == "breakpoint"
    assert client.top()["line"] == 5
    client.ask("disconnect")


def test_no_debug_runs_through_and_stop_at_end_stays(client: Client, write: Write) -> None:
    script = write("import torch\ny = torch.ones(2) + 1\nraise SystemExit(7)\n")
    client.begin(program=str(script), noDebug=True)
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "add"}])
    client.ask("configurationDone")
    assert client.event("exited") == {"exitCode": 7}
    client.event("terminated")
    client.ask("restart", arguments={"program": str(script), "stopAtEnd": True, "seed": 3, "level": "operation"})
    # The breakpoint is there now.
    assert client.event("stopped")["reason"] == "function breakpoint"
    stopped = client.move("continue")
    assert "has ended" in stopped["text"]
    client.move("stepBack")
    assert client.top()["line"] == 2
    client.ask("terminate")
    client.ask("disconnect")


def test_arguments_folder_and_environment_reach_the_script(client: Client, write: Write, tmp_path: Path) -> None:
    script = write(
        """
        import os, sys, torch
        print(sys.argv[1:], os.getcwd(), os.environ["ONE"], os.environ.get("HOME"), torch.initial_seed())
        """
    )
    folder = tmp_path / "a folder"
    folder.mkdir()
    env = {"ONE": "1 é", "HOME": None}
    client.begin(program=str(script), args=["a", "b c"], cwd=str(folder), env=env, seed=5)
    client.ask("configurationDone")
    client.event("terminated")
    assert client.output("stdout") == f"['a', 'b c'] {folder} 1 é None 5\n"


BAD = [
    ({}, "program to run or a trace"),
    ({"program": "/no/such.py"}, "no script"),
    ({"program": str(HELLO), "trace": "x"}, "one of the two"),
    ({"trace": "/no/such.gradstep"}, "no trace"),
    ({"trace": str(HELLO)}, "not a Gradstep trace"),
    ({"program": str(HELLO), "cwd": "/no/such/folder"}, "no folder"),
    ({"program": str(HELLO), "level": "nonsense"}, "no level"),
    ({"program": str(HELLO), "args": "a b"}, "args must be a list"),
    ({"program": str(HELLO), "env": {"A": []}}, "must be a string"),
    ({"program": str(HELLO), "seed": "x"}, "whole number"),
    ({"program": str(HELLO), "python": "/no/python"}, "cannot be started"),
    ({"program": str(HELLO), "device": "cuda:77"}, "no device cuda:77"),
    ({"program": str(HELLO), "traceOutput": str(HELLO)}, "not a trace"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_launched_says_why(client: Client, arguments: dict[str, object], words: str) -> None:
    client.ask("initialize", adapterID="gradstep")
    with pytest.raises(Refused, match=words) as refused:
        client.ask("launch", **arguments)
    assert refused.value.answer["body"]["error"]["showUser"]
