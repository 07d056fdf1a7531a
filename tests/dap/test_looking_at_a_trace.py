"""A recorded trace in an editor: steps both ways, stack, scopes, tensors in parts, expressions, sources, jumps."""

from __future__ import annotations

import shutil
from math import exp
from pathlib import Path
from typing import Any

import pytest

from tests.dap.conftest import HELLO, line_of
from tests.helpers.dap_client import Client, Refused


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


# The example by hand, float64: see tests/goldens/seeds.json.
Z1 = 1.58 * 0.8 - 0.14
A1 = sigmoid(Z1)
Z2 = 2.45 * A1 - 0.11
A2 = sigmoid(Z2)
DZ2 = 2 * (A2 - 1) * A2 * (1 - A2)
DW1 = DZ2 * 2.45 * A1 * (1 - A1) * 0.8


def number(client: Client, expression: str) -> float:
    """The result of an expression, as a number."""
    return float(client.evaluate(expression))


def test_the_first_steps_show_the_numbers_of_the_textbook(looking: Client) -> None:
    looking.move("stepIn")
    seen: dict[str, float] = {}
    for _ in range(19):
        assert looking.move("stepIn")["reason"] == "step"
        newest = next(iter(looking.scope("Quantity here").values()))
        seen[newest["name"]] = float(newest["value"].replace("×10⁻⁵", "e-5"))
    assert list(seen)[:5] == ["z⁽¹⁾", "a⁽¹⁾", "z⁽²⁾", "a⁽²⁾", "C"]
    expected = {
        "z⁽¹⁾": Z1, "a⁽¹⁾": A1, "z⁽²⁾": Z2, "a⁽²⁾": A2, "C": (A2 - 1) ** 2, "∂C/∂z⁽²⁾": DZ2, "∂C/∂w⁽¹⁾": DW1,
        "new w⁽¹⁾": 1.58 - 0.1 * DW1, "new b⁽²⁾": -0.11 - 0.1 * DZ2,
    }  # fmt: skip
    assert {name: seen[name] for name in expected} == pytest.approx(expected, rel=2e-5)


def test_the_stack_is_the_line_and_the_module_calls(looking: Client) -> None:
    looking.move("stepIn")
    looking.move("stepIn")
    looking.move("stepIn")
    stack = looking.ask("stackTrace", threadId=1)
    top, inner, outer = stack["stackFrames"]
    assert stack["totalFrames"] == 3
    assert top["name"] == "forward 1 · z⁽²⁾ next, after a⁽¹⁾ · self.output_layer(a1)"
    assert top["source"]["path"] == str(HELLO)
    assert (inner["name"], inner["presentationHint"]) == ("output_layer · Linear", "label")
    assert outer["name"] == "net · Tiny"
    assert outer["line"] == line_of(HELLO, "def forward")
    part = looking.ask("stackTrace", threadId=1, startFrame=1, levels=1)
    assert [frame["name"] for frame in part["stackFrames"]] == ["output_layer · Linear"]
    assert part["totalFrames"] == 3


def test_lines_and_columns_are_those_of_the_source(looking: Client) -> None:
    looking.move("stepIn")
    looking.move("stepIn")
    top = looking.top()
    lines = HELLO.read_text(encoding="utf-8").splitlines()
    text = lines[top["line"] - 1][top["column"] - 1 : top["endColumn"] - 1]
    assert text == "torch.sigmoid(z1)"
    assert top["line"] == line_of(HELLO, "a1 = torch.sigmoid(z1)")


def test_steps_go_back_the_way_they_came(looking: Client) -> None:
    there = []
    for _ in range(6):
        looking.move("stepIn")
        there.append(looking.top()["name"])
    back = []
    for _ in range(5):
        back.append(looking.top()["name"])
        assert looking.move("stepBack")["reason"] == "step"
    assert back == there[:0:-1]
    assert "start of the run" in looking.move("reverseContinue")["text"]
    assert "end of what is recorded" in looking.move("continue")["text"]
    assert looking.move("stepBack")["reason"] == "step"


def test_granularities_are_levels_and_the_usual_step_stays_a_quantity(looking: Client) -> None:
    looking.ask("evaluate", expression=":to 13", context="repl")
    looking.event("stopped")
    begin = number(looking, "position")
    looking.move("stepIn", granularity="instruction")
    assert number(looking, "position") == begin + 1
    looking.move("stepIn", granularity="line")
    assert number(looking, "position") == begin + 2
    looking.move("stepIn", granularity="statement")
    assert "after" in looking.top()["name"]


def test_scopes_of_the_line_and_of_a_module(looking: Client) -> None:
    for _ in range(3):
        looking.move("stepIn")
    stack = looking.ask("stackTrace", threadId=1)["stackFrames"]
    names = [scope["name"] for scope in looking.ask("scopes", frameId=stack[0]["id"])["scopes"]]
    assert names == ["Quantity here", "Inputs", "Outputs", "Parameters", "Gradients", "Optimizer", "Names"]
    parameters = looking.scope("Parameters", stack[0]["id"])
    weight = parameters["hidden_layer.weight"]
    assert (weight["value"], weight["type"], weight["variablesReference"]) == ("1.58", "float32 [1, 1]", 0)
    assert weight["evaluateName"] == "hidden_layer.weight"
    module = next(frame for frame in stack if frame["name"].startswith("output_layer"))
    inside = looking.scope("Parameters", module["id"])
    assert list(inside) == ["output_layer.weight", "output_layer.bias"]
    assert module["presentationHint"] == "label"


def test_gradients_and_the_learning_rate_are_there_when_they_are_known(looking: Client) -> None:
    assert "empty" in looking.scope("Gradients")["hidden_layer.weight.grad"]["value"]
    looking.move("stepIn")
    for _ in range(19):
        looking.move("stepIn")
    gradient = looking.scope("Gradients")["hidden_layer.weight.grad"]
    assert float(gradient["value"]) == pytest.approx(DW1, rel=2e-5)
    assert looking.scope("Optimizer")["lr"]["value"] == "0.1"
    names = looking.scope("Names")
    assert float(names["∂C/∂w⁽¹⁾"]["value"]) == pytest.approx(DW1, rel=2e-5)
    assert names["∂C/∂w⁽¹⁾"]["evaluateName"] == "`dC/dw1`"
    assert float(looking.evaluate("`dC/dw1`")) == pytest.approx(DW1, rel=2e-5)
    assert (float(names["target"]["value"]), float(names["x"]["value"])) == (1.0, pytest.approx(0.8))


def test_what_was_shown_is_gone_after_the_next_step(looking: Client) -> None:
    frame = looking.top()["id"]
    scope = looking.ask("scopes", frameId=frame)["scopes"][0]["variablesReference"]
    looking.move("stepIn")
    for command, arguments in (("scopes", {"frameId": frame}), ("variables", {"variablesReference": scope})):
        with pytest.raises(Refused, match="the run has moved on"):
            looking.ask(command, **arguments)


@pytest.mark.parametrize(
    ("expression", "result"),
    [("1 + 1", "2"), ("hidden_layer.weight * 2", "[[3.16]]"), ("iteration", "0"), ("1 < 2", "True")],
)
def test_expressions(looking: Client, expression: str, result: str) -> None:
    looking.ask("evaluate", expression=":to 13", context="repl")
    looking.event("stopped")
    assert looking.evaluate(expression) in (result, result.strip("[]"))


def test_expressions_that_have_no_answer_say_why(looking: Client) -> None:
    for expression, words in (
        ("nobody", "no nobody here"), ("1 +", "letter"), ("", "no expression"), ("x" * 20_000, "at most"),
        ("__import__('os')", "__import__"), ("dC/dw1", "dC"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            looking.evaluate(expression)


def test_orders_of_the_console(looking: Client) -> None:
    assert ":level" in looking.evaluate(":help", "repl")
    assert looking.evaluate(":level", "repl") == "A step is: quantity."
    assert "iteration" in looking.evaluate(":level iteration", "repl")
    looking.move("stepIn")
    assert number(looking, "iteration") == 1
    looking.move("stepIn")
    assert number(looking, "iteration") == 2
    looking.evaluate(":level node", "repl")
    looking.evaluate(":to 13", "repl")
    looking.event("stopped")
    looking.evaluate(":twin", "repl")
    looking.event("stopped")
    assert "has no twin" in looking.output("console")
    looking.evaluate(":to 15", "repl")
    looking.event("stopped")
    looking.evaluate(":twin", "repl")
    looking.event("stopped")
    assert looking.top()["name"].startswith("backward 1")
    for order in (":nonsense", ":level nonsense", ":to x", ":to -3", ":eof", ":cut a1 = 1"):
        with pytest.raises(Refused):
            looking.evaluate(order, "repl")


def test_hover_watch_and_clipboard(looking: Client) -> None:
    looking.ask("evaluate", expression=":to 14", context="repl")
    looking.event("stopped")
    assert float(looking.evaluate("hidden_layer.weight", "hover")) == pytest.approx(1.58)
    assert looking.evaluate("hidden_layer.weight", "clipboard").startswith("[[1.58")


def test_jumps_to_a_line_that_was_visited(looking: Client) -> None:
    looking.move("stepIn")
    line = line_of(HELLO, "a2 = torch.sigmoid(z2)")
    targets = looking.ask("gotoTargets", source={"path": str(HELLO)}, line=line)["targets"]
    assert [target["line"] for target in targets] == [line]
    assert targets[0]["label"].startswith("sigmoid at position")
    stopped = looking.move("goto", targetId=targets[0]["id"])
    assert stopped["reason"] == "goto"
    assert looking.top()["line"] == line
    with pytest.raises(Refused, match="Nothing is recorded"):
        looking.ask("goto", threadId=1, targetId=10_000_000)
    assert looking.ask("gotoTargets", source={"path": str(HELLO)}, line=1)["targets"] == []


def test_the_source_is_the_file_while_it_is_what_ran(looking: Client) -> None:
    sources = looking.ask("loadedSources")["sources"]
    assert {"name": "hello.py", "path": str(HELLO)} in sources
    assert looking.ask("source", source={"path": str(HELLO)}, sourceReference=0)["content"] == HELLO.read_text()
    for arguments in ({"sourceReference": 99}, {"source": {"path": "/no/such/file"}, "sourceReference": 0}, {}):
        with pytest.raises(Refused):
            looking.ask("source", **arguments)


def test_a_source_that_has_changed_comes_from_the_trace(client: Client, net_path: Path, tmp_path: Path) -> None:
    trace = tmp_path / net_path.name
    shutil.copy(net_path, trace)
    script = net_path.with_name("net.py")
    text = script.read_text(encoding="utf-8")
    script.write_text("# changed\n" + text, encoding="utf-8")
    try:
        client.begin("attach", trace=str(trace))
        client.go()
        client.move("stepIn")
        source = client.top()["source"]
        assert "path" not in source
        assert source["name"] == "net.py (as it ran)"
        reference = source["sourceReference"]
        assert client.ask("source", sourceReference=reference)["content"] == text
        lines = text.splitlines()
        wanted = next(number for number, line in enumerate(lines, 1) if "loss = net" in line)
        placed = client.ask("setBreakpoints", source={"sourceReference": reference}, breakpoints=[{"line": wanted}])
        assert placed["breakpoints"][0]["verified"]
        client.move("reverseContinue")
        assert client.move("continue")["reason"] == "breakpoint"
        assert client.top()["line"] == wanted
    finally:
        script.write_text(text, encoding="utf-8")


def opened(client: Client, trace: Path) -> dict[str, Any]:
    """Parameters at the end of a trace."""
    client.begin(trace=str(trace))
    client.go()
    client.move("continue")
    return client.scope("Parameters")


def test_a_tensor_is_shown_by_shape_type_and_statistics_and_opened_in_parts(client: Client, net_path: Path) -> None:
    weight = opened(client, net_path)["0.weight"]
    assert weight["value"].startswith("[8, 3] float32 · ")
    assert "norm" in weight["value"]
    assert (weight["indexedVariables"], weight["type"]) == (8, "float32 [8, 3]")
    reference = weight["variablesReference"]
    named = client.children(reference, filter="named")
    assert list(named) == ["min", "max", "mean", "std", "norm", "zeros"]
    assert weight["namedVariables"] == len(named)
    rows = client.children(reference, filter="indexed", start=2, count=3)
    assert list(rows) == ["[2]", "[3]", "[4]"]
    assert rows["[3]"]["evaluateName"] == "`0.weight`[3]"
    numbers = client.children(rows["[3]"]["variablesReference"])
    shown = [float(numbers[f"[{place}]"]["value"]) for place in range(3)]
    row = client.evaluate(rows["[3]"]["evaluateName"], "clipboard")
    assert shown == pytest.approx([float(x) for x in row.strip("[]").split(",")], rel=1e-5)
    assert client.children(reference, filter="indexed", start=7, count=100).keys() == {"[7]"}
    assert client.children(reference, filter="indexed", start=70, count=1) == {}


def test_no_answer_holds_a_large_tensor_whole(client: Client, tmp_path: Path) -> None:
    import torch

    import gradstep

    trace = tmp_path / "large.gradstep"
    with gradstep.record(trace):
        x = torch.arange(300_000.0)
        y = x.reshape(3000, 100) * 2
    assert y.numel() == 300_000
    client.begin(trace=str(trace))
    client.go()
    client.move("continue")
    result = client.ask("evaluate", expression="x", context="watch")
    assert result["indexedVariables"] == 300_000
    some = client.children(result["variablesReference"], filter="indexed", start=0, count=300_000)
    assert len(some) == 1001
    assert some["…"]["value"] == "299,000 more"
    rest = client.children(some["…"]["variablesReference"])
    assert len(rest) == 101
    assert rest["[1099]"]["value"] == "1099"
    rows = client.children(client.ask("evaluate", expression="y", context="watch")["variablesReference"])
    assert len([name for name in rows if name.startswith("[")]) == 100
    assert rows["[7]"]["value"].startswith("[100] float32 · 1400 .. 1598")
    assert len(str(client.messages[-1])) < 50_000


def test_an_editor_that_counts_from_0_and_writes_uris(client: Client, hello_path: Path) -> None:
    client.ask("initialize", adapterID="x", linesStartAt1=False, columnsStartAt1=False, pathFormat="uri")
    client.ask("launch", trace=str(hello_path))
    line = line_of(HELLO, "a1 = torch.sigmoid")
    source = {"path": HELLO.as_uri()}
    placed = client.ask("setBreakpoints", source=source, breakpoints=[{"line": line - 1}])["breakpoints"]
    assert (placed[0]["verified"], placed[0]["line"]) == (True, line - 1)
    client.go()
    assert client.move("continue")["reason"] == "breakpoint"
    top = client.top()
    assert (top["line"], top["source"]["path"]) == (line - 1, HELLO.as_uri())
    text = HELLO.read_text(encoding="utf-8").splitlines()[top["line"]]
    assert text[top["column"] : top["endColumn"]] == "torch.sigmoid(z1)"


def test_threads_and_an_unknown_request(looking: Client) -> None:
    assert [thread["id"] for thread in looking.ask("threads")["threads"]] == [1]
    with pytest.raises(Refused, match="knows no request 'disassemble'"):
        looking.ask("disassemble")
    with pytest.raises(Refused, match="does not run"):
        looking.ask("pause", threadId=1)
    with pytest.raises(Refused, match="frameId"):
        looking.ask("scopes")


def test_terminate_and_what_can_be_asked_afterwards(looking: Client) -> None:
    looking.ask("terminate")
    looking.event("terminated")
    with pytest.raises(Refused, match="over"):
        looking.ask("stackTrace", threadId=1)
    looking.ask("disconnect")
    looking.until_closed()
