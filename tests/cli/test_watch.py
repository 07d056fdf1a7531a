"""`gradstep watch`: expressions at a place and over iterations, as text, CSV and JSON."""

import csv
import io
import json
from pathlib import Path

import pytest


def test_expressions_at_the_end_of_an_iteration(run, hello_path: Path) -> None:
    printed = run("watch", hello_path, "C", "norm(dC/dw1)", "hidden_layer.weight", "--iteration", "1")
    assert printed.code == 0
    rows = [line.rsplit(None, 1) for line in printed.lines]
    assert [row[0] for row in rows] == ["C", "norm(dC/dw1)", "hidden_layer.weight"]
    assert float(rows[0][1]) == pytest.approx(0.02232896, rel=1e-6)
    assert float(rows[1][1]) == pytest.approx(0.01378165, rel=1e-6)
    assert rows[2][1] == "[[1.581]]"


def test_the_end_of_the_run_is_the_place_unless_another_is_asked_for(run, hello_path: Path) -> None:
    assert run("watch", hello_path, "iteration").lines == ["iteration  2"]
    assert run("watch", hello_path, "iteration + 0.5", "--iteration", "1").lines == ["iteration + 0.5  1.5"]
    printed = run("watch", hello_path, "position", "z1", "--position", "14")
    assert printed.lines[0] == "position  14"
    assert printed.lines[1].startswith("z1        z1 is not known yet at position 14; it is from position 15 on.")


def test_every_iteration_as_a_table_and_as_csv(run, hello_path: Path) -> None:
    lines = run("watch", hello_path, "C", "nowhere", "--all").lines
    assert lines[0].split() == ["iteration", "C", "nowhere"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2"]
    rows = list(csv.reader(io.StringIO(run("watch", hello_path, "C", "nowhere", "w1", "--all", "--csv").out)))
    assert rows[0] == ["iteration", "C", "nowhere", "w1"]
    assert [row[0] for row in rows[1:]] == ["0", "1"], "data is indexed from 0"
    assert float(rows[1][1]) == pytest.approx(0.02232896, rel=1e-6)
    assert rows[1][2] == ""
    assert json.loads(rows[2][3])[0][0] == pytest.approx(1.581378, rel=1e-6)


def test_json_has_arrays_and_reasons(run, hello_path: Path) -> None:
    (place,) = json.loads(run("watch", hello_path, "w1", "z9", "isnan(C)", "--json", "--iteration", "1").out)
    assert place["iteration"] == 0
    first, second, third = place["watches"]
    assert first["expression"] == "w1"
    assert first["value"][0][0] == 1.58
    assert second["value"] is None
    assert second["reason"].startswith("There is no z9 here.")
    assert third == {"expression": "isnan(C)", "value": False}


def test_an_expression_may_begin_with_a_minus(run, hello_path: Path) -> None:
    assert run("watch", hello_path, "--iteration", "1", "--", "-iteration - 1").lines == ["-iteration - 1  -2"]


def test_mistakes_are_shown_where_they_are(run, hello_path: Path) -> None:
    printed = run("watch", hello_path, "1 + nrm(z1)")
    assert printed.code == 2
    assert printed.err.splitlines()[:4] == [
        "gradstep: There is no function nrm.", "  1 + nrm(z1)", "      ^", "Did you mean norm?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "nothing to watch"), (["C", "--position", "999"], "no position 999"), (["C", "--iteration", "9"], "9")],
)
def test_what_cannot_be_watched_is_refused(run, hello_path: Path, arguments: list[str], said: str) -> None:
    printed = run("watch", hello_path, *arguments)
    assert printed.code == 2
    assert said in printed.err


def test_no_result_anywhere_is_told_by_the_exit_code(run, hello_path: Path) -> None:
    assert run("watch", hello_path, "nowhere").code == 2
    assert run("watch", hello_path, "nowhere", "C").code == 0
