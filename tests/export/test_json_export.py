"""The JSON document: its golden numbers, its strictness, and that it is a whole picture of the trace."""

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.export.json_file import NUMBERS_LIMIT, write_json
from engine.trace.reader import Trace

GOLDEN = json.loads((Path(__file__).resolve().parents[1] / "goldens" / "seeds.json").read_text(encoding="utf-8"))
SEED = GOLDEN["seed000_hello_world"]


def document_of(path: Path, iteration: int | None = None) -> Any:
    """The document, read by a parser that refuses NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    with Trace(path) as trace:
        iterations = [row for row in trace.iterations() if iteration in (None, row.number)]
        file = io.StringIO()
        write_json(trace, file, iterations)
    return json.loads(file.getvalue(), parse_constant=refuse)


@pytest.fixture(scope="module")
def document(hello_path: Path) -> Any:
    return document_of(hello_path)


def agrees(found: float, golden: float) -> bool:
    return math.isclose(found, golden, rel_tol=2e-5, abs_tol=2e-6)


def test_roles_have_the_golden_numbers(document: Any) -> None:
    roles = document["iterations"][1]["roles"]
    gradients = {key.replace("_", "/", 1): number for key, number in SEED["backward"].items() if key.startswith("dC")}
    updated = {f"new {key}": number for key, number in SEED["updated"].items()}
    wanted = SEED["forward"] | gradients | updated | SEED["start"]
    assert len(wanted) == 5 + 9 + 4 + 4
    assert {key: roles.get(key) for key in wanted if not agrees(roles.get(key, math.nan), wanted[key])} == {}


def test_parameters_have_value_gradient_and_new_value_by_name(document: Any) -> None:
    weight = document["iterations"][1]["parameters"]["hidden_layer.weight"]
    assert weight["role"] == "w1"
    assert weight["value"] == 1.58
    assert agrees(weight["grad"], SEED["backward"]["dC_dw1"])
    assert agrees(weight["new"], SEED["updated"]["w1"])


def test_what_one_iteration_makes_of_a_parameter_the_next_one_uses(document: Any) -> None:
    first, second = (row["parameters"] for row in document["iterations"][1:])
    names = [name for name in first if name != "x"]
    assert len(names) == 4
    assert all(first[name]["new"] == second[name]["value"] for name in names)


def test_events_come_in_order_with_phase_op_module_and_source_line(document: Any) -> None:
    events = document["events"]
    assert [event["position"] for event in events] == list(range(len(events)))
    forward = [event for event in events if event["iteration"] == 0 and event["phase"] == "forward"]
    assert [event["op"] for event in forward] == ["linear", "sigmoid", "linear", "sigmoid", "mse_loss"]
    first = forward[0]
    assert (first["module"], first["module_class"]) == ("hidden_layer", "Linear")
    assert first["source"]["file"] == "hello.py"
    assert first["source"]["text"] == "z1 = self.hidden_layer(x)"
    x, w, b = first["inputs"]
    assert (x["value"], w["value"], b["value"]) == (0.8, 1.58, -0.14)
    assert first["outputs"][0]["role"] == "z1"
    assert first["outputs"][0]["value"] == document["iterations"][1]["roles"]["z1"]


def test_every_value_that_an_event_names_is_described(document: Any) -> None:
    slots = [slot for event in document["events"] for slot in (*event["inputs"], *event["outputs"])]
    named = {str(slot["id"]) for slot in slots if slot["id"] is not None}
    assert named == set(document["values"])
    assert all(document["values"][str(slot["id"])]["shape"] == slot["shape"] for slot in slots)


def test_meta_and_source_say_what_was_run(document: Any, hello_path: Path) -> None:
    assert document["format"] == "gradstep"
    assert document["meta"]["status"] == "finished"
    assert any("class Tiny(nn.Module)" in source["text"] for source in document["sources"])


def test_one_iteration_can_be_had_alone(hello_path: Path) -> None:
    alone = document_of(hello_path, iteration=1)
    assert [row["number"] for row in alone["iterations"]] == [1]
    assert {event["iteration"] for event in alone["events"]} == {1}


def test_what_json_has_no_number_for_is_named(odd_path: Path) -> None:
    document = document_of(odd_path)
    made = {event["op"]: event["outputs"][0]["value"] for event in document["events"]}
    assert made["mul"] == [2.0, "NaN", "Infinity", "-Infinity"]
    assert made["complex"] == {"re": 1.0, "im": "NaN"}
    assert made["logical_not"] == [True, False, True, True]


def test_arrays_of_middle_size_stand_in_the_table_of_values(net_path: Path) -> None:
    document = document_of(net_path)
    z1 = next(event["outputs"][0] for event in document["events"] if event["op"] == "linear")
    assert (z1["shape"], z1["value"]) == ([20, 8], None)
    data = document["values"][str(z1["id"])]["data"]
    assert np.array(data).shape == (20, 8)
    assert document["iterations"][-1]["roles"]["z1"] == data


def test_a_view_has_statistics_too(odd_path: Path) -> None:
    document = document_of(odd_path)
    view = next(event["outputs"][0] for event in document["events"] if event["op"] == "t")
    known = document["values"][str(view["id"])]
    assert (known["shape"], known["mean"], known["norm"]) == ([50, 40], 2.0, pytest.approx(2 * 2000**0.5))


def test_large_arrays_are_given_by_their_statistics(odd_path: Path) -> None:
    document = document_of(odd_path)
    slot = next(event for event in reversed(document["events"]) if event["op"] == "add")["outputs"][0]
    large = document["values"][str(slot["id"])]
    assert slot["value"] is large["data"] is None
    assert math.prod(large["shape"]) == 2000 > NUMBERS_LIMIT
    assert (large["min"], large["max"], large["mean"], large["std"], large["kept"]) == (2.0, 2.0, 2.0, 0.0, True)
