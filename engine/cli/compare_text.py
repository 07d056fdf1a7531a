"""What `gradstep compare` found, as text and as JSON."""

from __future__ import annotations

import math
import textwrap
from dataclasses import asdict
from typing import Any

from ..analysis.compare.difference import Difference, Spot
from ..analysis.compare.report import Report, Side
from ..analysis.compare.side_by_side import Losses, QuantityRow
from ..analysis.compare.words import apart_text, number, sentence, unlike_text
from ..bilingual import Bilingual, same
from ..counting import from_one
from ..trace.reader import Trace
from .numbers import one_line
from .terminal import Terminal

_MOST_SCRIPT_LINES = 40


def report_text(first: Trace, second: Trace, report: Report, terminal: Terminal) -> list[str]:
    """The lines: the answer, the differences with their lines of source, settings, quantities, loss."""
    names = _names(report)
    lines = [_side(side, name) for side, name in zip(report.sides, names, strict=True)]
    lines += ["", *_answer(report, terminal)]
    lines += _first(report, names, terminal)
    if report.own:
        lines += ["", terminal.bold("differences of their own, in order")]
        for found in report.own:
            lines += _difference(found, names, terminal)
        if report.own_count > len(report.own):
            lines.append(f"  … and {report.own_count - len(report.own):,} more")
    if report.settings:
        lines += ["", terminal.bold("settings")]
        lines += [f"  {row.name}: {row.first or 'none'} | {row.second or 'none'}" for row in report.settings]
    for change in report.sources:
        lines += ["", terminal.bold(f"changes of {change.name}")]
        lines += [f"  {line}" for line in change.lines[:_MOST_SCRIPT_LINES]]
        if len(change.lines) > _MOST_SCRIPT_LINES:
            lines.append(f"  … and {len(change.lines) - _MOST_SCRIPT_LINES:,} more lines")
    if report.quantities and not report.same:
        lines += ["", *_quantities(first, second, report, names, terminal)]
    return [*lines, *_losses(report.losses, names, terminal)]


def report_json(report: Report) -> dict[str, Any]:
    """The report as a JSON object; each difference also as a sentence."""
    found: dict[str, Any] = _plain(asdict(report))
    names = _names(report)
    found["own"] = [
        {"sentence": sentence(one, _pairs(names)).english, **row}
        for one, row in zip(report.own, found["own"], strict=True)
    ]
    if report.first is not None:
        found["first"] = {"sentence": sentence(report.first, _pairs(names)).english, **found["first"]}
    found["losses"] |= {"ends": _plain(report.losses.ends), "lower": report.losses.lower}
    return found


def _plain(found: Any) -> Any:
    """What JSON has no form for as text: NaN, infinities, complex numbers."""
    if isinstance(found, dict):
        return {key: _plain(item) for key, item in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(item) for item in found]
    if isinstance(found, complex) or (isinstance(found, float) and not math.isfinite(found)):
        return str(found)
    return found


def _names(report: Report) -> tuple[str, str]:
    first, second = (side.name for side in report.sides)
    return (first, second) if first != second else ("the first", "the second")


def _pairs(names: tuple[str, str]) -> tuple[Bilingual, Bilingual]:
    return same(names[0]), same(names[1])


def _side(side: Side, name: str) -> str:
    count = f"{side.iterations:,} iteration{'' if side.iterations == 1 else 's'}"
    end = ", still being written or cut off: compared as far as it goes" if side.unfinished else ""
    title = name if name == side.name else f"{name} ({side.name})"
    return f"{title}: {count}, {side.events:,} events{end}"


def _answer(report: Report, terminal: Terminal) -> list[str]:
    if report.same:
        far = " as far as both go" if any(side.unfinished for side in report.sides) else ""
        lines = [terminal.bold(f"the same{far}: {report.matched:,} events, all their numbers equal")]
    else:
        lines = [terminal.red(f"different: of {report.matched:,} events that both have {report.equal:,} are the same")]
    if report.by_statistics:
        lines.append(f"{report.by_statistics:,} values could be compared by their statistics only.")
    if report.unread:
        lines.append(f"{report.unread:,} values could not be compared: their numbers are not in the trace.")
    return lines


def _first(report: Report, names: tuple[str, str], terminal: Terminal) -> list[str]:
    """The first difference, where that is not the first of those of their own."""
    if report.first is None or (report.own and report.first is report.own[0]):
        return []
    return ["", terminal.bold("the first event that differs"), *_difference(report.first, names, terminal)]


def _difference(found: Difference, names: tuple[str, str], terminal: Terminal) -> list[str]:
    lines = textwrap.wrap(sentence(found, _pairs(names)).english, 78, initial_indent="  ", subsequent_indent="  ")
    if found.unlike is not None:
        lines += textwrap.wrap(
            f"{found.slot}: {unlike_text(found.unlike).english}", 78, initial_indent="    ", subsequent_indent="      "
        )
    spots = [(name, spot) for name, spot in zip(names, (found.first, found.second), strict=True) if spot is not None]
    if len(spots) == 2 and _place(spots[0][1]) == _place(spots[1][1]):
        spots = [("", spots[0][1])]
    for name, spot in spots:
        lines.append(f"    {name}{': ' if name else ''}{_place(spot)}  {terminal.dim(spot.text)}")
    return lines


def _place(spot: Spot) -> str:
    line = f", {spot.file}:{spot.line}" if spot.line else ""
    when = "set-up" if spot.iteration < 0 else f"iteration {from_one(spot.iteration)}"
    return f"step {spot.position}, {when}{line}"


def _quantities(first: Trace, second: Trace, report: Report, names: tuple[str, str], terminal: Terminal) -> list[str]:
    where = "the set-up" if (report.iteration or 0) < 0 else f"iteration {from_one(report.iteration or 0)}"
    rows = [("", *names, "difference")]
    rows += [
        (row.symbol, _number(first, row.first), _number(second, row.second), _apart(row)) for row in report.quantities
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [terminal.bold(f"quantities of {where}")]
    for i, row in enumerate(rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + f"  {row[3]}"
        lines.append("  " + (terminal.dim(line) if i == 0 else line))
    return lines


def _number(trace: Trace, value: int | None) -> str:
    return "" if value is None else one_line(trace.array(value), trace.value(value))


def _apart(row: QuantityRow) -> str:
    if row.unlike is None:
        return "="
    if row.first is None or row.second is None:
        return "in one only"
    apart = "" if row.unlike.distance is None else apart_text(row.unlike.distance).english
    head = "" if row.unlike.what == "numbers" else f"{row.unlike.first} | {row.unlike.second}"
    return "  ".join(part for part in (head, apart.removeprefix("apart by ")) if part)


def _losses(losses: Losses, names: tuple[str, str], terminal: Terminal) -> list[str]:
    ends = losses.ends
    if None in ends:
        return []
    parted = (
        "the same in both"
        if losses.parted is None
        else f"parts {'by' if losses.is_sample else 'at'} iteration {from_one(losses.parted)}"
    )
    texts = [f"{number(end or 0.0)} in {name}" for end, name in zip(ends, names, strict=True)]
    lower = f": {names[losses.lower - 1]} ends lower" if losses.lower else ""
    return ["", terminal.bold("loss"), f"  {parted}; ends at {texts[0]}, {texts[1]}{lower}"]
