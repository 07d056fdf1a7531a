"""Values changed by hand from an editor, and lines typed for a script that waits for its input."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from tests.dap.conftest import HELLO, Write
from tests.helpers.dap_client import Client, Refused


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def test_a_parameter_is_changed_and_the_run_goes_on_with_it(client: Client) -> None:
    client.ask("initialize", adapterID="x", supportsInvalidatedEvent=True)
    client.ask("launch", program=str(HELLO), args=["--double"], level="operation")
    client.event("initialized")
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "linear", "hitCondition": "1"}, {"name": "mse_loss"}])
    client.go()
    scopes = {one["name"]: one for one in client.ask("scopes", frameId=client.top()["id"])["scopes"]}
    reference = scopes["Parameters"]["variablesReference"]
    assert client.children(reference)["hidden_layer.weight"]["value"] == "1.58"
    answer = client.ask("setVariable", variablesReference=reference, name="hidden_layer.weight", value="1.2")
    assert float(answer["value"]) == 1.2
    assert client.event("invalidated")["areas"] == ["stacks", "variables"]
    assert client.children(reference)["hidden_layer.weight"]["value"] == "1.2"
    assert "hidden_layer.weight was [[1.58]] and is [[1.2]] now" in client.output("console")
    assert (
        client.ask("setExpression", expression="hidden_layer.bias", value="hidden_layer.bias * 2")["value"] == "-0.28"
    )
    for name, value in (("hidden_layer.weight", "[1, 2]"), ("hidden_layer.weight", "nobody"), ("nobody", "1")):
        with pytest.raises(Refused):
            client.ask("setVariable", variablesReference=reference, name=name, value=value)
    client.move("continue")
    a2 = sigmoid(2.45 * sigmoid(1.2 * 0.8 - 0.28) - 0.11)
    assert float(client.evaluate("a2")) == pytest.approx(a2, rel=1e-9)
    client.move("stepBack")
    with pytest.raises(Refused, match="what is over cannot be changed"):
        client.ask("setExpression", expression="hidden_layer.bias", value="1")
    client.ask("disconnect")


def test_one_element_is_changed_and_a_gradient_cut(client: Client, write: Write) -> None:
    script = write(
        """
        import torch
        w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        x = torch.tensor([1.0, 1.0])
        h = w @ x
        y = h * 2.0
        y.sum().backward()
        """
    )
    client.begin(program=str(script), level="operation")
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "op:matmul"}, {"name": "op:mul"}])
    client.go()
    weight = client.ask("evaluate", expression="w", context="watch")
    row = client.children(weight["variablesReference"], filter="indexed")["[1]"]
    assert row["evaluateName"] == "w[1]"
    answer = client.ask("setVariable", variablesReference=row["variablesReference"], name="[0]", value="30")
    assert answer["value"] == "30"
    client.move("continue")
    assert client.evaluate("h") == "[3, 34]"
    assert client.evaluate(":cut h = [5, 6]", "repl") == "[5, 6]"
    client.move("stepIn")
    assert client.evaluate("y") == "[10, 12]"
    with pytest.raises(Refused, match="What is it to be"):
        client.evaluate(":cut h", "repl")
    client.ask("setExceptionBreakpoints", filters=["uncaught"])
    # Nothing that the sum depends on wants a gradient any more.
    assert client.move("continue")["reason"] == "exception"
    client.ask("disconnect")


def test_parts_of_what_was_worked_out_can_be_evaluated_but_not_changed(client: Client, net_path: Path) -> None:
    client.begin(trace=str(net_path))
    client.go()
    client.move("continue")
    result = client.ask("evaluate", expression="`0.weight` * 2 + 1", context="watch")
    row = client.children(result["variablesReference"], filter="indexed", start=1, count=1)["[1]"]
    assert row["evaluateName"] == "(`0.weight` * 2 + 1)[1]"
    one = client.children(row["variablesReference"], filter="indexed")["[2]"]
    assert one["evaluateName"] == "(`0.weight` * 2 + 1)[1, 2]"
    assert float(client.evaluate(one["evaluateName"])) == pytest.approx(
        float(client.evaluate("`0.weight`[1, 2] * 2 + 1"))
    )
    for target in (one["evaluateName"], "`0.weight`"):
        with pytest.raises(Refused):
            client.ask("setExpression", expression=target, value="1")


def test_a_script_that_asks_is_answered_in_the_console(client: Client, write: Write) -> None:
    script = write(
        """
        import torch
        name = input("Who? ")
        x = torch.ones(2) + len(name)
        print("hello", name)
        try:
            input("More? ")
        except EOFError:
            print("no more")
        """
    )
    client.begin(program=str(script))
    client.ask("configurationDone")
    while client.output("important").count("waits for input") < 1:
        client.event("output")
    assert client.output("stdout") == "Who? "
    client.evaluate("Grüße", "repl")
    while client.output("important").count("waits for input") < 2:
        client.event("output")
    client.evaluate(":eof", "repl")
    client.event("terminated")
    assert client.output("stdout") == "Who? hello Grüße\nMore? no more\n"


def test_aten_calls_are_stepped_through_where_they_are_recorded(client: Client, write: Write) -> None:
    script = write(
        """
        import torch
        x = torch.ones(2, 3)
        w = torch.ones(4, 3)
        y = torch.nn.functional.linear(x, w)
        z = y * 2
        """
    )
    client.begin(program=str(script), level="aten", stopAtEnd=True)
    client.ask("configurationDone")
    client.event("stopped")
    seen = []
    while client.evaluate("position") != "0":
        seen.append(client.top()["name"])
        client.move("stepBack")
    assert any("aten::" in name and " next" in name for name in seen)
    client.ask("disconnect")
