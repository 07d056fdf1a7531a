"""Gradients that pile up because nothing empties them, or that are emptied before the update reads them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ....bilingual import Bilingual, sentence
from ....counting import from_one
from ....events import Event
from ..boxes import BoxStep, Change
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run
from ..script import Call


@rule(
    "missing-zero-grad",
    title=("Gradients pile up: zero_grad is missing", "梯度不断累加：缺少 zero_grad"),
    why=(
        "backward() adds to .grad, so each update also uses gradients that earlier updates have used already.",
        "backward() 会把梯度累加到 .grad 中，因此每次更新都会重复使用之前已经用过的梯度。",
    ),
    attempt=(
        "Empty the gradients once an iteration, before backward().",
        "在每次迭代中、调用 backward() 之前清空一次梯度。",
    ),
)
def missing_zero_grad(run: Run) -> Iterator[Seen]:
    """A gradient that an update has read is added to, and read again, without having been emptied."""
    found = {tensor: proof for tensor, steps in run.boxes.items() if (proof := _read_twice(steps))}
    if found:
        tensors = list(found)
        first = found[tensors[0]]
        at, names, again = run.at(first[0]), run.listed(tensors), from_one(first[-1].iteration)
        count = max(sum(step.change == Change.TAKE for step in run.boxes[tensor]) for tensor in tensors)
        yield Seen(
            sentence(
                f"The update at {at.english} read the gradient of {names.english}; nothing emptied it; the next "
                f"backward added to it, and the update of iteration {again} read the sum ({count} updates in all).",
                f"{at.chinese}的更新使用了 {names.chinese} 的梯度，之后没有清空；下一次反向传播又累加了上去，"
                f"第 {again} 次迭代的更新使用的是两者之和（共 {count} 次更新）。",
            ),
            Sure.CERTAIN,
            tuple(event.position for event in (first[1], first[0], first[2])),
            "optimizer.zero_grad()",
            Bilingual(
                "The same run with optimizer.zero_grad() before loss.backward(); compare the curves of C.",
                "其他不变，在 loss.backward() 之前加上 optimizer.zero_grad()，再运行一次，并比较 C 的曲线。",
            ),
        )


def _read_twice(steps: list[BoxStep]) -> tuple[Event, Event, Event] | None:
    """The update that read a gradient first, the backward that added to it, the update that read the sum."""
    taken: Event | None = None
    added: Event | None = None
    for step in steps:
        if step.change == Change.EMPTY:
            taken = added = None
        elif step.change == Change.FILL and taken is not None and step.is_added:
            added = step.event
        elif step.change == Change.TAKE:
            if taken is not None and added is not None:
                return taken, added, step.event
            taken = step.event
    return None


@rule(
    "gradients-add-up",
    title=("Each backward() adds to .grad", "每次 backward() 都会累加到 .grad"),
    why=(
        ".grad is a sum over all backward passes since it was last emptied, not the last pass's gradient.",
        ".grad 是自上次清空以来所有反向传播的梯度之和，而不是最后一次的梯度。",
    ),
    attempt=("To get each pass's own gradient, empty .grad before it.", "若要得到每次的梯度，请先清空 .grad。"),
    explained_by=("not-in-optimizer", "layer-made-in-forward"),
)
def gradients_add_up(run: Run) -> Iterator[Seen]:
    """The same line's backward passes fill a box again and again, and no update ever reads it."""
    if run.updates:
        return
    for steps in run.boxes.values():
        added = [step.event for step in steps if step.change == Change.FILL and step.is_added]
        if any(step.change != Change.FILL for step in steps) or len(added) < 2:
            continue
        if len({event.site for event in added}) > 1:
            continue
        tensor = added[0].tensor or 0
        at, name = run.at(added[0]), run.name(tensor)
        yield Seen(
            sentence(
                f"{len(added) + 1} backward passes of {at.english} added up in {name.english}.grad, which nothing "
                "empties and no update reads.",
                f"{at.chinese}的 {len(added) + 1} 次反向传播都累加到了 {name.chinese}.grad 中，"
                "没有任何地方清空它，也没有更新使用它。",
            ),
            Sure.MAYBE,
            tuple(event.position for event in added[:8]),
            f"{run.tensors[tensor].name or 'w'}.grad = None",
            Bilingual(
                "The same run with .grad emptied before each backward().",
                "其他不变，每次调用 backward() 之前先清空 .grad，再运行一次。",
            ),
        )
        return


@rule(
    "zero-grad-before-step",
    title=("Gradients are emptied before the update reads them", "梯度在更新之前就被清空了"),
    why=("The optimizer finds no gradients, so no parameter moves.", "优化器找不到梯度，因此没有参数会改变。"),
    attempt=(
        "Call zero_grad() before backward(), or after step().",
        "请在 backward() 之前或 step() 之后调用 zero_grad()。",
    ),
)
def zero_grad_before_step(run: Run) -> Iterator[Seen]:
    """Boxes are filled, emptied and never read, and the source calls step after the line that empties."""
    emptied = _emptied_unread(run)
    if not emptied:
        return
    filling, emptying = emptied[0][1:]
    cleared, passed = run.line(emptying), run.line(filling)
    later = [call.line for call, _ in _idle_steps(run, filling) if call.line >= cleared >= passed]
    if later:
        names = run.listed([tensor for tensor, *_ in emptied])
        yield Seen(
            sentence(
                f"{names.english} got a gradient at line {passed}, line {cleared} emptied it, and the step at line "
                f"{min(later)} changed nothing: it found no gradient.",
                f"{names.chinese} 在第 {passed} 行得到了梯度，第 {cleared} 行又把它清空，"
                f"于是第 {min(later)} 行的 step() 找不到梯度，什么也没有改变。",
            ),
            Sure.CERTAIN,
            (emptying.position, filling.position),
            "optimizer.zero_grad(); loss.backward(); optimizer.step()",
            Bilingual(
                f"The same run with line {cleared} moved before backward().",
                f"其他不变，把第 {cleared} 行移到 backward() 之前，再运行一次。",
            ),
        )


@rule(
    "step-before-backward",
    title=("The update comes before backward()", "更新发生在 backward() 之前"),
    why=(
        "step() uses what is in .grad when it is called: nothing, or the gradient of an earlier iteration.",
        "step() 使用调用时 .grad 中的内容：要么为空，要么是之前迭代的梯度。",
    ),
    attempt=("Call step() after backward().", "请在 backward() 之后调用 step()。"),
)
def step_before_backward(run: Run) -> Iterator[Seen]:
    """Boxes are filled, then emptied in the next iteration, and a step stands in the same loop before backward()."""
    emptied = _emptied_unread(run)
    if not emptied:
        return
    filling, emptying = emptied[0][1:]
    passed = run.line(filling)
    if run.line(emptying) > passed:
        return
    before = [call for call, backward in _idle_steps(run, filling) if 0 < backward.loop < call.line < passed]
    if before:
        step, cleared, names = before[0].line, run.line(emptying), run.listed([tensor for tensor, *_ in emptied])
        yield Seen(
            sentence(
                f"Line {step} steps before line {passed} computes the gradients, and line {cleared} empties them "
                f"again: {names.english} never changed.",
                f"第 {step} 行在第 {passed} 行计算梯度之前就做了更新，第 {cleared} 行又把梯度清空："
                f"{names.chinese} 从未改变。",
            ),
            Sure.CERTAIN,
            (filling.position, emptying.position),
            "loss.backward(); optimizer.step()",
            Bilingual(
                f"The same run with line {step} moved after line {passed}.",
                f"其他不变，把第 {step} 行移到第 {passed} 行之后，再运行一次。",
            ),
        )


def _idle_steps(run: Run, filling: Event) -> list[tuple[Call, Call]]:
    """(step, backward) for each step that never changed anything, in the function that called backward() for a filling.

    What stands in other functions may belong to another training.
    """
    site = run.trace.site(filling.site)
    if site is None:
        return []
    calls = [call for call in run.script.named("backward") if call.source == site.source]
    backward = next((call for call in calls if site.line <= call.line <= site.end_line), None)
    if backward is None:
        return []
    updated = [run.trace.site(event.site) for events in run.updates.values() for event in events]
    busy = {(place.source, place.line) for place in updated if place is not None}
    return [
        (step, backward)
        for step in run.script.steps()
        if (step.source, step.function) == (backward.source, backward.function) and (step.source, step.line) not in busy
    ]


def _emptied_unread(run: Run) -> list[tuple[int, Event, Event]]:
    """(tensor, the filling, the emptying) of boxes that were emptied right after a backward pass filled them."""
    found = []
    for tensor, steps in run.boxes.items():
        if tensor in run.updates or tensor in run.data:
            continue
        for one, other in pairwise(steps):
            if one.change == Change.FILL and other.change == Change.EMPTY:
                found.append((tensor, one.event, other.event))
                break
    return found
