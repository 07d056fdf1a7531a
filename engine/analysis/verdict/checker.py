"""Checks the events of one iteration, each by its kind."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual, same
from ...events import Event, Kind, Slot
from ...trace.reader import Trace
from ..explain.values_of import Values
from ..flow import ACCUMULATE, GRAD, Flow, flow_of
from ..roles import roles_of
from ..table.call import Array, UnfitError
from .answer import Answer, Comparison, Verdict
from .arrays import Arrays
from .blame import place_of
from .carried import CarriedState
from .disturbance import disturbed
from .formula import MISFITS, Formula
from .node_check import NodeCheck
from .precision import Precision, lowest
from .recorded import Formulas
from .returned import returned_comparisons
from .tolerance import Disturbed, compare, summed_over
from .update_check import carried_state, update_comparisons


def verdict(trace: Trace, position: int) -> Verdict:
    """Whether the event at a position computed what numpy computes. Raises KeyError where there is no such event."""
    event = trace.event(position)
    if event is None:
        raise KeyError(position)
    return Checker(flow_of(trace, event.iteration)).verdict(event)


class Checker:
    """Checks one iteration; keeps what several of its events need.

    carried: optimizers' states that the trace left out, which several iterations may share.
    """

    def __init__(self, flow: Flow, carried: CarriedState | None = None) -> None:
        self.carried = carried or carried_state(flow.trace)
        self.flow = flow
        self.arrays = Arrays(flow.trace)
        self.formulas = Formulas(flow, self.arrays)
        self._roles = roles = roles_of(flow)

        def symbol(value: int | None) -> str:
            return "" if value is None else roles.symbol(value)

        self.symbol: Callable[[int | None], str] = symbol
        """What a value is called ("dC/dw1"), "" if nothing. A method would make a circle, which keeps the trace."""
        self.nodes = NodeCheck(flow, self.arrays, self.formulas, symbol)

    def verdict(self, event: Event) -> Verdict:
        """The verdict on one of the iteration's events."""
        if event.pending or event.error:
            why = (
                Bilingual(f"it failed: {event.error}", f"它运行失败：{event.error}")
                if event.error
                else Bilingual("it has not happened yet", "它还没有发生")
            )
            return Verdict(event.position, event.name, same(event.name), Answer.CANNOT_CHECK, why)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                match event.kind:
                    case Kind.OP:
                        return self._op(event)
                    case Kind.NODE:
                        found, reason, line = self.nodes.found(event)
                        return self._decided(event, self._what(event), found, reason, line)
                    case Kind.UPDATE:
                        return self._update(event)
                    case Kind.GRAD:
                        return self._grad(event)
                    case Kind.EDIT:
                        why = Bilingual(
                            "it was changed by hand; what follows is checked with the new value",
                            "它被手动修改过；后续内容按新值检查",
                        )
                        return Verdict(event.position, event.name, same(event.name), Answer.AGREES, why)
            except UnfitError as error:
                return Verdict(event.position, event.name, self._what(event), Answer.CANNOT_CHECK, error.reason)
            except MISFITS as error:
                # A trace may say anything: it is a file from somewhere.
                why = Bilingual(
                    f"what was recorded of it does not fit together ({type(error).__name__})",
                    f"它的记录内容彼此不符（{type(error).__name__}）",
                )
                return Verdict(event.position, event.name, same(event.name), Answer.CANNOT_CHECK, why)

    def _what(self, event: Event) -> Bilingual:
        """In words, what an event does."""
        if event.kind == Kind.GRAD or event.name == ACCUMULATE:
            return same(".grad")
        node = self.flow.node(event.node) if event.kind == Kind.NODE else None
        op = None if node is None or node.op is None else self.flow.trace.event(node.op)
        return same(event.name) if op is None else Bilingual(f"gradients of {op.name}", f"{op.name} 的梯度")

    def _decided(
        self,
        event: Event,
        what: Bilingual,
        found: Sequence[Comparison],
        reason: Bilingual = NOTHING,
        line: tuple[str, int] | None = None,
    ) -> Verdict:
        agrees = all(comparison.agrees for comparison in found)
        answer = Answer.AGREES if agrees else Answer.DIFFERS
        place = None if agrees else line or place_of(self.flow.trace, event)
        return Verdict(event.position, event.name, what, answer, reason, tuple(found), place)

    def _op(self, event: Event) -> Verdict:
        if event.function == GRAD:
            passes = [self.nodes.traffic(current) for current in self.flow.passes]
            found = returned_comparisons(self.flow, self.arrays, passes, event)
            return self._decided(
                event,
                same(event.name),
                found,
                Bilingual("its results are gradients that earlier steps sent", "它的结果是之前各步传出的梯度"),
            )
        formula = self.formulas.of(event)
        made = formula.make(formula.inputs)
        slots = [slot for slot in event.outputs if slot.value is not None]
        if len(made) < len(slots):
            raise UnfitError(
                f"it made {len(slots)} tensors, and its formula makes {len(made)}",
                f"它得到了 {len(slots)} 个张量，而公式得到 {len(made)} 个",
            )
        precision = self.formulas.precision(event)
        found = []
        for place, (slot, array) in enumerate(zip(slots, made, strict=False)):
            what = (
                Bilingual("result", "结果")
                if len(slots) == 1
                else Bilingual(f"result {place + 1}", f"第 {place + 1} 个结果")
            )
            recorded = self._recorded(slot)
            samples = _samples(formula, place, precision)
            symbol = self.symbol(slot.value)
            scale = formula.scale
            if scale.summed:
                scale = summed_over(formula.inputs.values(), recorded.size)
            argument = next(iter(formula.inputs.values())) if formula.cancels else None
            compared = compare(what, symbol, "numpy", recorded, array, precision, scale, samples, argument)
            found.append(compared.comparison)
        return self._decided(event, same(event.name), found)

    def _recorded(self, slot: Slot) -> NDArray[np.generic]:
        if slot.value is None:
            raise UnfitError("a tensor of it was not recorded", "它有一个张量没有被记录")
        return self.arrays.recorded(slot.value)

    def _update(self, event: Event) -> Verdict:
        values = Values(self.flow, self._roles)
        found = update_comparisons(event, values, self.arrays, self.symbol, self.carried)
        return self._decided(event, same(event.name), found)

    def _grad(self, event: Event) -> Verdict:
        slot = next((slot for slot in event.outputs if slot.value is not None), None)
        if slot is None:
            return Verdict(
                event.position, event.name, same(".grad"), Answer.AGREES, Bilingual("the box is empty", ".grad 为空")
            )
        recorded = self._recorded(slot)
        if event.name != "zero_grad":
            if slot.value in self.flow.made:
                reason = Bilingual(
                    f"it is the result of step {self.flow.made[slot.value][0].position}",
                    f"它是第 {self.flow.made[slot.value][0].position} 步的结果",
                )
                return Verdict(event.position, event.name, same(".grad"), Answer.AGREES, reason)
            raise UnfitError(
                "the script put numbers into .grad that no recorded op made",
                "脚本向 .grad 写入了不是由已记录运算得到的数值",
            )
        zeros = np.zeros(recorded.shape)
        precision = lowest([self.arrays.dtype(slot.value or 0)])
        return self._decided(
            event,
            same(".grad"),
            [compare(same(".grad"), self.symbol(slot.value), "numpy", recorded, zeros, precision).comparison],
        )


def _samples(formula: Formula, place: int, precision: Precision | None) -> Disturbed:
    """One of an op's results with disturbed inputs."""

    def compute(inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Array:
        return formula.make(inputs)[place]

    return lambda: disturbed(compute, formula.inputs, (), precision, formula.event.position)
