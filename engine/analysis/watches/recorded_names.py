"""Names at one place of a recorded trace: each means its newest value that is known there.

NOTE [What a name means]
In this order: `iteration`, `position`, `lr` and `loss`; a parameter or buffer by its own name (the version in force),
with `.grad` (what its box holds) and `.state.exp_avg` (its optimizer's state); a role of this iteration ("z1",
"dC/dw1", "new w1"); a module with `.output`; a variable of the script (what it was given last); another quantity
("s'(z1)").
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...counting import from_one
from ...events import Event, Tensor
from ...trace.not_kept import why_not_kept
from ...trace.reader import Trace
from ...values import Statistics, Value
from ..quantities import quantities
from .answers import NoAnswer, Result
from .iteration_facts import IterationFacts, Moment
from .recorded_run import RecordedRun

GRADIENT, STATE, OUTPUT = ".grad", ".state.", ".output"
_LOSS = "loss"
_SPECIAL = ("iteration", "position", "lr", _LOSS)
_MOST_NEAR = 3
_ROLE_LIKE = re.compile(r"[xzawbtC]\d*|(dC/d|new ).+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RecordedValue:
    """A value of a trace, as a `Known`. name: as it was asked for."""

    trace: Trace = field(repr=False)
    value: Value
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of its dimensions."""
        return self.value.shape

    @property
    def statistics(self) -> Statistics | None:
        """What the trace says of its numbers."""
        return self.value.statistics

    @property
    def is_kept(self) -> bool:
        """Whether its array is in the trace."""
        return self.value.kept

    def array(self) -> NDArray[Any]:
        """Its numbers. Raises NoAnswer where the trace does not have them."""
        found = self.trace.array(self.value.id)
        if found is None:
            reason = why_not_kept(self.value.reason)
            raise NoAnswer(
                Bilingual(
                    f"The numbers of {self.name} are not in the trace ({reason.english}).",
                    f"{self.name} 的数不在记录中（{reason.chinese}）。",
                )
            )
        return found


Meaning = Result | RecordedValue | None


class RecordedNames:
    """The names at a position of an iteration. What was looked up is kept; make a new one for another place."""

    def __init__(self, run: RecordedRun, position: int, iteration: int) -> None:
        self.position = position
        self.iteration = iteration
        self._run = run
        self._found: dict[str, Meaning | NoAnswer] = {}

    def find(self, name: str) -> Meaning:
        """See NOTE [What a name means]. None if there is no such name; raises NoAnswer where it has no value here."""
        if name not in self._found:
            try:
                self._found[name] = self._look_up(name)
            except NoAnswer as reason:
                self._found[name] = reason
        found = self._found[name]
        if isinstance(found, NoAnswer):
            raise found
        return found

    def near(self, name: str) -> Sequence[str]:
        """Names there are that look like it, best first."""
        return difflib.get_close_matches(name, [one for one in self.known() if one != name], _MOST_NEAR)

    def known(self) -> list[str]:
        """What can be named in this iteration, also what is not known yet at this position."""
        tensors = self._run.tensors
        found = [*_SPECIAL, *tensors, *(f"{name}{GRADIENT}" for name in tensors)]
        facts = self._facts()
        if facts is not None:
            found += [*facts.roles.by_role, *facts.variables]
            found += [f"{call.path}{OUTPUT}" for call in facts.calls if call.path]
        return list(dict.fromkeys(found))

    def variables(self) -> list[str]:
        """The script's variables that held a tensor by now, of this iteration and of the set-up."""
        passes = [
            self._run.facts(number) for number in dict.fromkeys((self.iteration, -1)) if number in self._run.spans
        ]
        return list(dict.fromkeys(name for facts in passes for name in facts.variables if self._past(facts, name)))

    def states(self, owner: str) -> list[str]:
        """What an optimizer has kept of a parameter by now ("exp_avg")."""
        ids = {tensor.id for tensor in self._owners(owner)}
        for facts in self._run.back_from(self.iteration):
            told = [event for event in facts.updates if event.tensor in ids and event.position < self.position]
            if told:
                return list(dict.fromkeys(key for event in told for key in _states_of(event)))
        return []

    def _facts(self) -> IterationFacts | None:
        return self._run.facts(self.iteration) if self.iteration in self._run.spans else None

    def _look_up(self, name: str) -> Meaning:
        if name == "iteration":
            return from_one(self.iteration)
        if name == "position":
            return self.position
        if name == "lr":
            return self._learning_rate()
        if name == _LOSS:
            facts = self._facts()
            if facts is not None and _LOSS in facts.variables:
                return self._variable(name)
            return self._role("C", _LOSS)
        found = self._of_tensor(name)
        return (self._role(name, name) or self._output(name) or self._other(name)) if found is None else found

    def _of_tensor(self, name: str) -> Meaning:
        """A parameter or buffer, its gradient or a state of its optimizer."""
        # Data that wants a gradient is a leaf with a name, whose value may have been seen before it was one.
        if tensors := [tensor for tensor in self._run.named(name) if self._run.first_version(tensor.id) is not None]:
            return self._newest(name, tensors)
        if name.endswith(GRADIENT) and (tensors := self._owners(name.removesuffix(GRADIENT))):
            return self._gradient(name, tensors)
        owner, state, key = name.rpartition(STATE)
        if state and (tensors := self._owners(owner)):
            return self._state(owner, key, tensors)
        return None

    def _owners(self, name: str) -> list[Tensor]:
        """The parameters of a name, or of a role such as w1."""
        facts = self._facts()
        found = self._run.named(name)
        if found or facts is None:
            return found
        keys = [tensor for tensor, role in facts.roles.of_tensor.items() if role == name]
        return [tensor for key in keys if (tensor := self._run.trace.tensor(key)) is not None]

    def _newest(self, name: str, tensors: Sequence[Tensor]) -> Meaning:
        found = [version for tensor in tensors if (version := self._version(tensor.id)) is not None]
        if not found:
            # Before the first backward pass or update of `w = torch.tensor(...)` only the variable is known.
            if self._run.is_in_source(name) and (variable := self._variable(name)) is not None:
                return variable
            raise NoAnswer(self._not_yet(name))
        return RecordedValue(self._run.trace, max(found, key=lambda version: version.id), name)

    def _version(self, tensor: int) -> Value | None:
        """The version in force: the newest that was seen by now; before the first change, the first that was seen."""
        for version in self._run.trace.versions_back(tensor, self.iteration):
            if version.iteration < self.iteration:
                return version
            if version.iteration == self.iteration:
                seen = self._run.facts(self.iteration).seen.get(version.id)
                if seen is not None and seen <= self.position:
                    return version
        first = self._run.first_version(tensor)
        if first is not None and first.id not in self._run.facts(first.iteration).made:
            return first
        return None

    def _gradient(self, name: str, tensors: Sequence[Tensor]) -> RecordedValue:
        found = [value for tensor in tensors if (value := self._box(tensor.id)) is not None]
        if not found:
            raise NoAnswer(
                Bilingual(
                    f"{name} is empty (None) at position {self.position}.",
                    f"{name} 在位置 {self.position} 是空的（None）。",
                )
            )
        return self._value(max(found), name)

    def _box(self, tensor: int) -> int | None:
        """What a `.grad` box holds: what was put into it last, and what was written into that since."""
        passed: list[IterationFacts] = []
        for facts in self._run.back_from(self.iteration):
            passed.append(facts)
            if any(change.known_at <= self.position for change in facts.boxes_of.get(tensor, ())):
                break
        held: int | None = None
        for facts in reversed(passed):
            own = facts.boxes_of.get(tensor, [])
            for change in sorted((*own, *facts.box_writes), key=lambda one: one.known_at):
                if change.known_at > self.position:
                    break
                if change.tensor == tensor:
                    held = change.value
                elif held is not None and held in change.written:
                    held = change.written[held]
        return held

    def _state(self, owner: str, key: str, tensors: Sequence[Tensor]) -> Meaning:
        ids = {tensor.id for tensor in tensors}
        others: dict[str, None] = {}
        for facts in self._run.back_from(self.iteration):
            for event in reversed(facts.updates):
                if event.tensor not in ids or event.position >= self.position:
                    continue
                slot = next((one for one in (*event.outputs, *event.inputs) if one.name == key), None)
                if slot is not None and slot.value is not None and key not in ("value", "grad"):
                    return self._value(slot.value, f"{owner}{STATE}{key}")
                number = event.arguments.get(f"state.{key}")
                if isinstance(number, bool | int | float):
                    return number
                others.update(dict.fromkeys(_states_of(event)))
            if others:
                raise NoAnswer(
                    Bilingual(
                        f"The optimizer keeps no {key} of {owner}; it keeps {', '.join(others)}.",
                        f"优化器没有为 {owner} 保存 {key}；它保存的是 {'、'.join(others)}。",
                    )
                )
        raise NoAnswer(
            Bilingual(
                f"No optimizer has kept anything of {owner} by position {self.position}.",
                f"到位置 {self.position} 为止，没有优化器为 {owner} 保存过什么。",
            )
        )

    def _role(self, role: str, name: str) -> Meaning:
        """This iteration's value, or that it will come."""
        facts = self._facts()
        if facts is None:
            return None
        value = facts.roles.by_role.get(role)
        if value is None:
            like = self._like_this_one()
            if like is not None and role in like.roles.by_role and not self._past(facts, name):
                raise NoAnswer(self._not_yet(name))
            return None
        seen = facts.seen.get(value, self.position)
        if seen > self.position and self._run.trace.value(value).iteration >= self.iteration:
            raise NoAnswer(self._not_yet(name, seen))
        return self._value(value, name)

    def _like_this_one(self) -> IterationFacts | None:
        """Where this iteration may go on, or is the set-up: another one that shows what will be."""
        if self.iteration < 0:
            return self._run.facts(0) if 0 in self._run.spans else None
        before = self.iteration - 1
        is_last = self.iteration == max(self._run.spans, default=-1)
        return self._run.facts(before) if is_last and before in self._run.spans else None

    def _output(self, name: str) -> Meaning:
        """What a module gave back in its latest call of this iteration."""
        facts, path = self._facts(), name.removesuffix(OUTPUT)
        if facts is None or path == name:
            return None
        calls = [c for c in facts.calls if path in (c.path, f"{c.variable}.{c.path}", c.variable if not c.path else "")]
        if not calls:
            like = self._like_this_one()
            if like is None or not any(path in (c.path, f"{c.variable}.{c.path}", c.variable) for c in like.calls):
                return None
        over = [call for call in calls if call.end <= self.position]
        value = facts.result_of(over[-1]) if over else None
        if value is None:
            raise NoAnswer(self._not_yet(name))
        return self._value(value, name)

    def _other(self, name: str) -> Meaning:
        if self._run.is_in_source(name) and (found := self._variable(name)) is not None:
            return found
        facts = self._facts()
        if facts is None or self.iteration < 0:
            return None
        for quantity in quantities(self._run.trace, self.iteration):
            if name in (quantity.symbol, quantity.text):
                if quantity.known_at > self.position:
                    raise NoAnswer(self._not_yet(name, quantity.known_at))
                return quantity.array(self._run.trace) if quantity.value is None else self._value(quantity.value, name)
        if _ROLE_LIKE.fullmatch(name) and self._is_still_recorded():
            raise NoAnswer(self._not_yet(name))
        return None

    def _is_still_recorded(self) -> bool:
        """Whether this iteration may bring roles that nobody has seen so far."""
        return self.iteration == max(self._run.spans) and self._run.trace.meta().get("status") == "running"

    def _variable(self, name: str) -> Meaning:
        """What the script's variable was given last."""
        for facts in self._run.back_from(self.iteration):
            past = self._past(facts, name)
            if past and past[-1].value is not None:
                return self._value(past[-1].value, name)
        facts_here = self._facts()
        if facts_here is not None and name in facts_here.variables:
            raise NoAnswer(self._not_yet(name))
        return None

    def _past(self, facts: IterationFacts, name: str) -> list[Moment]:
        return [moment for moment in facts.variables.get(name, ()) if moment.known_at <= self.position]

    def _learning_rate(self) -> Result:
        """That of the newest update or scheduler; of several groups all of them."""
        for facts in self._run.back_from(self.iteration):
            rates: dict[float, None] = {}
            for event in reversed([one for one in facts.updates if one.position < self.position]):
                told = _rates_of(event)
                if event.tensor is None and told:
                    rates = rates or dict.fromkeys(told)
                    break
                rates = dict.fromkeys((*told, *rates))
            if rates:
                found = tuple(rates)
                return found[0] if len(found) == 1 else found
        raise NoAnswer(
            Bilingual(
                f"No update has told a learning rate by position {self.position}.",
                f"到位置 {self.position} 为止，还没有更新说明学习率。",
            )
        )

    def _not_yet(self, name: str, known_at: int | None = None) -> Bilingual:
        """That a name has no value here; known_at: from where it has."""
        here = self.position
        if known_at is None:
            return Bilingual(f"{name} is not known yet at position {here}.", f"{name} 在位置 {here} 还不知道。")
        return Bilingual(
            f"{name} is not known yet at position {here}; it is from position {known_at} on.",
            f"{name} 在位置 {here} 还不知道；从位置 {known_at} 起才知道。",
        )

    def _value(self, value: int, name: str) -> RecordedValue:
        return RecordedValue(self._run.trace, self._run.trace.value(value), name)


def _rates_of(event: Event) -> list[float]:
    """The learning rates that an update used, or that a scheduler set."""
    arguments = event.arguments
    told = arguments.get("lr") if event.tensor is not None else arguments.get("new_lr")
    rates = told if isinstance(told, list) else [told]
    return [rate for rate in rates if isinstance(rate, int | float) and not isinstance(rate, bool)]


def _states_of(event: Event) -> list[str]:
    """Names of what an optimizer keeps of a parameter."""
    slots = [slot.name for slot in event.outputs if slot.name not in ("value", "grad")]
    return [*slots, *(name.removeprefix("state.") for name in event.arguments if name.startswith("state."))]
