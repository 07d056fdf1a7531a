"""Finds a stop's place in a recorded run, and asks for numbers there.

NOTE [Before and after]
A stop stands before something happens: the text there, and the question, know what is known at `position`. The answer
and what is said after it know what is known at `known_at`, when it has happened: after the event that yields a
quantity, after the script's line or the node, at the end of a phase. A stop without a place has both at the end of its
iteration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..analysis.findings.doctor import diagnose
from ..analysis.quantities import Quantity, quantities
from ..analysis.watches.answers import Found
from ..analysis.watches.watch import history, value
from ..bilingual import Bilingual, listed, same
from ..errors import GradstepError
from ..events import Event
from ..trace.reader import Trace
from .expressions import Expression, parse_expression, shown
from .languages import CHINESE
from .lesson import Where

_MOST_NAMES = 24
_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stop's place. quantity: the one that is about to be revealed, None elsewhere. runs: all of the lesson's."""

    trace: Trace
    iteration: int
    position: int
    known_at: int
    quantity: Quantity | None = None
    runs: Mapping[str, Trace] = field(default_factory=dict, repr=False)

    def ask(self, text: str | Expression, *, revealed: bool) -> Found:
        """What an expression is. revealed: whether what the stop is about has happened."""
        asked = parse_expression(text) if isinstance(text, str) else text
        if asked.run and asked.run not in self.runs:
            return Found(None, Bilingual(f"The lesson has no run {asked.run!r}.", f"这个课程没有运行 {asked.run!r}。"))
        if asked.iteration is not None or asked.run:
            trace = self.runs[asked.run] if asked.run else self.trace
            number = self.iteration if asked.iteration is None else asked.iteration
            points = history(asked.watch, trace, [number])
            return points[0].found if points else Found(None, _no_iteration(number))
        if revealed and not asked.before:
            return value(asked.watch, self.trace, self.known_at, self.iteration)
        found = value(asked.watch, self.trace, self.position, self.iteration)
        if found.result is None and self._came_before(asked):
            return value(asked.watch, self.trace, self.known_at, self.iteration)
        return found

    def _came_before(self, asked: Expression) -> bool:
        """Whether it needs only quantities that are revealed before this one, though one event yields them all."""
        if self.quantity is None:
            return False
        hidden = quantities(self.trace, self.iteration)[self.quantity.index :]
        earlier = quantities(self.trace, self.iteration)[: self.quantity.index]
        names = asked.watch.names()
        seen = {name for one in earlier for name in (one.symbol, one.text)}
        return bool(names & seen) and not names & {name for one in hidden for name in (one.symbol, one.text)}

    def filled(self, text: str, language: str, *, revealed: bool) -> str:
        """A text in a language with the run's numbers in the places of {{ ... }}, or why there are none."""
        is_chinese = language == CHINESE

        def put_in(found: re.Match[str]) -> str:
            said = self._one(found[1], revealed).in_language(is_chinese)
            # A sentence that begins with this number shall not be taken for the item of a list.
            begins = not text[: found.start()].rpartition("\n")[2].strip("> ")
            ends = text[found.end() : found.end() + 2] in (". ", ") ")
            return f"{said}\\" if begins and ends and said.isdigit() else said

        return _PLACEHOLDER.sub(put_in, text)

    def _one(self, text: str, revealed: bool) -> Bilingual:
        try:
            asked = parse_expression(text)
        except GradstepError as error:
            return Bilingual(f"({error.message.english})", f"（{error.message.chinese}）")
        return shown(self.ask(asked, revealed=revealed), asked.digits)


def placeholders(text: str) -> list[str]:
    """The expressions of a text."""
    return [found.strip() for found in _PLACEHOLDER.findall(text)]


def moment_of(trace: Trace, where: Where) -> Moment:
    """The place in a run. Raises GradstepError with a sentence where the run has no such place."""
    span = trace.iteration(where.iteration)
    if where.finding:
        return _at_finding(trace, where)
    if span is None:
        last = max((row.number for row in trace.iterations()), default=-1)
        raise GradstepError(
            _no_iteration(where.iteration),
            Bilingual(f"They count from 0; its last one is {last}.", f"从 0 数起，它的最后一次是 {last}。"),
        )
    if where.quantity:
        return _at_quantity(trace, where)
    events = trace.events(where.iteration)
    if where.phase:
        chosen = [event for event in events if event.phase == where.phase]
        what = Bilingual(f"no phase {where.phase!r}", f"阶段 {where.phase!r}")
        there = [str(event.phase) for event in events if event.phase]
    elif where.node:
        chosen = [event for event in events if event.name == where.node][:1]
        what = Bilingual(f"no operation or node {where.node!r}", f"运算或节点 {where.node!r}")
        there = [event.name for event in events]
    elif where.line:
        chosen = _on_line(trace, events, where.line)
        what = Bilingual(f"no event of a line with {where.line!r}", f"含有 {where.line!r} 的行的事件")
        there = _lines_of(trace, events)
    else:
        return Moment(trace, where.iteration, span.end, span.end)
    if not chosen:
        raise GradstepError(
            Bilingual(
                f"`iteration = {where.iteration}` has {what.english}.",
                f"`iteration = {where.iteration}` 没有{what.chinese}。",
            ),
            _it_has(there),
        )
    return Moment(trace, where.iteration, chosen[0].position, chosen[-1].position + 1)


def _at_quantity(trace: Trace, where: Where) -> Moment:
    found = quantities(trace, where.iteration)
    for n, one in enumerate(found):
        if where.quantity in (one.symbol, one.text):
            # Several quantities come of one event; what came before this one is known already.
            before = max([one.event, *(other.known_at for other in found[:n] if other.known_at <= one.event)])
            return Moment(trace, where.iteration, before, one.known_at, one)
    raise GradstepError(
        Bilingual(
            f"`iteration = {where.iteration}` has no quantity {where.quantity!r}.",
            f"`iteration = {where.iteration}` 没有量 {where.quantity!r}。",
        ),
        _it_has([one.symbol for one in found]),
    )


def _at_finding(trace: Trace, where: Where) -> Moment:
    shown_there = diagnose(trace).findings
    for found in shown_there:
        if found.rule == where.finding and found.seen.positions:
            position = found.seen.positions[0]
            return Moment(trace, found.iteration, position, position + 1)
    raise GradstepError(
        Bilingual(f"The run does not show {where.finding!r}.", f"这次运行没有显示 {where.finding!r}。"),
        _it_has([found.rule for found in shown_there]),
    )


def _it_has(names: list[str]) -> Bilingual:
    """What there is in the place of what was looked for, each once; of many the first."""
    different = list(dict.fromkeys(names))
    known = listed(same(name) for name in different[:_MOST_NAMES])
    if not different:
        return Bilingual("It has none.", "它一个也没有。")
    if len(different) > _MOST_NAMES:
        return Bilingual(f"It has among others: {known.english}.", f"它有这些和其他的：{known.chinese}。")
    return Bilingual(f"It has: {known.english}.", f"它有：{known.chinese}。")


def _no_iteration(number: int) -> Bilingual:
    return Bilingual(f"The run has no `iteration = {number}`.", f"这次运行没有 `iteration = {number}`。")


def _lines_of(trace: Trace, events: list[Event]) -> list[str]:
    """The text of the lines that events stand on, in their order."""
    sites = (trace.site(event.site) for event in events)
    found = []
    for site in sites:
        source = None if site is None else trace.source(site.source)
        if site is not None and source is not None:
            found += source.text.splitlines()[site.line - 1 : site.line]
    return [f"`{line.strip()}`" for line in found]


def _on_line(trace: Trace, events: list[Event], text: str) -> list[Event]:
    """The events of the first run of a line of the script that has this text in it."""
    chosen: list[Event] = []
    lines: dict[int, list[str]] = {}
    for event in events:
        site = trace.site(event.site)
        source = None if site is None else trace.source(site.source)
        if site is None or source is None:
            continue
        if site.source not in lines:
            lines[site.source] = source.text.splitlines()
        shown_lines = lines[site.source][site.line - 1 : site.end_line]
        if any(text in line for line in shown_lines):
            chosen.append(event)
        elif chosen:
            break
    return chosen
