"""Breakpoints of all five sorts, set by an editor: told honestly, hit forwards and backwards, with their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.dap.conftest import HELLO, line_of
from tests.helpers.dap_client import Client

SOURCE = {"path": str(HELLO)}


def on_lines(client: Client, *breakpoints: dict[str, Any]) -> list[dict[str, Any]]:
    """What is answered to `setBreakpoints` on hello.py."""
    found: list[dict[str, Any]] = client.ask("setBreakpoints", source=SOURCE, breakpoints=list(breakpoints))[
        "breakpoints"
    ]
    return found


def stops(client: Client, command: str = "continue") -> list[tuple[str, list[int], int]]:
    """(reason, numbers of breakpoints, line) of all stops on the way to the end, or to the start."""
    found = []
    while True:
        body = client.move(command)
        if "end of what" in body.get("text", "") or "start of the run" in body.get("text", ""):
            return found
        found.append((body["reason"], body.get("hitBreakpointIds", []), client.top()["line"]))


def test_lines_stop_each_iteration_in_both_directions(looking: Client) -> None:
    first, second = line_of(HELLO, "a1 = torch.sigmoid"), line_of(HELLO, "optimizer.step()")
    placed = on_lines(looking, {"line": first}, {"line": second})
    assert [(one["verified"], one["line"]) for one in placed] == [(True, first), (True, second)]
    a, b = (one["id"] for one in placed)
    # Two iterations, and after them once more the forward pass.
    there = [("breakpoint", [a], first), ("breakpoint", [b], second)] * 2 + [("breakpoint", [a], first)]
    assert stops(looking) == there
    assert stops(looking, "reverseContinue") == there[::-1]


def test_a_line_without_events_moves_and_one_past_the_last_is_refused(looking: Client) -> None:
    wanted = line_of(HELLO, "def forward")
    moved, late = on_lines(looking, {"line": wanted}, {"line": 5000})
    assert (moved["verified"], moved["line"]) == (True, wanted + 1)
    assert str(wanted) in moved["message"]
    assert (late["verified"], "line" in late) == (False, False)
    assert "From here on" in late["message"]
    assert [line for _, _, line in stops(looking)] == [wanted + 1] * 3


def test_conditions_counts_and_log_points(looking: Client) -> None:
    line = line_of(HELLO, "a1 = torch.sigmoid")
    once, bad, worse, unread = on_lines(
        looking,
        {"line": line, "hitCondition": "2"},
        {"line": line, "condition": "nobody > 1"},
        {"line": line, "hitCondition": "< 2"},
        {"line": line, "condition": "1 +"},
    )
    assert [one["verified"] for one in (once, bad, worse, unread)] == [True, False, False, False]
    assert "no nobody" in bad["message"]
    assert stops(looking) == [("breakpoint", [once["id"]], line)]
    looking.move("reverseContinue")
    looking.move("reverseContinue")
    (conditional,) = on_lines(looking, {"line": line, "condition": "iteration == 2"})
    # The forward pass after the training still belongs to the last iteration.
    assert stops(looking) == [("breakpoint", [conditional["id"]], line)] * 2
    for _ in range(3):
        looking.move("reverseContinue")
    on_lines(looking, {"line": line, "logMessage": "a1 is {value:.4f} in {iteration}"})
    assert stops(looking) == []
    # By hand: a1 before any update, and after one.
    assert "a1 is 0.7547 in 1\na1 is 0.7553 in 2\n" in looking.output("console")
    logged = [body for body in looking.events("output") if "a1 is" in body["output"]]
    assert {body["line"] for body in logged} == {line}


@pytest.mark.parametrize(
    ("name", "line", "count"),
    [("sigmoid", "torch.sigmoid", 6), ("op: mse*", "criterion(output", 3),
     ("module:output_layer", "output_layer(a1)", 3), ("node:MseLoss*", "loss.backward()", 2),
     ("phase:update", "optimizer.step()", 2)],
)  # fmt: skip
def test_names_stop_wherever_they_occur(looking: Client, name: str, line: str, count: int) -> None:
    placed = looking.ask("setFunctionBreakpoints", breakpoints=[{"name": name}, {"name": "nobody"}, {"name": ""}])
    one, nobody, empty = placed["breakpoints"]
    assert (one["verified"], nobody["verified"], empty["verified"]) == (True, False, False)
    assert "Nothing in this trace" in nobody["message"]
    found = stops(looking)
    assert [(reason, numbers) for reason, numbers, _ in found] == [("function breakpoint", [one["id"]])] * count
    assert found[0][2] == line_of(HELLO, line)


def test_data_that_is_written(looking: Client) -> None:
    looking.evaluate(":to 14", "repl")
    looking.event("stopped")
    scopes = {one["name"]: one for one in looking.ask("scopes", frameId=looking.top()["id"])["scopes"]}
    weight = looking.ask(
        "dataBreakpointInfo",
        name="hidden_layer.weight",
        variablesReference=scopes["Parameters"]["variablesReference"],
    )
    assert (weight["dataId"], weight["accessTypes"]) == ("hidden_layer.weight", ["write"])
    by_role = looking.ask("dataBreakpointInfo", name="w2.grad")
    assert by_role["dataId"] == "output_layer.weight.grad"
    nothing = looking.ask("dataBreakpointInfo", name="z1")
    assert nothing["dataId"] is None
    placed = looking.ask(
        "setDataBreakpoints",
        breakpoints=[{"dataId": "hidden_layer.weight"}, {"dataId": "output_layer.weight.grad", "hitCondition": "1"},
                     {"dataId": "hidden_layer.weight", "accessType": "read"}, {"dataId": ""}],
    )["breakpoints"]  # fmt: skip
    assert [one["verified"] for one in placed] == [True, True, False, False]
    found = stops(looking)
    assert {reason for reason, _, _ in found} == {"data breakpoint"}
    numbers = [numbers for _, numbers, _ in found]
    assert numbers.count([placed[0]["id"]]) == 2
    assert numbers.count([placed[1]["id"]]) == 1


def test_locations_are_the_lines_of_events(looking: Client) -> None:
    found = looking.ask("breakpointLocations", source=SOURCE, line=1, endLine=200)["breakpoints"]
    lines = [one["line"] for one in found]
    assert {line_of(HELLO, "z1 = self"), line_of(HELLO, "loss.backward()")} < set(lines)
    assert line_of(HELLO, "import argparse") not in lines
    first = lines[0]
    assert looking.ask("breakpointLocations", source=SOURCE, line=first)["breakpoints"] == [{"line": first}]


def test_a_file_that_has_nothing_to_do_with_it(looking: Client, tmp_path: Path) -> None:
    for source in ({"path": str(tmp_path / "gone.py")}, {"path": __file__}):
        placed = looking.ask("setBreakpoints", source=source, breakpoints=[{"line": 1}])["breakpoints"]
        assert [one["verified"] for one in placed] == [False]


def test_breakpoints_that_are_taken_away_stop_no_more(looking: Client) -> None:
    on_lines(looking, {"line": line_of(HELLO, "a1 = torch.sigmoid")})
    on_lines(looking)
    assert stops(looking) == []


def test_unknown_exception_filters_are_refused(looking: Client) -> None:
    placed = looking.ask(
        "setExceptionBreakpoints",
        filters=["uncaught", "nonsense"],
        filterOptions=[
            {"filterId": "not_finite", "condition": "iteration > 3"},
            {"filterId": "raised", "condition": "("},
        ],
    )["breakpoints"]
    assert [one["verified"] for one in placed] == [True, False, True, False]
