"""What `gradstep check` found, as text that fits 80 columns, and as JSON."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from ..analysis.notation.numbers import format_number
from ..analysis.verdict.answer import Answer, Comparison, Verdict
from ..analysis.verdict.report import Report, Share
from ..analysis.verdict.whole import WholePass
from ..bilingual import Bilingual
from ..counting import from_one
from ..trace.reader import Trace
from .terminal import Terminal

_MOST_DIFFERENCES = 20
_MOST_NAMES = 6
_NAME_WIDTH = 38
_COLUMNS = (("events", 8), ("agree", 8), ("differ", 8), ("cannot", 8), ("ulps", 8))
_WORDS = {"forward": "ops", "backward": "gradient steps", ".grad": "changes of .grad", "update": "updates"}


def report_text(trace: Trace, report: Report, terminal: Terminal) -> list[str]:
    """The lines: a table of what was checked, each difference, what cannot be checked, the whole program, the end."""
    lines = [*_table(report, terminal), "", *(_share(share) for share in report.shares if share.events)]
    if report.differences:
        lines += ["", terminal.red("differs")]
        for verdict in report.differences[:_MOST_DIFFERENCES]:
            lines += _difference(verdict, terminal)
        if len(report.differences) > _MOST_DIFFERENCES:
            lines.append(f"  … and {len(report.differences) - _MOST_DIFFERENCES:,} more; --json lists all")
    if report.unchecked:
        lines += ["", terminal.bold("cannot check")]
        for reason, verdicts in sorted(report.unchecked.items(), key=lambda item: -len(item[1])):
            lines += _unchecked(reason.english, verdicts)
    if report.passes:
        lines += ["", terminal.bold("the whole program, replayed with a parameter moved")]
        for found in report.passes:
            lines += _whole(found, terminal)
    return [*lines, "", *_end(trace, report, terminal)]


def _table(report: Report, terminal: Terminal) -> list[str]:
    heading = " " * _NAME_WIDTH + "".join(name.rjust(width) for name, width in _COLUMNS)
    lines = [terminal.dim(heading)]
    group = ""
    for row in sorted(report.rows, key=lambda row: list(_WORDS).index(row.group)):
        if row.group != group:
            group = row.group
            lines.append(terminal.bold(terminal.styled(group, "zero" if group == ".grad" else group)))
        whole = row.name.english
        name = whole if len(whole) < _NAME_WIDTH - 2 else whole[: _NAME_WIDTH - 4] + "…"
        counts = (f"{row.events:,}", f"{row.agrees:,}", f"{row.differs or ''}", f"{row.cannot or ''}", _ulps(row.ulps))
        cells = [text.rjust(width) for text, (_, width) in zip(counts, _COLUMNS, strict=True)]
        cells[2] = terminal.red(cells[2]) if row.differs else cells[2]
        lines.append(f"  {name:<{_NAME_WIDTH - 2}}" + "".join(cells))
    return lines


def _ulps(ulps: float) -> str:
    if ulps == 0:
        return "0"
    return f"{ulps:.1f}" if ulps < 1000 else f"{ulps:.0e}" if math.isfinite(ulps) else ""


def _share(share: Share) -> str:
    checked, explained = (f"{100 * part / share.events:.0f} %" for part in (share.checked, share.explained))
    return f"{share.checked:,} of {share.events:,} {_WORDS[share.group]} checked ({checked}), {explained} with a row"


def _difference(verdict: Verdict, terminal: Terminal) -> list[str]:
    place = "" if verdict.line is None else f"  {terminal.dim(f'{verdict.line[0]}:{verdict.line[1]}')}"
    lines = [f"  step {verdict.position} {verdict.name} ({verdict.what.english}){place}"]
    if verdict.reason:
        lines += textwrap.wrap(f"{verdict.reason.english}.", 76, initial_indent="    ", subsequent_indent="    ")
    for found in verdict.comparisons:
        if not found.agrees:
            lines += [f"    {line}" for line in _numbers(found)]
    return lines


def _numbers(found: Comparison) -> list[str]:
    """What differs, and by how much."""
    name = f"{found.symbol}, {found.what.english}" if found.symbol else found.what.english
    at = f" at {list(found.where)}" if found.where else ""
    method = {"numpy": "NumPy", "vjp": "the derivative in NumPy"}.get(found.method, found.method)
    return [
        f"{name}{at}:",
        f"  recorded {_number(found.recorded)}, {method} {_number(found.computed)}",
        f"  off by {found.difference:.2g}, {_ulps(found.ulps) or 'many'} ulps; rounding explains {found.tolerance:.2g}",
    ]


def _number(x: complex) -> str:
    return str(x) if isinstance(x, complex) else format_number(x, typographic=False)


def _unchecked(reason: str, verdicts: list[Verdict]) -> list[str]:
    names = Counter(verdict.what.english for verdict in verdicts)
    listed = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in names.most_common(_MOST_NAMES))
    more = ", …" if len(names) > _MOST_NAMES else ""
    return textwrap.wrap(f"{listed}{more}: {reason}", 78, initial_indent="  ", subsequent_indent="    ")


def _whole(found: WholePass, terminal: Terminal) -> list[str]:
    where = f"iteration {from_one(found.iteration)}, backward from step {found.position}"
    if found.reason:
        return textwrap.wrap(
            f"{where}: cannot check, {found.reason.english}", 78, initial_indent="  ", subsequent_indent="    "
        )
    good = len(found.parameters) - len(found.differing)
    elements = sum(part.elements - part.skipped for part in found.parameters.values())
    skipped = sum(part.skipped for part in found.parameters.values())
    kinks = f", {skipped} at kinks left out" if skipped else ""
    lines = [f"  {where}: d{found.root}/dw agrees for {good} of {len(found.parameters)} parameters"]
    lines.append(f"    {elements} elements moved{kinks}")
    for name in found.differing:
        lines.append(terminal.red(f"    {name}"))
        lines += [f"      {line}" for line in _numbers(found.parameters[name])]
    return lines


def _end(trace: Trace, report: Report, terminal: Terminal) -> list[str]:
    """One sentence that says it all."""
    counts = {answer: report.count(answer) for answer in Answer}
    iterations = ", ".join(str(from_one(number)) for number in report.iterations)
    what = "iteration" if len(report.iterations) == 1 else "iterations"
    head = f"{Path(trace.path).name}, {what} {iterations}: {counts[Answer.AGREES]:,} events agree"
    differing = counts[Answer.DIFFERS]
    wrong = sum(len(found.differing) for found in report.passes)
    text = f", {differing:,} differ{'s' if differing == 1 else ''}, {counts[Answer.CANNOT_CHECK]:,} cannot be checked"
    if wrong:
        text += f"; {wrong} gradients of the whole program differ"
    lines = textwrap.wrap(f"{head}{text}.", 78)
    return lines if report.agrees else [terminal.red(line) for line in lines]


def report_json(trace: Trace, report: Report) -> dict[str, Any]:
    """The same as plain objects; NaN and infinity as text."""
    return {
        "trace": trace.path.name,
        "iterations": list(report.iterations),
        "agrees": report.agrees,
        "counts": {answer.value: report.count(answer) for answer in Answer},
        "rows": [{**_plain(row), "events": row.events} for row in report.rows],
        "shares": [_plain(share) for share in report.shares],
        "differences": [_plain(verdict) for verdict in report.differences],
        "cannot_check": [
            {"reason": reason.english, "events": [_event(verdict) for verdict in verdicts]}
            for reason, verdicts in report.unchecked.items()
        ],
        "whole": [_plain(found) for found in report.passes],
    }


def _event(verdict: Verdict) -> dict[str, Any]:
    return {"position": verdict.position, "name": verdict.name, "what": verdict.what.english}


def _plain(item: Any) -> Any:
    """Dataclasses' contents as JSON has them; of what is in two languages the English."""
    if isinstance(item, Bilingual):
        return item.english
    if is_dataclass(item):
        return {field.name: _plain(getattr(item, field.name)) for field in fields(item)}
    if isinstance(item, dict):
        return {key: _plain(part) for key, part in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(part) for part in item]
    if isinstance(item, complex) or (isinstance(item, float) and not math.isfinite(item)):
        return str(item)
    return item
