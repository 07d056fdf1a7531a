"""Goes through two runs event by event, and tells a difference of its own from one that follows from another.

NOTE [Follows]
An event only follows if what differs in what it reads was made by an earlier event that differs. Four things make a
difference an event's own: another call (op, function, settings); an input that differs and that no event made; an
input that was made by another event than in the other run, where both have that event; and equal inputs with another
result, such as a random draw. An autograd node reads more than the gradients that arrive: what its op read and made. So
it follows from its op too, and an AccumulateGrad from what `.grad` held. A number that a script took out of a tensor
(`loss.item()`) and gave to an op is a setting there; once numbers differ, other settings of ops may follow from them,
and are taken to. Running statistics are written by an op whose event does not show that: what a normalization that
differs has left in them follows, for the next one of the same module (outside of modules: of the same line) and for
whoever else reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from ...events import Event, Kind, Slot
from ..families import BLANK, WRITES_UNSEEN, is_in_place
from ..table.operation import row_of
from .alignment import align, numbered
from .difference import Difference, Way
from .matched_lines import MatchedLines
from .numbers import Unlike, ValuePairs
from .run import Part, Run
from .settings import Optimizers

_ACCUMULATE = "AccumulateGrad"

_OVERWRITING = frozenset({"zero_", "zeros_", "ones_", "fill_", "constant_", "copy_", "eye_", "dirac_"})
"""Ops in place to which the old numbers mean nothing, besides those that draw."""

Slots = list[tuple[str, Unlike, int | None, int | None]]
"""Slots that differ: what to call them, how, and both value ids."""


class Walk:
    """Compares two runs. Afterwards it knows how many events were matched (`matched`) and are the same (`same`)."""

    def __init__(self, first: Run, second: Run, tolerance: float) -> None:
        self.matched = 0
        self.same = 0
        self.optimizers = Optimizers(), Optimizers()
        self.pairs = ValuePairs(first.trace, second.trace, tolerance)
        self._first = first
        self._second = second
        self._lines = MatchedLines(first.trace, second.trace)
        self._made: dict[int, int | None] = {}
        """Value of the first run -> the second's value that the same event made; None if only the first has that."""
        self._made_in_second: set[int] = set()
        self._only_in_second: set[int] = set()
        """Values that an event made which only the second run has: that event is told already."""
        self._by_hand: tuple[set[int | None], set[int | None]] = set(), set()
        """Values of each run that somebody changed by hand: whoever reads one follows from that edit."""
        self._rewritten: tuple[set[object], set[object]] = set(), set()
        """Of each run what tells running statistics that differ: a module, a tensor's name, or a site."""
        self._differing_ops: set[int] = set()
        """Positions in the first run of ops that differ."""
        self._differing_second_ops: set[int] = set()
        """Positions in the second run of ops that differ."""
        self._differing_grads: set[str] = set()
        """Names of parameters whose `.grad` differs."""
        self._numbers_differ = False

    def differences(self, iteration: int) -> Iterator[Difference]:
        """The events of an iteration that differ, in order. Iterations are to be asked for in order."""
        one = self._first.part(iteration, None)
        other = self._second.part(iteration, self._lines)
        self.pairs.load(_values(one.events), _values(other.events))
        for optimizers, part in zip(self.optimizers, (one, other), strict=True):
            optimizers.add(part.events)
        if iteration >= 0 and not (one.events and other.events):
            yield from self._only_one_goes_on(one, other)
            return
        for i, j in align(numbered(one.keys), numbered(other.keys), (one.loose, other.loose)):
            if i is None or j is None:
                found: Difference | None = (
                    self._alone(one.events[i], True) if i is not None else self._alone(other.events[j or 0], False)
                )
            else:
                self.matched += 1
                found = self._pair(one.events[i], other.events[j])
                self.same += found is None
            if found is not None:
                yield found

    def side_by_side(self, first: list[Event], second: list[Event]) -> Iterator[Difference]:
        """Events that differ, of two lists that should be the same events: the n-th of one is the n-th of the other."""
        self.pairs.load(_values(first), _values(second))
        for one, other in zip(first, second, strict=False):
            self.matched += 1
            found = self._pair(one, other)
            self.same += found is None
            if found is not None:
                yield found

    def _only_one_goes_on(self, one: Part, other: Part) -> Iterator[Difference]:
        """An iteration that only one run has is one difference."""
        if one.events:
            yield Difference(Way.ONLY_ITERATION, self._first.spot(one.events[0]), None)
        elif other.events:
            yield Difference(Way.ONLY_ITERATION, None, self._second.spot(other.events[0]))

    def _alone(self, event: Event, is_first: bool) -> Difference:
        """An event that only one run has. A node follows from its op, unless both runs have that op, all the same."""
        run = self._first if is_first else self._second
        ops = self._differing_ops if is_first else self._differing_second_ops
        if is_first:
            self._made.update(dict.fromkeys(_made(event), None))
        else:
            self._made_in_second.update(_made(event))
            self._only_in_second.update(_made(event))
        follows = event.kind is Kind.NODE and (event.name == _ACCUMULATE or self._op(run, event) in ops)
        if event.kind is Kind.GRAD:
            self._differing_grads.add(run.tensor(event))
        if event.kind is Kind.EDIT:
            self._by_hand[0 if is_first else 1].update(_made(event))
        if event.kind in (Kind.OP, Kind.EDIT):
            ops.add(event.position)
        self._note_rewritten(event, 0 if is_first else 1)
        way = Way.FOLLOWS if follows else Way.ONLY_FIRST if is_first else Way.ONLY_SECOND
        spot = run.spot(event)
        return Difference(way, spot, None) if is_first else Difference(way, None, spot)

    def _pair(self, one: Event, other: Event) -> Difference | None:
        inputs = self._slots("input", one.inputs, other.inputs)
        outputs = self._slots("output", one.outputs, other.outputs)
        if inputs and one.name == other.name and _overwrites(one):
            inputs = [slot for slot in inputs if slot[2] != one.inputs[0].value or slot[1].what in ("shape", "dtype")]
        if one.name == other.name and one.name in BLANK:
            outputs = [slot for slot in outputs if slot[1].what in ("shape", "dtype", "presence")]
        found = self._called_otherwise(one, other, bool(inputs)) or self._reads_otherwise(one, other, inputs)
        if found is None and (inputs or outputs):
            slot, unlike, *_ = (outputs or inputs)[0]
            found = replace(self._made_otherwise(one, other, bool(inputs)), slot=slot, unlike=unlike)
        self._note(one, other, bool(inputs or outputs), found is not None)
        return found

    def _slots(self, side: str, first: tuple[Slot, ...], second: tuple[Slot, ...]) -> Slots:
        found = []
        for i in range(max(len(first), len(second))):
            one, other = (slots[i] if i < len(slots) else None for slots in (first, second))
            values = (None if one is None else one.value), (None if other is None else other.value)
            unlike = self.pairs.unlike(*values)
            if unlike is not None:
                slot = one or other
                name = slot.name if slot is not None and slot.name else str(i)
                found.append((f"{side} {name}", unlike, *values))
        return found

    def _called_otherwise(self, one: Event, other: Event, inputs_differ: bool) -> Difference | None:
        """Whether it is another call: op, function, settings, error."""
        spots = self._first, self._second
        way = None
        arguments: tuple[tuple[str, str, str], ...] = ()
        if one.name != other.name:
            way = Way.OTHER_OP
            if one.kind is Kind.NODE and one.name != _ACCUMULATE and self._op(self._first, one) in self._differing_ops:
                way = Way.FOLLOWS
        elif one.function != other.function:
            way = Way.FUNCTION
        elif one.arguments_json != other.arguments_json:
            arguments = _unlike_arguments(one, other)
            may_follow = one.kind is not Kind.UPDATE and (inputs_differ or self._numbers_differ)
            way = (Way.FOLLOWS if may_follow else Way.ARGUMENTS) if arguments else None
        elif one.error != other.error:
            way = Way.FOLLOWS if inputs_differ else Way.ERROR
        if way is None:
            return None
        return Difference(way, spots[0].spot(one), spots[1].spot(other), arguments=arguments)

    def _reads_otherwise(self, one: Event, other: Event, inputs: Slots) -> Difference | None:
        """Whether an input differs by itself. A gradient that arrives always comes from other nodes."""
        if one.kind is Kind.NODE:
            return None
        for slot, unlike, mine, theirs in inputs:
            if mine in self._by_hand[0] or theirs in self._by_hand[1]:
                continue
            known = mine in self._made or theirs in self._made_in_second
            way = None
            if not known and mine is not None and theirs is not None:
                is_rewritten = self._is_rewritten(one, mine, 0) or self._is_rewritten(other, theirs, 1)
                way = None if is_rewritten else Way.INPUT
                self._made[mine] = theirs  # whoever reads it next follows
                self._made_in_second.add(theirs)
            elif mine is not None and theirs is not None and self._made.get(mine) not in (None, theirs):
                is_told = theirs in self._only_in_second
                way = Way.SOURCE if theirs in self._made_in_second and not is_told else None
            if way is not None:
                return Difference(way, self._first.spot(one), self._second.spot(other), slot, unlike)
        return None

    def _made_otherwise(self, one: Event, other: Event, inputs_differ: bool) -> Difference:
        """Whether the same went in, and something else came out."""
        way = Way.RESULT
        if inputs_differ:
            way = Way.FOLLOWS
        elif one.kind is Kind.NODE:
            ops = self._op(self._first, one) in self._differing_ops
            way = Way.FOLLOWS if ops or self._first.tensor(one) in self._differing_grads else Way.RESULT
        elif one.kind is Kind.OP and (row := row_of(one.name)) is not None and row[0].draws:
            way = Way.DRAW
        elif one.kind is Kind.OP and not one.inputs and self._numbers_differ:
            way = Way.FOLLOWS
        return Difference(way, self._first.spot(one), self._second.spot(other))

    def _note(self, one: Event, other: Event, numbers_differ: bool, differs: bool) -> None:
        """Remembers what later events may follow from."""
        self._numbers_differ |= numbers_differ
        for mine, theirs in zip(_made(one), _made(other), strict=False):
            self._made.setdefault(mine, theirs)
        self._made_in_second.update(_made(other))
        if one.kind is Kind.OP and differs:
            self._differing_ops.add(one.position)
            self._differing_second_ops.add(other.position)
            self._note_rewritten(one, 0)
            self._note_rewritten(other, 1)
        name = self._first.tensor(one)
        if name and (one.kind is Kind.GRAD or one.name == _ACCUMULATE):
            (self._differing_grads.add if numbers_differ else self._differing_grads.discard)(name)

    def _note_rewritten(self, event: Event, side: int) -> None:
        """Remembers the running statistics that an op of run `side` may have written to."""
        if event.kind is not Kind.OP or event.name not in WRITES_UNSEEN:
            return
        run = (self._first, self._second)[side]
        names = {run.tensor_of(slot.value) for slot in event.inputs[1:]}
        self._rewritten[side].update({run.module(event) or event.site, *names} - {"", None})

    def _is_rewritten(self, event: Event, value: int, side: int) -> bool:
        """Whether a value of run `side` that no event made is a running statistic that an op has written to."""
        run, known = (self._first, self._second)[side], self._rewritten[side]
        name = run.tensor_of(value)
        if name in known or name.rpartition(".")[0] in known:
            return True
        is_statistic = event.name in WRITES_UNSEEN and value != event.inputs[0].value
        return is_statistic and (run.module(event) or event.site) in known

    def _op(self, run: Run, event: Event) -> int | None:
        """The position of the op whose node an event is."""
        node = None if event.node is None else run.trace.node(event.node)
        return None if node is None else node.op


def _values(events: list[Event]) -> set[int]:
    return {slot.value for event in events for slot in (*event.inputs, *event.outputs) if slot.value is not None}


def _made(event: Event) -> list[int]:
    taken = {slot.value for slot in event.inputs}
    return [slot.value for slot in event.outputs if slot.value is not None and slot.value not in taken]


def _overwrites(event: Event) -> bool:
    """Whether an op fills its first argument anew."""
    row = row_of(event.name)
    return bool(event.inputs) and (
        event.name in _OVERWRITING or (row is not None and row[0].draws and is_in_place(event))
    )


def _unlike_arguments(one: Event, other: Event) -> tuple[tuple[str, str, str], ...]:
    mine, theirs = one.arguments, other.arguments
    found = []
    for name in dict.fromkeys((*mine, *theirs)):
        texts = [json.dumps(known[name]) if name in known else "" for known in (mine, theirs)]
        if texts[0] != texts[1]:
            found.append((name, texts[0], texts[1]))
    return tuple(found)
