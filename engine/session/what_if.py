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
from ..bilingual import NOTHING, Bilingual, same, sentences
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
from .output_place import output_place
from .place import Level
from .session import Session

_WAIT_S = 24 * 3600.0

Tell = Callable[[Bilingual], None]
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
    notes: tuple[Bilingual, ...]
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
        raise SessionError(
            Bilingual(f"{out} is there already.", f"{out} 已经存在。"),
            Bilingual("Choose another name for the branch.", "请为分支另选一个名称。"),
        )
    if not plan.settings and not plan.changes:
        raise SessionError(
            Bilingual("There is nothing to try.", "没有要尝试的内容。"),
            Bilingual("Set a value, or change something.", "请设置一个值，或改变一处。"),
        )
    if plan.settings and plan.changes:
        raise SessionError(
            Bilingual(
                "A value at a position and a change from the start are two questions.",
                "在某个位置修改值，与从一开始就改变，是两个问题。",
            ),
            Bilingual(
                "First make a branch with the change, then set the value in that branch.",
                "请先做一个带有这个改变的分支，再在那个分支中修改值。",
            ),
        )
    if plan.settings and plan.position is None:
        raise SessionError(
            Bilingual("It is not said where the value is to be changed.", "没有说明要在哪里修改值。"),
            Bilingual("Give a position.", "请给出一个位置。"),
        )
    if plan.position is not None and trace.event(plan.position) is None:
        raise SessionError(
            Bilingual(
                f"{trace.path.name} has no event at position {plan.position}: it has {len(trace)}.",
                f"{trace.path.name} 在位置 {plan.position} 没有事件：它共有 {len(trace)} 个。",
            ),
            Bilingual("A value is changed before an event that the run had.", "值只能在这次运行有过的事件之前修改。"),
        )


def _origin(trace: Trace, plan: Plan) -> BranchOrigin:
    """What the branch says of where it comes from. The changes of the parent are its own too."""
    known = parent_changes(trace)
    new = [one.what for one in changes_of(plan.changes)]
    kept = tuple(text for text in known if text.partition("=")[0] not in new)
    changes = (*kept, *plan.changes)
    return BranchOrigin(
        str(trace.path.resolve()),
        str(trace.meta().get("started", "")),
        -1 if plan.position is None else plan.position,
        tuple(one.words for one in plan.settings),
        changes,
        output_place(trace) if any(one.startswith("output=") for one in changes) else None,
    )


def parent_changes(trace: Trace) -> tuple[str, ...]:
    """What a trace that is a branch itself was run with."""
    branch = trace.meta().get("branch")
    found = branch.get("changes") if isinstance(branch, dict) else None
    return tuple(str(text) for text in found) if isinstance(found, list) else ()


def _run(trace: Trace, plan: Plan, what: Launch, out: Path, tell: Tell, time_limit_s: float) -> Tried:
    with Session() as session:
        wait = _Waiting(session, tell, time_limit_s)
        wait.words = Bilingual(f"running {what.script} again", f"正在再次运行 {what.script}")
        session.level = Level.NODE
        session.start(what, out, stop_at_entry=plan.position is not None)
        wait()
        made: list[Edited] = []
        proof = None
        if plan.position is not None:
            _repeat_edits(session, trace, plan.position, wait)
            _go_to(session, trace, plan.position, wait)
            tell(Bilingual("comparing it with the first run", "正在与第一次运行比较"))
            proof = same_run(trace, session.trace, plan.position)
            _must_be_same(proof, trace)
            event = trace.event(plan.position)
            names = {} if event is None else own_names(trace, event.iteration)
            made = [
                session.edit(renamed(one.target, names), renamed(one.text, names), one.keep_gradient)
                for one in plan.settings
            ]
            wait.words = Bilingual("going on", "正在继续")
        if session.state == State.PAUSED:
            session.continue_()
            wait()
        ending = session.ending
        assert ending is not None
        meta = session.trace.meta()
    if refused := meta.get("change_refused"):
        raise SessionError(Bilingual.of_plain(refused), Bilingual("Choose another change.", "请选择另一种改变。"))
    found = meta.get("changes")
    told = found if isinstance(found, dict) else {}
    applied = {str(text): int(count) for text, count in dict(told.get("applied", {})).items()}
    _must_have_effect(applied, what)
    notes = [Bilingual.of_plain(note) for note in told.get("notes", ())]
    if plan.changes and any(event.kind == Kind.EDIT for event in trace.events()):
        notes.append(
            Bilingual(
                f"What was changed by hand in {trace.path.name} was not changed again.",
                f"在 {trace.path.name} 中手动修改过的值这次没有再修改。",
            )
        )
    return Tried(out, proof, tuple(made), applied, tuple(notes), ending)


class _Waiting:
    """Waits until the script does not run, telling what is done meanwhile, and for no longer than a limit in all."""

    def __init__(self, session: Session, tell: Tell, time_limit_s: float) -> None:
        self.words = NOTHING
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
                raise SessionError(
                    Bilingual(
                        f"The script took longer than {self._limit_s:g} s.", f"脚本运行超过了 {self._limit_s:g} 秒。"
                    ),
                    Bilingual("Allow more time.", "请允许更长的时间。"),
                ) from None
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
        _must_be_same(same_run(trace, session.trace, min(position, len(session.trace))), trace)
        raise SessionError(
            Bilingual(
                f"This time the script ended after {len(session.trace)} events, before position {position}.",
                f"这一次脚本在 {len(session.trace)} 个事件之后就结束了，没有到达位置 {position}。",
            ),
            Bilingual(
                "Does it read input, files or the clock? Then it does not do twice what it does once.",
                "它是否读取输入、文件或时钟？那样的话，它两次运行做的事就不会相同。",
            ),
        )


def _must_be_same(found: Sameness, trace: Trace) -> None:
    if found.is_same:
        return
    if found.first is None:
        raise SessionError(
            Bilingual(
                f"The script is not deterministic here: this time it had only {found.events} events.",
                f"脚本在这里不是确定性的：这一次它只有 {found.events} 个事件。",
            )
        )
    spot = found.first.spot
    what = same(spot.name)
    if spot.line:
        what = Bilingual(f"{spot.name} at line {spot.line}", f"第 {spot.line} 行的 {spot.name}")
    how = NOTHING if found.first.unlike is None else unlike_text(found.first.unlike)
    detail = sentence(found.first, (same(trace.path.name), Bilingual("this run", "这次运行")))
    if how:
        detail = Bilingual(f"{detail.english[:-1]}: {how.english}.", f"{detail.chinese[:-1]}：{how.chinese}。")
    where = Bilingual(
        f"Your script is not deterministic here: {what.english}, event {spot.position}.",
        f"你的脚本在这里不是确定性的：{what.chinese}，事件 {spot.position}。",
    )
    raise SessionError(
        sentences(where, detail),
        Bilingual(
            "Seed it (torch.manual_seed, random.seed, numpy.random.seed), or record it with --seed.",
            "请设置种子（torch.manual_seed、random.seed、numpy.random.seed），或用 --seed 记录。",
        ),
    )


def _must_have_effect(applied: dict[str, int], what: Launch) -> None:
    idle = [text for text, count in applied.items() if not count]
    if not idle:
        return
    text = idle[0]
    word = text.partition("=")[0]
    calls = {
        "optimizer": Bilingual("makes no optimizer of torch.optim", "没有创建 torch.optim 的优化器"),
        "loss": Bilingual("calls no loss function of torch", "没有调用 torch 的损失函数"),
        "output": Bilingual("computes no answer this time", "这次没有计算回答"),
        "activation": Bilingual("calls no activation of torch", "没有调用 torch 的激活函数"),
    }.get(word, Bilingual(f"has no {word}", f"没有 {word}"))
    script = Path(what.script).name
    raise SessionError(
        Bilingual(
            f"{text} changed nothing: {script} {calls.english} that this would change.",
            f"{text} 没有改变任何东西：{script} {calls.chinese}，无从改变。",
        ),
        Bilingual(
            "What a script works out by hand can only be changed in its text.",
            "脚本自己手算的内容只能在它的代码里修改。",
        ),
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
