"""An iteration's recorded forward pass as a function of its parameters, in numpy.

NOTE [Replay]
What autograd differentiates is its graph, so the replay follows that: from where a backward pass began, along the
edges of the nodes, to the parameters. Each edge that leaves an op's unit (NOTE [Units] in flow.py) leads to a value,
which has to be one of the op's recorded arguments; this argument is then computed from what made it. All other
arguments are constants, as recorded: data, detached values, masks. An edge that leads to no recorded argument is a
value that was changed where the recorder does not look (written in place through a view): then nothing is replayed, and
the reason says so, rather than to come to a wrong number. At the recorded point the replay has to come to the recorded
C.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...bilingual import Bilingual
from ...events import Event, Node
from ..flow import ACCUMULATE, GRAD, BackwardPass, Flow, Place
from ..table.call import Array, UnfitError
from .arrays import Arrays
from .grad_formula import GradFormula
from .precision import lowest
from .program import Program, Step
from .recorded import Formulas
from .returned import arguments, results
from .traffic import Traffic, slots_at

_FAR = 8192.0
"""How many eps the replayed C may be off, before it is something else than rounding."""

_FURTHEST = 0.25

MOST_NUMBERS = 100_000_000
"""How many numbers may go into the ops of a replay, all of which are held in float64."""


@dataclass(slots=True, eq=False)
class Replay:
    """The function. roots: value id -> the gradient that a backward pass began with there. leaves: tensor id of a
    parameter -> the value ids under which ops read it. base: all values at the recorded point, in float64."""

    program: Program
    roots: Mapping[int, Array]
    leaves: Mapping[int, tuple[int, ...]]
    base: Mapping[int, Array] = field(default_factory=dict)

    def loss(self, values: Mapping[int, Array]) -> float:
        """Σ (starting gradient · root)."""
        return float(sum(np.sum(start * values.get(root, self.base[root])) for root, start in self.roots.items()))

    def moved(self, tensor: int, where: tuple[int, ...], h: float) -> float:
        """The change of the loss if an element of a parameter is moved by h."""
        given = {}
        for value in self.leaves[tensor]:
            array = self.base[value].copy()
            array[where] += h
            given[value] = array
        values = self.program.run(given, self.base)
        return float(
            sum(
                np.sum(start * (values[root] - self.base[root])) for root, start in self.roots.items() if root in values
            )
        )


def replay(flow: Flow, formulas: Formulas, arrays: Arrays, traffic: Traffic) -> Replay:
    """The replay of what a backward pass went through. Raises UnfitError where it cannot be had; see NOTE [Replay]."""
    roots = _roots(flow, arrays, traffic)
    steps: dict[int, Step] = {}
    leaves: dict[int, set[int]] = {}
    waiting = list(roots)
    numbers = 0
    while waiting:
        op = _maker(flow, waiting.pop())
        if op.position in steps:
            continue
        if op.function == GRAD:
            step = _grad_step(flow, formulas, arrays, op, leaves)
        else:
            step = _step(flow, formulas, op, leaves, waiting)
        steps[op.position] = step
        numbers += sum(array.size for array in step.formula.inputs.values())
        if numbers > MOST_NUMBERS:
            raise UnfitError(
                f"more than {MOST_NUMBERS // 1_000_000} million numbers would have to be held at once",
                f"需要同时保存超过 {MOST_NUMBERS // 1_000_000} 百万个数",
            )
    found = {flow.value_at(place): start for place, start in roots.items()}
    kept = {value: start for value, start in found.items() if value is not None}
    program = Program([steps[position] for position in sorted(steps)])
    made = Replay(program, kept, {tensor: tuple(sorted(values)) for tensor, values in leaves.items()})
    made.base = program.run({value: arrays.wide(value) for values in made.leaves.values() for value in values})
    for value in kept:
        _check_root(arrays, value, made.base)
    return made


def _roots(flow: Flow, arrays: Arrays, traffic: Traffic) -> dict[Place, Array]:
    found = {}
    for place in traffic.roots():
        node = flow.node(place[0])
        if node is not None and node.name == ACCUMULATE:
            continue
        if flow.value_at(place) is None:
            raise UnfitError(
                "the value at which the backward pass began was not recorded", "反向传播的起点值没有被记录"
            )
        found[place] = arrays.wide(traffic.arrived[place])
    if not found:
        raise UnfitError("it is not known where the backward pass began", "不知道反向传播从哪里开始")
    return found


def _maker(flow: Flow, place: Place) -> Event:
    node = flow.node(place[0])
    op = None if node is None or node.op is None else flow.trace.event(node.op)
    if op is None:
        raise UnfitError("an op of the forward pass was not recorded", "前向传播中有一个运算没有被记录")
    return op


def _step(flow: Flow, formulas: Formulas, op: Event, leaves: dict[int, set[int]], waiting: list[Place]) -> Step:
    """An op with those of its arguments that autograd follows; notes leaves, and what is to be looked at next."""
    here = Bilingual(f"{op.name} at step {op.position}", f"第 {op.position} 步的 {op.name}")
    try:
        formula = formulas.of(op)
    except UnfitError as error:
        raise UnfitError(
            f"{here.english}: {error.reason.english}", f"{here.chinese}：{error.reason.chinese}"
        ) from error
    sources: dict[str, int] = {}
    for place in _edges(flow, op):
        node = flow.node(place[0])
        try:
            slots = slots_at(flow, op, place)
        except UnfitError:
            if node is not None and node.op is None:
                raise UnfitError(
                    f"{here.english} reads a tensor that no recorded op made, as backward(create_graph=True) does",
                    f"{here.chinese} 读取了一个不是由已记录运算得到的张量，例如 backward(create_graph=True) 的结果",
                ) from None
            raise UnfitError(
                f"{here.english} reads a tensor that was changed through another view of it",
                f"{here.chinese} 读取了一个通过另一个视图被修改的张量",
            ) from None
        is_leaf = node is not None and node.name == ACCUMULATE
        for slot in slots:
            if slot.name not in formula.keys or slot.value is None:
                raise UnfitError(
                    f"{here.english}: it is not known how its result comes from one of its arguments",
                    f"{here.chinese}：不知道它的结果是如何由某个参数得到的",
                )
            sources[formula.keys[slot.name]] = slot.value
            if is_leaf and node is not None and node.tensor is not None:
                leaves.setdefault(node.tensor, set()).add(slot.value)
        if not is_leaf:
            waiting.append(place)
    results = [slot for slot in op.outputs if slot.value is not None]
    return Step(formula, sources, tuple(slot.value if slot.node is not None else None for slot in results))


def _grad_step(flow: Flow, formulas: Formulas, arrays: Arrays, op: Event, leaves: dict[int, set[int]]) -> Step:
    """A call of `torch.autograd.grad` whose results have a graph, as a function of the leaves; notes them."""
    inner = _pass_in(flow, op)
    if inner is None:
        raise UnfitError("the backward pass inside it was not recorded", "它内部的反向传播没有被记录")
    if any(_is_tracked(flow, slot.value) for slot in arguments(op, "2", "grad_outputs")):
        raise UnfitError("its grad_outputs depend on parameters", "它的 grad_outputs 依赖于参数")
    made = replay(flow, formulas, arrays, Traffic(flow, inner))
    made_of = results(op)
    wanted = [0 if asked is None else asked.value or 0 for _, asked in made_of]
    base = {value: made.base[value] for values in made.leaves.values() for value in values}
    formula = GradFormula(op, made.program, made.roots, wanted, base)
    for tensor, values in made.leaves.items():
        leaves.setdefault(tensor, set()).update(values)
    made_values = tuple(slot.value if slot.node is not None else None for slot, _ in made_of)
    return Step(formula, {str(value): value for value in base}, made_values)


def _pass_in(flow: Flow, op: Event) -> BackwardPass | None:
    """The backward pass that ran inside an op: an op is written when it is over."""
    last = flow.trace.event(op.position - 1)
    return None if last is None or last.start_ns < op.start_ns else flow.pass_of.get(last.position)


def _is_tracked(flow: Flow, value: int | None) -> bool:
    """Whether autograd follows a value."""
    if value is None:
        return False
    made = flow.made.get(value)
    return value in flow.leaves or (made is not None and made[1].node is not None)


def _edges(flow: Flow, op: Event) -> list[Place]:
    """Where the edges lead that leave an op's unit."""
    waiting = [slot.node for slot in op.outputs if slot.node is not None]
    seen: set[int] = set()
    found: dict[Place, None] = {}
    while waiting:
        key = waiting.pop()
        node = flow.node(key)
        if key in seen or node is None or not _is_own(node, op):
            continue
        seen.add(key)
        for place in node.next:
            if place is None:
                continue
            target = flow.node(place[0])
            if target is not None and _is_own(target, op):
                waiting.append(place[0])
            else:
                found[place] = None
    return list(found)


def _is_own(node: Node, op: Event) -> bool:
    return node.op == op.position


def _check_root(arrays: Arrays, value: int, base: Mapping[int, Array]) -> None:
    recorded = arrays.wide(value)
    precision = lowest([arrays.dtype(value)])
    size = float(np.max(np.abs(recorded), initial=0.0))
    limit = min(_FAR * (precision.eps if precision is not None else 0.0), _FURTHEST) * max(size, 1e-30)
    if value not in base or not np.allclose(base[value], recorded, rtol=0.0, atol=limit, equal_nan=True):
        raise UnfitError(
            "the replayed forward pass does not come to the recorded number", "重新计算的前向传播没有得到记录的数值"
        )
