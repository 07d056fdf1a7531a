"""The breakpoints that an editor has set, by the five ways in which it sets them, as those of a session.

NOTE [Verified]
A breakpoint is verified where it can stop, and set right where it cannot stay: on a line without any call or operator
it moves to the next that has one. Nothing is known of names before a run, so that each name counts as found; in a
recorded trace a name that nothing has is said to be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..analysis.breakpoints.judge import check
from ..errors import GradstepError
from ..wire.breakpoints import Breakpoint, What
from .capabilities import NOT_FINITE, RAISED, UNCAUGHT
from .hit_conditions import counted
from .messages import Arguments, Json, RequestError

LINES, FUNCTIONS, DATA, EXCEPTIONS = "lines ", "functions", "data", "exceptions"
"""Groups: each request replaces one. Lines have a group for each file."""

_KINDS = {kind.value: kind for kind in (What.OP, What.MODULE, What.NODE, What.PARAMETER, What.PHASE, What.NAME)}


@dataclass(frozen=True, slots=True)
class Placed:
    """A breakpoint under the number that the editor knows it by. breakpoint: None where it cannot be."""

    id: int
    breakpoint: Breakpoint | None
    problem: str = ""
    line: int = 0
    remark: str = ""


class Table:
    """All breakpoints of one editor."""

    def __init__(self) -> None:
        self.stays_at_errors = False
        """Whether to stay where the script failed."""
        self._groups: dict[str, list[Placed]] = {}
        self._last = 0

    @property
    def all(self) -> tuple[Breakpoint, ...]:
        """Those that can be, each once."""
        found = (one.breakpoint for group in self._groups.values() for one in group)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def numbers(self, hit: Iterable[Breakpoint]) -> list[int]:
        """The editor's numbers of some of them."""
        wanted = set(hit)
        return sorted(one.id for group in self._groups.values() for one in group if one.breakpoint in wanted)

    def group_of(self, hit: Iterable[Breakpoint]) -> str:
        """The group that a stop is told as: errors before data before functions before lines; "" for none."""
        wanted = set(hit)
        found = [name for name, group in self._groups.items() if any(one.breakpoint in wanted for one in group)]
        order = (EXCEPTIONS, DATA, FUNCTIONS)
        return next((name for name in order if name in found), found[0] if found else "")

    def set_lines(
        self, path: str, asked: list[Arguments], line_of: Callable[[Arguments], int], find: Callable[[int], int | None]
    ) -> list[Placed]:
        """Those of one file. find: the line at or after one on which one can stop."""

        def make(one: Arguments) -> tuple[Breakpoint, int, str]:
            wanted = line_of(one)
            line = find(wanted)
            if line is None:
                raise RequestError("From here on nothing in this file calls torch.")
            remark = "" if line == wanted else f"Line {wanted} calls nothing; this one does."
            return _conditioned(Breakpoint(What.LINE, path, line), one), line, remark

        return self._set(LINES + path, asked, make)

    def set_functions(self, asked: list[Arguments], check_name: Callable[[Breakpoint], str]) -> list[Placed]:
        """Those on names: `linear`, `hidden_layer`, `Relu*`, or of one kind, as in `module: conv*`.

        check_name: why a name cannot stop anything, "" if it may.
        """

        def make(one: Arguments) -> tuple[Breakpoint, int, str]:
            kind, colon, pattern = one.text("name").partition(":")
            what = _KINDS.get(kind.strip()) if colon else None
            name = one.text("name").strip() if what is None else pattern.strip()
            found = _conditioned(Breakpoint(what or What.NAME, name), one)
            if problem := check_name(found):
                raise RequestError(problem)
            return found, 0, ""

        return self._set(FUNCTIONS, asked, make)

    def set_data(self, asked: list[Arguments]) -> list[Placed]:
        """Those on tensors and their gradients that are written."""

        def make(one: Arguments) -> tuple[Breakpoint, int, str]:
            if one.text("accessType", "write") != "write":
                raise RequestError("Only writing can be waited for.")
            return _conditioned(Breakpoint(What.DATA, one.text("dataId")), one), 0, ""

        return self._set(DATA, asked, make)

    def set_exceptions(self, filters: tuple[str, ...], options: list[Arguments]) -> list[Placed]:
        """Those on errors and on NaN."""
        asked = [*(Arguments({"filterId": name}, "setExceptionBreakpoints") for name in filters), *options]
        self.stays_at_errors = any(one.text("filterId") in (UNCAUGHT, RAISED) for one in asked)

        def make(one: Arguments) -> tuple[Breakpoint | None, int, str]:
            name = one.text("filterId")
            if name == UNCAUGHT:
                return None, 0, ""
            what = {RAISED: What.EXCEPTION, NOT_FINITE: What.NOT_FINITE}.get(name)
            if what is None:
                raise RequestError(f"There is no exception filter {name!r}.")
            return _conditioned(Breakpoint(what), one), 0, ""

        return self._set(EXCEPTIONS, asked, make)

    def _set(
        self, group: str, asked: list[Arguments], make: Callable[[Arguments], tuple[Breakpoint | None, int, str]]
    ) -> list[Placed]:
        found = []
        for one in asked:
            self._last += 1
            try:
                made, line, remark = make(one)
                if made is not None:
                    check(made)
                found.append(Placed(self._last, made, "", line, remark))
            except GradstepError as error:
                found.append(Placed(self._last, None, str(error)))
        self._groups[group] = found
        return found


def told(placed: Placed, line_out: Callable[[int], int], source: Json | None = None) -> Json:
    """A breakpoint as the protocol has it."""
    found: Json = {"id": placed.id, "verified": not placed.problem}
    if placed.problem or placed.remark:
        found["message"] = placed.problem or placed.remark
    if placed.problem:
        found["reason"] = "failed"
    if placed.line:
        found["line"] = line_out(placed.line)
        if source is not None:
            found["source"] = source
    return found


def _conditioned(breakpoint_: Breakpoint, asked: Arguments) -> Breakpoint:
    """With the condition, the hit condition and the log message that were asked for."""
    first, every = counted(asked.text("hitCondition"))
    return Breakpoint(
        breakpoint_.what,
        breakpoint_.pattern,
        breakpoint_.line,
        condition=asked.text("condition").strip(),
        first=first,
        every=every,
        log=asked.text("logMessage"),
    )
