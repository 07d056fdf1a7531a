"""Checks the events of one iteration, each by its kind."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...events import Event, Kind, Node, Slot
from ...trace.reader import Trace
from ..explain import optimizers
from ..explain.call import Array, UnfitError
from ..explain.values_of import Values
from ..flow import ACCUMULATE, BackwardPass, Flow, Place, flow_of
from ..roles import roles_of
from .answer import Answer, Comparison, Verdict
from .arrays import Arrays
from .blame import backward_of, place_of
from .boxes import Boxes
from .composed import Composed
from .disturbance import disturbed
from .formula import Formula
from .gradient_check import GradientCheck, Leaving
from .precision import DOUBLE, Precision, lowest
from .recorded import Formulas
from .returned import returned_comparisons
from .tolerance import PLACE_BY_PLACE, Disturbed, compare, summed_over
from .traffic import Traffic, Unit, slots_at, value_at
from .update_check import update_comparisons

FILLED = optimizers
"""Importing it fills the table of updates."""

Found = Mapping[int, Sequence[Comparison]]
"""Position of a node's event -> the comparisons of what it sent."""


def verdict(trace: Trace, position: int) -> Verdict:
    """Whether the event at a position computed what numpy computes. Raises KeyError where there is no such event."""
    event = trace.event(position)
    if event is None:
        raise KeyError(position)
    return Checker(flow_of(trace, event.iteration)).verdict(event)


class Checker:
    """Checks one iteration; keeps what several of its events need."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.arrays = Arrays(flow.trace)
        self.formulas = Formulas(flow, self.arrays)
        self._roles = roles_of(flow)
        self._boxes: Boxes | None = None
        self._traffic: dict[int, Traffic] = {}
        self._units: dict[tuple[int, int], Found | UnfitError] = {}
        self._has_hooks: bool | None = None

    def verdict(self, event: Event) -> Verdict:
        """The verdict on one of the iteration's events."""
        if event.pending or event.error:
            why = f"it failed: {event.error}" if event.error else "it has not happened yet"
            return Verdict(event.position, event.name, event.name, Answer.CANNOT_CHECK, why)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                match event.kind:
                    case Kind.OP:
                        return self._op(event)
                    case Kind.NODE:
                        return self._node(event)
                    case Kind.UPDATE:
                        return self._update(event)
                    case Kind.GRAD:
                        return self._grad(event)
            except UnfitError as error:
                return Verdict(event.position, event.name, self._what(event), Answer.CANNOT_CHECK, str(error))

    def _what(self, event: Event) -> str:
        node = self.flow.node(event.node) if event.kind == Kind.NODE else None
        op = None if node is None or node.op is None else self.flow.trace.event(node.op)
        return event.name if op is None else f"gradients of {op.name}"

    def _decided(
        self,
        event: Event,
        what: str,
        found: Sequence[Comparison],
        reason: str = "",
        line: tuple[str, int] | None = None,
    ) -> Verdict:
        agrees = all(comparison.agrees for comparison in found)
        answer = Answer.AGREES if agrees else Answer.DIFFERS
        place = None if agrees else line or place_of(self.flow.trace, event)
        return Verdict(event.position, event.name, what, answer, reason, tuple(found), place)

    def symbol(self, value: int | None) -> str:
        """What a value is called ("dC/dw1"), "" if nothing."""
        return "" if value is None else self._roles.symbol(value)

    def _op(self, event: Event) -> Verdict:
        if event.function == "torch.autograd.grad":
            passes = [self.traffic(current) for current in self.flow.passes]
            found = returned_comparisons(self.flow, self.arrays, passes, event)
            return self._decided(event, event.name, found, "its results are gradients that earlier steps sent")
        formula = self.formulas.of(event)
        made = formula.make(formula.inputs)
        slots = [slot for slot in event.outputs if slot.value is not None]
        if len(made) < len(slots):
            raise UnfitError(f"it made {len(slots)} tensors, and its formula makes {len(made)}")
        precision = self.formulas.precision(event)
        found = []
        for place, (slot, array) in enumerate(zip(slots, made, strict=False)):
            what = "result" if len(slots) == 1 else f"result {place + 1}"
            recorded = self._recorded(slot)
            samples = _samples(formula, place, precision)
            symbol = self.symbol(slot.value)
            scale = formula.scale
            if scale.summed:
                scale = summed_over(formula.inputs.values(), recorded.size)
            found.append(compare(what, symbol, "numpy", recorded, array, precision, scale, samples).comparison)
        return self._decided(event, event.name, found)

    def _recorded(self, slot: Slot) -> NDArray[np.generic]:
        if slot.value is None:
            raise UnfitError("a tensor of it was not recorded")
        return self.arrays.recorded(slot.value)

    def _update(self, event: Event) -> Verdict:
        values = Values(self.flow, self._roles)
        return self._decided(event, event.name, update_comparisons(event, values, self.arrays, self.symbol))

    def _grad(self, event: Event) -> Verdict:
        slot = next((slot for slot in event.outputs if slot.value is not None), None)
        if slot is None:
            return Verdict(event.position, event.name, ".grad", Answer.AGREES, "the box is empty")
        recorded = self._recorded(slot)
        if event.name != "zero_grad":
            if slot.value in self.flow.made:
                reason = f"it is the result of step {self.flow.made[slot.value][0].position}"
                return Verdict(event.position, event.name, ".grad", Answer.AGREES, reason)
            raise UnfitError("the script put numbers into .grad that no recorded op made")
        zeros = np.zeros(recorded.shape)
        precision = lowest([self.arrays.dtype(slot.value or 0)])
        return self._decided(
            event, ".grad", [compare(".grad", self.symbol(slot.value), "numpy", recorded, zeros, precision).comparison]
        )

    def _node(self, event: Event) -> Verdict:
        node = self.flow.node(event.node)
        current = self.flow.pass_of.get(event.position)
        if node is None or current is None:
            raise UnfitError("nothing is known of this node")
        traffic = self.traffic(current)
        sums = self._sums(event, node, traffic)
        if node.name == ACCUMULATE:
            return self._decided(event, ".grad", [*sums, *self._accumulation(event)])
        if node.op is None:
            raise UnfitError("the op that made this node was not recorded")
        op = self.flow.trace.event(node.op)
        if op is None:
            raise UnfitError("the op that made this node is not in the trace")
        found = self._of_unit(op, current)
        own = found.get(event.position, [])
        what = f"gradients of {op.name}"
        line = None
        if isinstance(self.formulas.of(op), Composed):
            line = backward_of(self.flow.trace, op)
        reason = "" if own or sums else f"checked as part of {op.name} at step {op.position}"
        others = [] if own else [part for parts in found.values() for part in parts]
        if not own and all(part.agrees for part in others):
            return self._decided(event, what, sums, reason)
        wrong = next((part for part in own if not part.agrees), None)
        if line is not None and wrong is not None:
            reason = (
                f"{op.name}.backward at {line[0]}:{line[1]} sends a gradient that differs from finite differences "
                f"by {wrong.difference:.3g}"
            )
        return self._decided(event, what, [*sums, *(own or others)], reason, line)

    def traffic(self, current: BackwardPass) -> Traffic:
        """What travelled in a pass."""
        key = self.flow.passes.index(current)
        if key not in self._traffic:
            self._traffic[key] = Traffic(self.flow, current)
        return self._traffic[key]

    def _sums(self, event: Event, node: Node, traffic: Traffic) -> list[Comparison]:
        """What arrives is the sum of what was sent. Raises UnfitError where a hook may have changed it."""
        found = []
        for slot in event.inputs:
            sent = traffic.sent.get((node.id, slot.index), [])
            if slot.value is None or not sent or [part.value for part in sent] == [slot.value]:
                continue
            parts = [self.arrays.wide(part.value) for part in sent]
            precision = lowest(self.arrays.dtype(part.value) for part in sent)
            total = np.sum(parts, axis=0)
            size = np.sum([np.abs(part) for part in parts], axis=0)
            spread = size * (precision or DOUBLE).eps
            samples = partial(tuple[Array, ...], (total + spread, total - spread))
            what = f"sum of {len(parts)} parts" if len(parts) > 1 else "gradient that arrives"
            recorded = self._recorded(slot)
            symbol = self.symbol(slot.value)
            compared = compare(what, symbol, "numpy", recorded, total, precision, PLACE_BY_PLACE, samples)
            if not compared.comparison.agrees and self.has_hooks:
                raise UnfitError("a gradient changes on its way, and the script has hooks that may change it")
            found.append(compared.comparison)
        return found

    @property
    def has_hooks(self) -> bool:
        """Whether the script's sources register hooks, which may change gradients between nodes."""
        if self._has_hooks is None:
            self._has_hooks = any("_hook(" in source.text for source in self.flow.trace.sources())
        return self._has_hooks

    def _accumulation(self, event: Event) -> list[Comparison]:
        if not event.inputs or event.inputs[0].value is None:
            raise UnfitError("nothing arrived")
        if not event.outputs or event.outputs[0].value is None:
            raise UnfitError("what its .grad holds was not recorded")
        arrived, box = event.inputs[0].value, event.outputs[0].value
        if self._boxes is None:
            self._boxes = Boxes(self.flow)
        total = self.arrays.wide(arrived)
        before = None if arrived == box else self._boxes.before(event)
        if before is not None:
            total = self.arrays.wide(before) + total
        precision = lowest(self.arrays.dtype(value) for value in (arrived, box))
        recorded = self.arrays.recorded(box)
        return [compare(".grad", self.symbol(box), "numpy", recorded, total, precision).comparison]

    def _of_unit(self, op: Event, current: BackwardPass) -> Found:
        """The comparisons of an op's gradients, by the node that sent them. Raises UnfitError."""
        key = op.position, self.flow.passes.index(current)
        if key not in self._units:
            try:
                self._units[key] = self._compare_unit(op, self.traffic(current))
            except UnfitError as error:
                self._units[key] = error
        found = self._units[key]
        if isinstance(found, UnfitError):
            raise found
        return found

    def _compare_unit(self, op: Event, traffic: Traffic) -> Found:
        unit = traffic.unit(op)
        if unit.shared:
            raise UnfitError("another op sends gradients through the nodes that this one made")
        formula = self.formulas.of(op)
        check = GradientCheck(formula, self._upstream(op, traffic), self.formulas.precision(op))
        found: dict[int, list[Comparison]] = {}
        for place, sent in unit.leaving.items():
            node = traffic.main(unit, sent[0].event)
            found.setdefault(node.position, []).extend(check.comparisons(self._leaving(op, formula, unit, place)))
        everything = [part for parts in found.values() for part in parts]
        if check.is_at_odds(everything):
            raise UnfitError("its formula's gradient and finite differences of it do not agree with each other")
        return found

    def _upstream(self, op: Event, traffic: Traffic) -> list[Array]:
        """What arrived for each of an op's results, zeros where nothing did."""
        unit = traffic.unit(op)
        found = []
        for slot in op.outputs:
            if slot.value is None:
                continue
            parts = [] if slot.node is None else traffic.upstream(unit, (slot.node, slot.index))
            arrays = [self.arrays.wide(value) for value in parts]
            nothing = np.zeros(self.flow.trace.value(slot.value).shape)
            found.append((bool(parts), nothing if not parts else arrays[0] if len(parts) == 1 else sum(arrays)))
        if not any(is_known for is_known, _ in found):
            raise UnfitError("what arrived for its result was not recorded")
        return [np.asarray(array) for _, array in found]

    def _leaving(self, op: Event, formula: Formula, unit: Unit, place: Place) -> Leaving:
        slots = slots_at(self.flow, op, place)
        keys = tuple(formula.keys[slot.name] for slot in slots if slot.name in formula.keys)
        if not keys:
            raise UnfitError("its result does not come from that argument through recorded ops")
        sent = [self.arrays.recorded(part.value) for part in unit.leaving[place]]
        gradient = sent[0] if len(sent) == 1 else np.sum([part.astype(np.float64) for part in sent], axis=0)
        value = value_at(self.flow, place)
        symbol = self.symbol(unit.leaving[place][0].value) or (f"dC/d{self.symbol(value)}" if value else "")
        return Leaving(keys, gradient, symbol)


def _samples(formula: Formula, place: int, precision: Precision | None) -> Disturbed:
    """One of an op's results with disturbed inputs."""

    def compute(inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Array:
        return formula.make(inputs)[place]

    return lambda: disturbed(compute, formula.inputs, (), precision, formula.event.position)
