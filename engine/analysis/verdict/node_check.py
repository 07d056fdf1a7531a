"""Checks autograd nodes: what arrived at them, what they sent, what `.grad` holds after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual, same
from ...events import Event, Node, Slot
from ..flow import ACCUMULATE, BackwardPass, Flow, Place
from ..held_gradients import held_before
from ..table.call import Array, UnfitError
from .answer import Comparison
from .arrays import Arrays
from .blame import backward_of
from .composed import Composed
from .formula import Formula
from .gradient_check import GradientCheck, Leaving
from .precision import DOUBLE, lowest
from .recorded import Formulas
from .tolerance import MOVED, PLACE_BY_PLACE, compare
from .traffic import Traffic, Unit, only_turns, slots_at

Found = Mapping[int, Sequence[Comparison]]
"""Position of a node's event -> the comparisons of what it sent."""

Line = tuple[str, int] | None


class NodeCheck:
    """Checks the nodes of one iteration; keeps what several of them need. symbol: what a value is called."""

    def __init__(self, flow: Flow, arrays: Arrays, formulas: Formulas, symbol: Callable[[int | None], str]) -> None:
        self._flow = flow
        self._arrays = arrays
        self._formulas = formulas
        self._symbol = symbol
        self._traffic: dict[int, Traffic] = {}
        self._units: dict[tuple[int, int], Found | UnfitError] = {}
        self._has_hooks: bool | None = None

    def found(self, event: Event) -> tuple[list[Comparison], Bilingual, Line]:
        """(comparisons, end of a sentence about them, line to blame). Raises UnfitError where there are none."""
        node = self._flow.node(event.node)
        current = self._flow.pass_of.get(event.position)
        if node is None or current is None:
            raise UnfitError("nothing is known of this node", "对这个节点一无所知")
        sums = self._sums(event, node, self.traffic(current))
        if node.name == ACCUMULATE:
            return [*sums, *self._accumulation(event)], NOTHING, None
        op = None if node.op is None else self._flow.trace.event(node.op)
        if op is None:
            raise UnfitError("the op that made this node was not recorded", "产生这个节点的运算没有被记录")
        found = self._of_unit(op, current)
        own = list(found.get(event.position, []))
        if own:
            return [*sums, *own], *self._blame(op, own)
        turned = [*sums, *self._turned(event, node)]
        wrong = [part for parts in found.values() for part in parts if not part.agrees]
        return (
            [*turned, *wrong],
            Bilingual(
                f"checked as part of {op.name} at step {op.position}",
                f"已作为第 {op.position} 步 {op.name} 的一部分检查",
            ),
            None,
        )

    def _blame(self, op: Event, found: Sequence[Comparison]) -> tuple[Bilingual, Line]:
        """Where a wrong gradient of the script's own function was written."""
        wrong = next((part for part in found if not part.agrees), None)
        if wrong is None or not isinstance(self._formulas.of(op), Composed):
            return NOTHING, None
        line = backward_of(self._flow.trace, op)
        place = NOTHING if line is None else Bilingual(f" at {line[0]}:{line[1]}", f"（{line[0]}:{line[1]}）")
        difference = f"{wrong.difference:.3g}"
        why = Bilingual(
            f"{op.name}.backward{place.english} sends a gradient that differs from finite differences by {difference}",
            f"{op.name}.backward{place.chinese} 传出的梯度与有限差分相差 {difference}",
        )
        return why, line

    def _turned(self, event: Event, node: Node) -> list[Comparison]:
        """A view or transpose inside a unit sends the numbers that it got, in some order."""
        if not only_turns(node) or len(event.inputs) != 1 or len(event.outputs) != 1:
            return []
        got, sent = self._recorded(event.inputs[0]), self._recorded(event.outputs[0])
        if got.size != sent.size:
            return []
        in_order = [np.sort(array, axis=None) for array in (sent, got)]
        precision = lowest([self._arrays.dtype(event.inputs[0].value or 0)])
        symbol = self._symbol(event.outputs[0].value)
        return [
            compare(
                Bilingual("the same numbers", "相同的数值"), symbol, "numpy", in_order[0], in_order[1], precision, MOVED
            ).comparison
        ]

    def _recorded(self, slot: Slot) -> NDArray[np.generic]:
        if slot.value is None:
            raise UnfitError("a tensor of it was not recorded", "它有一个张量没有被记录")
        return self._arrays.recorded(slot.value)

    def traffic(self, current: BackwardPass) -> Traffic:
        """What travelled in a pass."""
        key = self._flow.passes.index(current)
        if key not in self._traffic:
            self._traffic[key] = Traffic(self._flow, current)
        return self._traffic[key]

    def _sums(self, event: Event, node: Node, traffic: Traffic) -> list[Comparison]:
        """What arrives is the sum of what was sent. Raises UnfitError where a hook may have changed it."""
        found = []
        for slot in event.inputs:
            sent = traffic.sent.get((node.id, slot.index), [])
            if slot.value is None or not sent or [part.value for part in sent] == [slot.value]:
                continue
            if slot.value in self._flow.set_by_hand:
                continue
            parts = [self._arrays.wide(part.value) for part in sent]
            precision = lowest(self._arrays.dtype(part.value) for part in sent)
            total = np.sum(parts, axis=0)
            size = np.sum([np.abs(part) for part in parts], axis=0)
            spread = size * (precision or DOUBLE).eps
            samples = partial(tuple[Array, ...], (total + spread, total - spread))
            what = (
                Bilingual(f"sum of {len(parts)} parts", f"{len(parts)} 个部分之和")
                if len(parts) > 1
                else Bilingual("gradient that arrives", "传来的梯度")
            )
            recorded = self._recorded(slot)
            symbol = self._symbol(slot.value)
            compared = compare(what, symbol, "numpy", recorded, total, precision, PLACE_BY_PLACE, samples)
            if not compared.comparison.agrees and self.has_hooks:
                raise UnfitError(
                    "a gradient changes on its way, and the script has hooks that may change it",
                    "梯度在途中发生了变化，而脚本中有可能改变它的钩子",
                )
            found.append(compared.comparison)
        return found

    @property
    def has_hooks(self) -> bool:
        """Whether the script's sources register hooks, which may change gradients between nodes."""
        if self._has_hooks is None:
            self._has_hooks = any("_hook(" in source.text for source in self._flow.trace.sources())
        return self._has_hooks

    def _accumulation(self, event: Event) -> list[Comparison]:
        if not event.inputs or event.inputs[0].value is None:
            raise UnfitError("nothing arrived", "没有梯度传来")
        if not event.outputs or event.outputs[0].value is None:
            raise UnfitError("what its .grad holds was not recorded", "它的 .grad 的内容没有被记录")
        arrived, box = event.inputs[0].value, event.outputs[0].value
        total = self._arrays.wide(arrived)
        before = None if arrived == box else held_before(self._flow, event)
        if before is not None:
            total = self._arrays.wide(before) + total
        precision = lowest(self._arrays.dtype(value) for value in (arrived, box))
        recorded = self._arrays.recorded(box)
        return [compare(same(".grad"), self._symbol(box), "numpy", recorded, total, precision).comparison]

    def _of_unit(self, op: Event, current: BackwardPass) -> Found:
        """The comparisons of an op's gradients, by the node that sent them. Raises UnfitError."""
        key = op.position, self._flow.passes.index(current)
        if key not in self._units:
            try:
                self._units[key] = self._compare_unit(op, self.traffic(current))
            except UnfitError as error:
                self._units[key] = error.with_traceback(None)
        found = self._units[key]
        if isinstance(found, UnfitError):
            raise UnfitError(found.reason.english, found.reason.chinese)
        return found

    def _compare_unit(self, op: Event, traffic: Traffic) -> Found:
        unit = traffic.unit(op)
        if unit.shared:
            raise UnfitError(
                "another op sends gradients through the nodes that this one made", "另一个运算经由它产生的节点传递梯度"
            )
        formula = self._formulas.of(op)
        check = GradientCheck(
            formula, self._upstream(op, traffic), self._formulas.precision(op), self._formulas.rounds_to(op)
        )
        found: dict[int, list[Comparison]] = {}
        for place, sent in unit.leaving.items():
            node = traffic.main(unit, sent[0].event)
            found.setdefault(node.position, []).extend(check.comparisons(self._leaving(op, formula, unit, place)))
        everything = [part for parts in found.values() for part in parts]
        if check.is_at_odds(everything):
            raise UnfitError(
                "its formula's gradient and finite differences of it do not agree with each other",
                "它的公式给出的梯度与有限差分不一致",
            )
        return found

    def _upstream(self, op: Event, traffic: Traffic) -> list[Array]:
        """What arrived for each of an op's results, zeros where nothing did."""
        unit = traffic.unit(op)
        found = []
        for slot in op.outputs:
            if slot.value is None:
                continue
            parts = [] if slot.node is None else traffic.upstream(unit, (slot.node, slot.index))
            arrays = [self._arrays.wide(value) for value in parts]
            nothing = np.zeros(self._flow.trace.value(slot.value).shape)
            found.append((bool(parts), nothing if not parts else arrays[0] if len(parts) == 1 else sum(arrays)))
        if not any(is_known for is_known, _ in found):
            raise UnfitError("what arrived for its result was not recorded", "传到它的结果处的梯度没有被记录")
        return [np.asarray(array) for _, array in found]

    def _leaving(self, op: Event, formula: Formula, unit: Unit, place: Place) -> Leaving:
        slots = slots_at(self._flow, op, place)
        keys = tuple(formula.keys[slot.name] for slot in slots if slot.name in formula.keys)
        if not keys:
            raise UnfitError(
                "its result does not come from that argument through recorded ops",
                "它的结果不是由那个参数经过已记录的运算得到的",
            )
        sent = [self._arrays.recorded(part.value) for part in unit.leaving[place]]
        gradient = sent[0] if len(sent) == 1 else np.sum([part.astype(np.float64) for part in sent], axis=0)
        value = self._flow.value_at(place)
        symbol = self._symbol(unit.leaving[place][0].value) or (f"dC/d{self._symbol(value)}" if value else "")
        return Leaving(keys, gradient, symbol)
