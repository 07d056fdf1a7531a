"""Where in a recorded run a value has to be changed, so that what follows is computed with the new one."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..bilingual import Bilingual
from ..counting import from_one
from ..errors import GradstepError
from ..events import Event, Kind
from ..trace.reader import Trace
from .flow import ACCUMULATE
from .watches.answers import NoAnswer
from .watches.recorded_names import GRADIENT, RecordedNames, RecordedValue
from .watches.recorded_run import run_of

_NO_UPDATE = Bilingual("the iteration has no update", "这次迭代没有更新")
_UNREAD = Bilingual("no op reads it", "没有运算读取它")
_RATE = re.compile(r"([\w.]+\.)?lr(\[\d+\])?")


def place_of(trace: Trace, name: str, iteration: int) -> int:
    """The position at which a value of an iteration can be changed, by its name ("w1", "a1", "dC/dz1", "lr").

    A parameter or input: before the first op that reads it. The result of an op: right after that op. A gradient:
    before the node at which it arrives; a `.grad`, and a learning rate: before the update. Raises GradstepError where
    there is no such value.
    """
    events = [event for event in trace.events(iteration=iteration) if not event.pending]
    if not events:
        raise GradstepError(
            Bilingual(
                f"There is no iteration {from_one(iteration)} in {trace.path.name}.",
                f"{trace.path.name} 中没有第 {from_one(iteration)} 次迭代。",
            )
        )
    if _RATE.fullmatch(name):
        return _first(events, lambda event: event.kind == Kind.UPDATE, _NO_UPDATE, name)
    end = events[-1].position + 1
    if name.endswith(GRADIENT):
        return _first(events, lambda event: event.kind == Kind.UPDATE, _NO_UPDATE, name)
    try:
        found = RecordedNames(run_of(trace), end, iteration).find(own_names(trace, iteration).get(name, name))
    except NoAnswer as reason:
        raise GradstepError(reason.why) from None
    if not isinstance(found, RecordedValue):
        raise GradstepError(
            Bilingual(
                f"There is no {name} in iteration {from_one(iteration)}.",
                f"第 {from_one(iteration)} 次迭代中没有 {name}。",
            ),
            Bilingual("See: gradstep show", "可用的名称见：`gradstep show`"),
        )
    tensor = found.value.tensor
    if tensor is not None:
        changed = [event for event in events if event.kind == Kind.UPDATE and event.tensor == tensor]
        versions = {value.id for value in trace.versions(tensor)}
        # A tensor of the script's own is told from others only when it is updated: what it held before has no name.
        versions |= {slot.value for event in changed for slot in event.inputs if slot.name == "value" and slot.value}
        return _first(events, lambda event: event.kind == Kind.OP and _reads(event, versions), _UNREAD, name)
    value = found.value.id
    arrives = [
        event.position
        for event in events
        if event.kind == Kind.NODE and event.name != ACCUMULATE and any(slot.value == value for slot in event.inputs)
    ]
    if arrives:
        return arrives[0]
    made = [event.position + 1 for event in events if any(slot.value == value for slot in event.outputs)]
    if made:
        return made[0]
    return _first(events, lambda event: _reads(event, {value}), _UNREAD, name)


def own_names(trace: Trace, iteration: int) -> dict[str, str]:
    """The script's names of the parameters and other leaves of an iteration, by role: "w1" is "hidden.weight".

    Roles are found in the forward pass: before it, where a weight can be changed, a run knows only the script's names.
    """
    run = run_of(trace)
    named = {role: trace.tensor(key) for key, role in run.facts(iteration).roles.of_tensor.items()}
    return {role: tensor.name for role, tensor in named.items() if tensor and tensor.name and not run.named(role)}


def _first(events: list[Event], fits: Callable[[Event], bool], why_not: Bilingual, name: str) -> int:
    for event in events:
        if fits(event):
            return event.position
    raise GradstepError(
        Bilingual(
            f"{name} cannot be changed in this iteration: {why_not.english}.",
            f"{name} 不能在这次迭代中修改：{why_not.chinese}。",
        )
    )


def _reads(event: Event, values: set[int]) -> bool:
    return any(slot.value in values for slot in event.inputs)
