"""A learner's CSV table is read with its mistakes named, and held beside the right numbers of the trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.analysis.by_hand.table import compare_table, read_table
from engine.analysis.by_hand.torch_numbers import TorchNumbers
from engine.errors import GradstepError
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def table(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_golden_numbers_of_hello_agree_and_a_slip_is_found(recorded: Record, tmp_path: Path) -> None:
    # Table A of the first tutorial, worked out by hand.
    text = "Name,Value\nz1,1.124\na1,0.75473\ndw1,-0.01378166\nC,0.0288\nw2,1.9\n"
    rows, unknown = compare_table(TorchNumbers(recorded("hello")), read_table(table(tmp_path, text)))
    answers = {row.name: row.answer for row in rows}
    assert answers["z1"] == answers["a1"] == answers["dw1"] == "same"
    assert answers["w2"] == "differs"
    assert not unknown


def test_numbers_with_a_place_and_of_a_later_pass(recorded: Record, tmp_path: Path) -> None:
    trace = recorded("four_three_one", "--passes", "3")
    numbers = TorchNumbers(trace)
    second = numbers.array(numbers.of("z1")[1])
    assert second is not None
    text = f'name,pass,index,value\nz1,1,"2,1",{second[2, 1]:.9g}\nz1,1,"0 0",9\nnothing,0,,1\nz1,7,0,1\n'
    rows, unknown = compare_table(numbers, read_table(table(tmp_path, text)))
    assert [(row.name, row.number, row.where, row.answer) for row in rows] == [("z1", 1, (0, 0), "differs")]
    assert unknown == ["nothing", "z1 number 7"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a,b\n1,2\n", "no columns name and value"),
        ("name,value\nz1,high\n", "Row 2"),
        ("name,value,index\nz1,1,x\n", "Row 2"),
        ("", "no columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_row(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(GradstepError, match=complaint):
        read_table(table(tmp_path, text))


def test_names_mean_roles(recorded: Record) -> None:
    numbers = TorchNumbers(recorded("hello"))
    wanted = [number.value for number in numbers.of("dC/dw1")]
    assert wanted
    for name in ("dC_dw1", "grad_w1", "dw1", "dCdw1"):
        assert [number.value for number in numbers.of(name)] == wanted, name
    assert numbers.of("nothing") == []


def test_a_table_of_a_spreadsheet_with_decimal_commas(tmp_path: Path) -> None:
    cells = read_table(table(tmp_path, "\ufeffName;Value\r\n;\r\nC;0,5\r\nz1;-1,25\r\n"))
    assert [(cell.name, cell.value) for cell in cells] == [("C", 0.5), ("z1", -1.25)]
