"""The check of a whole trace: every event of some iterations, counted by answer, and the whole program beside that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...bilingual import Bilingual
from ...events import Event, Kind
from ...trace.reader import Trace
from ..flow import ACCUMULATE, Flow, flow_of
from ..table.operation import row_of
from ..table.rule import RULES
from .answer import Answer, Verdict
from .checker import Checker
from .update_check import carried_state
from .whole import WholePass, check_passes

Progress = Callable[[int, int, int], None]
"""Called now and then with (iteration, events done, events of this iteration)."""

GROUPS = ("forward", "backward", ".grad", "update")
"""The groups of rows: ops, autograd nodes, changes of `.grad`, updates."""

_GROUP_OF = {Kind.OP: "forward", Kind.NODE: "backward", Kind.GRAD: ".grad", Kind.UPDATE: "update"}


@dataclass(slots=True)
class Row:
    """All events of one sort. ulps: the largest difference of the numpy recomputation, in steps of its format."""

    group: str
    name: Bilingual
    agrees: int = 0
    differs: int = 0
    cannot: int = 0
    ulps: float = 0.0

    @property
    def events(self) -> int:
        """How many there are."""
        return self.agrees + self.differs + self.cannot


@dataclass(slots=True)
class Share:
    """Of one group of events: how many there are, were checked, and are explained with a row of the tables."""

    group: str
    events: int = 0
    checked: int = 0
    explained: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in some iterations.

    rows: by what was done, in the order of their first events. shares: of each group. differences: the verdicts that
    differ. unchecked: reason -> the verdicts that name it. passes: the check of the whole program, by backward pass.
    """

    iterations: tuple[int, ...]
    rows: tuple[Row, ...]
    shares: tuple[Share, ...]
    differences: tuple[Verdict, ...]
    unchecked: dict[Bilingual, list[Verdict]]
    passes: tuple[WholePass, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs (some of it may not have been checked)."""
        return not self.differences and not any(found.differing for found in self.passes)

    def count(self, answer: Answer) -> int:
        """How many events have this answer."""
        name = {Answer.AGREES: "agrees", Answer.DIFFERS: "differs", Answer.CANNOT_CHECK: "cannot"}[answer]
        return sum(getattr(row, name) for row in self.rows)


def check(
    trace: Trace, iterations: Iterable[int] | None = None, *, whole: bool = True, progress: Progress | None = None
) -> Report:
    """Checks every event of some iterations (default: all of them). whole: replay whole passes too."""
    chosen = tuple(row.number for row in trace.iterations()) if iterations is None else tuple(iterations)
    collected = _Collected()
    passes: list[WholePass] = []
    carried = carried_state(trace)
    for number in chosen:
        checker = Checker(flow_of(trace, number), carried)
        events = trace.events(iteration=number)
        for i, event in enumerate(events):
            if progress is not None:
                progress(number, i, len(events))
            collected.add(checker.flow, event, checker.verdict(event))
        if whole:
            passes += check_passes(checker)
    return Report(
        chosen,
        tuple(collected.rows.values()),
        tuple(collected.shares.values()),
        tuple(collected.differences),
        collected.unchecked,
        tuple(passes),
    )


def usual_iterations(trace: Trace) -> tuple[list[int], int]:
    """The first, second and last iteration that train and are kept whole; and how many iterations there are."""
    found = trace.iterations()
    training = [row for row in found if row.number >= 0] or found
    kept = [row.number for row in training if row.whole] or [row.number for row in training]
    return list(dict.fromkeys([*kept[:2], *kept[-1:]])), len(training)


class _Collected:
    """Counts verdicts as they come."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, Bilingual], Row] = {}
        self.shares = {group: Share(group) for group in GROUPS}
        self.differences: list[Verdict] = []
        self.unchecked: dict[Bilingual, list[Verdict]] = {}

    def add(self, flow: Flow, event: Event, verdict: Verdict) -> None:
        """Counts one event; what somebody changed by hand computed nothing."""
        if event.kind == Kind.EDIT:
            return
        group = _GROUP_OF[event.kind]
        row = self.rows.setdefault((group, verdict.what), Row(group, verdict.what))
        share = self.shares[group]
        share.events += 1
        share.explained += _is_explained(flow, event)
        share.checked += verdict.answer != Answer.CANNOT_CHECK
        match verdict.answer:
            case Answer.AGREES:
                row.agrees += 1
            case Answer.DIFFERS:
                row.differs += 1
                self.differences.append(verdict)
            case Answer.CANNOT_CHECK:
                row.cannot += 1
                self.unchecked.setdefault(verdict.reason, []).append(verdict)
        ulps = [found.ulps for found in verdict.comparisons if found.method != "finite differences"]
        row.ulps = max([row.ulps, *ulps])


def _is_explained(flow: Flow, event: Event) -> bool:
    """Whether the tables have a row for what an event does."""
    if event.kind == Kind.UPDATE:
        return event.name in RULES or row_of(event.name) is not None
    if event.kind == Kind.NODE:
        node = flow.node(event.node)
        op = None if node is None or node.op is None else flow.trace.event(node.op)
        return (node is not None and node.name == ACCUMULATE) or (
            op is not None and (op.kind == Kind.EDIT or row_of(op.name) is not None)
        )
    return event.kind == Kind.GRAD or row_of(event.name) is not None
