"""What if: runs the script of a trace again, proves that it is the same run up to a place, and changes something there.

NOTE [Branches]
A branch is a run of the same script with the same seed, arguments, device, Python and surroundings. What was changed by
hand in its parent before the place where they part is changed again, at the same events. Up to that place all events
and numbers must be the parent's to the last bit (engine.analysis.compare.same_run); otherwise the script does not do
twice what it does once, and a comparison of the two would blame the change for what chance did.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..analysis.compare.same_run import Sameness, same_run
from ..analysis.compare.words import sentence, unlike_text
from ..analysis.edit_places import own_names
from ..analysis.watches.scanning import renamed
from ..errors import SessionError
from ..events import Kind
from ..trace.reader import Trace
from ..wire.changes import changes_of
from ..wire.messages import Edited
from ..wire.options import BranchOrigin
from .child import Ending
from .launch import Launch
from .listeners import State
from .origin import launch_again
from .place import Level
from .session import Session

_WAIT_S = 24 * 3600.0

Tell = Callable[[str], None]
"""Is told in a few words what is being done, ten times a second; what it raises ends the attempt."""

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Setting:
    """One value to set: target and text as for `Session.edit`."""

    target: str
    text: str
    keep_gradient: bool = True

    @property
    def words(self) -> str:
        """As it is written: "w1 = 0.5"."""
        return f"{self.target} = {self.text}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try. position: where `settings` are made, None if there are none. changes: "lr=0.1" and the like."""

    position: int | None = None
    settings: tuple[Setting, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. trace: the branch. same: what the proof went through, None for changes from the start. edits:
    what was changed, in order. applied: how often each change took effect; notes: what was left out. ending: how the
    script ended.
    """

    trace: Path
    same: Sameness | None
    edits: tuple[Edited, ...]
    applied: dict[str, int]
    notes: tuple[str, ...]
    ending: Ending


def what_if(
    parent: str | Path, plan: Plan, out: str | Path, tell: Tell = lambda words: None, time_limit_s: float = _WAIT_S
) -> Tried:
    """Tries a plan with the script of a trace; the branch is recorded into `out`. This runs the script's code.

    Raises SessionError where the run cannot be repeated, is not the same run, a value cannot be changed, or a change
    does not fit the script or never takes effect. In these cases nothing is left at `out`.
    """
    out = Path(out)
    changes_of(plan.changes)
    with Trace(parent) as trace:
        _check(trace, plan, out)
        what = replace(launch_again(trace), branch=_origin(trace, plan))
        seed = next((one.to for one in changes_of(plan.changes) if one.what == "seed"), None)
        if seed is not None:
            what = replace(what, seed=int(seed))
        try:
            return _run(trace, plan, what, out, tell, time_limit_s)
        except BaseException:
            _remove(out)
            raise


def _check(trace: Trace, plan: Plan, out: Path) -> None:
    if out.exists():
        raise SessionError(f"{out} is there already.", "Choose another name for the branch.")
    if not plan.settings and not plan.changes:
        raise SessionError("There is nothing to try.", "Set a value, or change something.")
    if plan.settings and plan.changes:
        raise SessionError(
            "A value at a position and a change from the start are two questions.",
            "Try one, and the other one with the branch that comes of it.",
        )
    if plan.settings and plan.position is None:
        raise SessionError("It is not said where the value is to be changed.", "Give a position.")
    if plan.position is not None and trace.event(plan.position) is None:
        raise SessionError(
            f"{trace.path.name} has no event at position {plan.position}: it has {len(trace)}.",
            "A value is changed before an event that the run had.",
        )


def _origin(trace: Trace, plan: Plan) -> BranchOrigin:
    """What the branch says of where it comes from. The changes of the parent are its own too."""
    known = parent_changes(trace)
    new = [one.what for one in changes_of(plan.changes)]
    kept = tuple(text for text in known if text.partition("=")[0] not in new)
    return BranchOrigin(
        str(trace.path.resolve()),
        str(trace.meta().get("started", "")),
        -1 if plan.position is None else plan.position,
        tuple(one.words for one in plan.settings),
        (*kept, *plan.changes),
    )


def parent_changes(trace: Trace) -> tuple[str, ...]:
    """What a trace that is a branch itself was run with."""
    branch = trace.meta().get("branch")
    found = branch.get("changes") if isinstance(branch, dict) else None
    return tuple(str(text) for text in found) if isinstance(found, list) else ()


def _run(trace: Trace, plan: Plan, what: Launch, out: Path, tell: Tell, time_limit_s: float) -> Tried:
    with Session() as session:
        wait = _Waiting(session, tell, time_limit_s)
        wait.words = f"running {what.script} again"
        session.level = Level.NODE
        session.start(what, out, stop_at_entry=plan.position is not None)
        wait()
        made: list[Edited] = []
        same = None
        if plan.position is not None:
            _repeat_edits(session, trace, plan.position, wait)
            _go_to(session, trace, plan.position, wait)
            tell("comparing it with the first run")
            same = same_run(trace, session.trace, plan.position)
            _must_be_same(same, trace)
            event = trace.event(plan.position)
            names = {} if event is None else own_names(trace, event.iteration)
            made = [
                session.edit(renamed(one.target, names), renamed(one.text, names), one.keep_gradient)
                for one in plan.settings
            ]
            wait.words = "going on"
        if session.state == State.PAUSED:
            session.continue_()
            wait()
        ending = session.ending
        assert ending is not None
        meta = session.trace.meta()
    if refused := meta.get("change_refused"):
        raise SessionError(str(refused), "Choose another change.")
    found = meta.get("changes")
    told = found if isinstance(found, dict) else {}
    applied = {str(text): int(count) for text, count in dict(told.get("applied", {})).items()}
    _must_have_effect(applied, what)
    notes = [str(note) for note in told.get("notes", ())]
    if plan.changes and any(event.kind == Kind.EDIT for event in trace.events()):
        notes.append(f"What was changed by hand in {trace.path.name} was not changed again.")
    return Tried(out, same, tuple(made), applied, tuple(notes), ending)


class _Waiting:
    """Waits until the script does not run, telling what is done meanwhile, and for no longer than a limit in all."""

    def __init__(self, session: Session, tell: Tell, time_limit_s: float) -> None:
        self.words = ""
        self._session = session
        self._tell = tell
        self._limit_s = time_limit_s
        self._ends_at = time.monotonic() + time_limit_s

    def __call__(self) -> None:
        while True:
            self._tell(self.words)
            try:
                self._session.wait(_LOOK_S)
            except TimeoutError:
                if time.monotonic() < self._ends_at:
                    continue
                raise SessionError(f"The script took longer than {self._limit_s:g} s.", "Allow more time.") from None
            return


def _repeat_edits(session: Session, trace: Trace, position: int, wait: _Waiting) -> None:
    """Changes again what was changed by hand in the parent, before the place where they part."""
    for iteration in trace.iterations():
        for event in trace.events(iteration=iteration.number) if iteration.begin < position else ():
            if event.kind == Kind.EDIT and event.position < position:
                _go_to(session, trace, event.position, wait)
                said = event.arguments
                session.edit(str(said["target"]), str(said["text"]), said.get("gradient") != "cut")


def _go_to(session: Session, trace: Trace, position: int, wait: _Waiting) -> None:
    """Runs to a position; raises SessionError where the run ends before."""
    name = ""
    for place in range(position, len(trace) + 1):
        event = trace.event(place)
        if event is None:
            break
        if event.kind != Kind.EDIT:
            name = event.name
            break
    if session.place.position < position or session.frontier < position:
        session.run_to(position, name)
        wait()
    if session.state != State.PAUSED or session.frontier < position:
        same = same_run(trace, session.trace, min(position, len(session.trace)))
        if not same.is_same:
            _must_be_same(same, trace)
        raise SessionError(
            f"This time the script ended after {len(session.trace)} events, before position {position}.",
            "Does it read input, files or the clock? Then it does not do twice what it does once.",
        )


def _must_be_same(same: Sameness, trace: Trace) -> None:
    if same.is_same:
        return
    if same.first is None:
        raise SessionError(f"The script is not deterministic here: this time it had only {same.events} events.")
    spot = same.first.spot
    what = f"{spot.name} at line {spot.line}" if spot.line else spot.name
    how = "" if same.first.unlike is None else unlike_text(same.first.unlike)
    told = sentence(same.first, (trace.path.name, "this run"))
    detail = f"{told[:-1]}: {how}." if how else told
    raise SessionError(
        f"Your script is not deterministic here: {what}, event {spot.position}. {detail}",
        "Seed it (torch.manual_seed, random.seed, numpy.random.seed), or record it with --seed.",
    )


def _must_have_effect(applied: dict[str, int], what: Launch) -> None:
    idle = [text for text, count in applied.items() if not count]
    if not idle:
        return
    text = idle[0]
    word = text.partition("=")[0]
    calls = {
        "optimizer": "makes no optimizer of torch.optim that this would change",
        "loss": "calls no loss function of torch that this would change",
        "activation": "calls no activation of torch that this would change",
    }.get(word, f"has no {word} that this would change")
    raise SessionError(
        f"{text} changed nothing: {Path(what.script).name} {calls}.",
        "What a script works out by hand can only be changed in its text.",
    )


def _remove(out: Path) -> None:
    """Takes away what an attempt that failed has left."""
    from ..trace.schema import arrays_folder_name

    for name in (out.name, f"{out.name}-wal", f"{out.name}-shm"):
        with contextlib.suppress(OSError):
            (out.parent / name).unlink()
    folder = out.parent / arrays_folder_name(out.name)
    if folder.is_dir():
        for inside in folder.iterdir():
            with contextlib.suppress(OSError):
                inside.unlink()
        with contextlib.suppress(OSError):
            folder.rmdir()
