"""The CSV table: a row for each tensor of each event."""

import csv
import io
import math
from pathlib import Path

from engine.export.csv_file import COLUMNS, write_csv
from engine.trace.reader import Trace


def rows_of(path: Path) -> list[dict[str, str]]:
    with Trace(path) as trace:
        file = io.StringIO()
        write_csv(trace, file, trace.iterations())
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_there_is_a_row_for_each_tensor_of_each_event(hello_path: Path) -> None:
    rows = rows_of(hello_path)
    with Trace(hello_path) as trace:
        slots = sum(len(event.inputs) + len(event.outputs) for event in trace.events())
    assert len(rows) == slots
    assert tuple(rows[0]) == COLUMNS


def test_a_gradient_can_be_found_by_role_or_by_parameter(hello_path: Path) -> None:
    rows = [row for row in rows_of(hello_path) if row["iteration"] == "0" and row["direction"] == "out"]
    by_role = {float(row["number"]) for row in rows if row["role"] == "dC/dw1"}
    by_name = {
        float(row["number"]) for row in rows if row["parameter"] == "hidden_layer.weight" and row["phase"] == "backward"
    }
    assert by_role == by_name
    assert math.isclose(by_role.pop(), -0.0137816544, rel_tol=2e-5)


def test_a_row_says_where_it_comes_from(hello_path: Path) -> None:
    row = next(row for row in rows_of(hello_path) if row["role"] == "z1" and row["direction"] == "out")
    assert (row["iteration"], row["phase"], row["op"], row["module"]) == ("0", "forward", "linear", "hidden_layer")
    assert (row["file"], row["line"], row["shape"], row["dtype"]) == ("hello.py", "27", "1", "float32")


def test_several_elements_are_told_by_statistics_alone(odd_path: Path) -> None:
    row = next(row for row in reversed(rows_of(odd_path)) if row["op"] == "add" and row["direction"] == "out")
    assert (row["shape"], row["number"], row["mean"], row["nans"]) == ("40x50", "", "2.0", "0")


def test_not_finite_elements_are_counted_and_left_out_of_the_statistics(odd_path: Path) -> None:
    row = next(row for row in rows_of(odd_path) if row["op"] == "mul" and row["direction"] == "out")
    assert (row["min"], row["max"], row["nans"], row["infs"]) == ("2.0", "2.0", "1", "2")
