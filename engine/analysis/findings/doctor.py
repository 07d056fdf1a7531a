"""Asks every rule what it sees in a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...trace.reader import Trace
from .finding import ORDER, Finding, Seen, Sure
from .rule import RULES, Rule
from .run import Run


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, surest first. iterations: numbers of those looked at, of `total` in the trace."""

    findings: tuple[Finding, ...]
    iterations: tuple[int, ...]
    total: int

    @property
    def is_healthy(self) -> bool:
        """Whether no finding is certain."""
        return all(found.seen.sure != Sure.CERTAIN for found in self.findings)


def diagnose(
    trace: Trace, iteration: int | None = None, went_on: Callable[[int, int], None] | None = None
) -> Diagnosis:
    """Looks at a trace: all of it, or (of a long one) its beginning and its end.

    iteration: keep only findings with an event in this one, which is looked at in any case. went_on: told how many
    rules of how many have looked; what it raises ends the looking.
    """
    run = Run(trace, iteration)
    findings: list[Finding] = []
    for done, row in enumerate(RULES.values()):
        if went_on is not None:
            went_on(done, len(RULES))
        findings += [_finding(run, row, seen) for seen in row.look(run)]
    said = {found.rule for found in findings}
    kept = [found for found in findings if not said.intersection(RULES[found.rule].explained_by)]
    if iteration is not None:
        kept = [found for found in kept if _touches(trace, found, iteration)]
    kept.sort(key=lambda found: (ORDER.index(found.seen.sure), found.seen.positions[:1]))
    return Diagnosis(tuple(kept), tuple(run.numbers), run.total)


def _touches(trace: Trace, found: Finding, iteration: int) -> bool:
    events = [trace.event(position) for position in found.seen.positions]
    return any(event is not None and event.iteration == iteration for event in events)


def _finding(run: Run, row: Rule, seen: Seen) -> Finding:
    event = run.trace.event(seen.positions[0]) if seen.positions else None
    site = run.trace.site(event.site) if event is not None else None
    source = run.trace.source(site.source) if site is not None else None
    lines = source.text.splitlines() if source is not None else []
    file, line, text = "", 0, ""
    if site is not None and source is not None:
        file, line = Path(source.path).name, site.line
        text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    number = event.iteration if event is not None else -1
    return Finding(row.name, row.title, row.why, row.attempt, seen, number, file, line, text)
