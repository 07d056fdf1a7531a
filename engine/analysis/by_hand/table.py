"""Numbers by hand from a CSV table: a learner's own, worked out on paper or in a spreadsheet.

Columns: `name` and `value`; where wanted `number` (how often the name had been set before: 0, 1 ...; also called `pass`
or `iteration`) and `index` (a place in the value, "0,2"). Without index, the rows of a name fill its value in order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...bilingual import Bilingual
from ...errors import GradstepError
from .beside import ROUNDINGS, Beside, beside
from .torch_numbers import TorchNumbers

_NUMBER = ("number", "pass", "iteration")


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table. index: None where the row does not say. digits: significant ones that are written."""

    name: str
    number: int
    index: tuple[int, ...] | None
    value: float
    digits: int
    row: int


def read_table(path: Path) -> list[Cell]:
    """The table's cells. Raises GradstepError for a file that is no such table, naming the row."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GradstepError(
            Bilingual(f"{path} cannot be read ({error}).", f"无法读取 {path}（{error}）。"),
            Bilingual("It should be a CSV file in UTF-8.", "它应当是 UTF-8 编码的 CSV 文件。"),
        ) from error
    # Where numbers have a decimal comma, spreadsheets put semicolons between the columns.
    is_comma_decimal = ";" in text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if is_comma_decimal else ",")
    fields = [str(field).strip().lower() for field in rows.fieldnames or ()]
    if not {"name", "value"} <= set(fields):
        raise GradstepError(
            Bilingual(f"{path} has no columns name and value.", f"{path} 没有 `name` 和 `value` 两列。"),
            Bilingual(
                'Its first line should be "name,value" or "name,number,index,value".',
                "它的第一行应当是`name,value` 或 `name,number,index,value`。",
            ),
        )
    rows.fieldnames = fields
    filled = [(place, row) for place, row in enumerate(rows, 2) if any(row.values())]
    if is_comma_decimal:
        for _, row in filled:
            row["value"] = (row["value"] or "").replace(",", ".")
    return [_cell(path, row, place) for place, row in filled]


def _cell(path: Path, row: dict[str, str | None], place: int) -> Cell:
    number = next((row[key] for key in _NUMBER if row.get(key)), "0")
    written = (row.get("index") or "").replace(" ", ",").strip("()[],")
    try:
        index = tuple(int(part) for part in written.split(",") if part) if written else None
        value = (row["value"] or "").strip()
        return Cell((row["name"] or "").strip(), int(number or 0), index, float(value), _digits(value), place)
    except ValueError as error:
        raise GradstepError(
            Bilingual(
                f"Row {place} of {path} cannot be read ({error}).", f"无法读取 {path} 的第 {place} 行（{error}）。"
            ),
            Bilingual("A value should be one number.", "一个值应当是一个数。"),
        ) from error


def _digits(written: str) -> int:
    """How many significant digits a number is written with."""
    mantissa = written.lower().partition("e")[0].lstrip("+-").lstrip("0.") or "0"
    return len(mantissa.replace(".", ""))


def compare_table(
    torch: TorchNumbers, cells: Iterable[Cell], renamed: Mapping[str, str] | None = None
) -> tuple[list[Beside], list[str]]:
    """Each named value beside torch's, in the trace's order, and the names that the trace does not know.

    renamed: a name of the table -> the trace's name for it.
    """
    values: dict[tuple[str, int], list[Cell]] = {}
    for cell in cells:
        values.setdefault((cell.name, cell.number), []).append(cell)
    found: list[Beside] = []
    unknown: list[str] = []
    for (name, number), given in values.items():
        versions = torch.of((renamed or {}).get(name, name))
        array = torch.array(versions[number]) if number < len(versions) else None
        if array is None:
            unknown.append(name if not versions else f"{name} number {number}")
            continue
        wanted = versions[number]
        lines = (given[0].row, wanted.line)
        mine, theirs = _laid_out(given, array)
        found.append(
            beside(name, number, lines, wanted.position, mine, theirs, max(torch.precision(wanted), _written(given)))
        )
    return sorted(found, key=lambda row: row.position), list(dict.fromkeys(unknown))


def _laid_out(given: list[Cell], array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers by hand and those of torch beside them: whole where all are given, else only those that are."""
    if all(cell.index is None for cell in given):
        flat = np.array([cell.value for cell in given])
        return (flat.reshape(array.shape), array) if flat.size == array.size else (flat, array)
    mine = np.array(array)
    for cell in given:
        try:
            mine[cell.index if cell.index is not None else ()] = cell.value
        except IndexError:
            return np.array([cell.value for cell in given]), array
    return mine, array


def _written(given: list[Cell]) -> float:
    """How exactly a table is written, as a rounding: numbers on paper have four digits or so."""
    return 10.0 ** -min(min(cell.digits for cell in given), 15) / ROUNDINGS
