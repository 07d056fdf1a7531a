"""Carries out an edit on the script's own thread, while it is held before an event, and notes it as an event."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ...analysis.roles import roles
from ...analysis.watches.answers import NoAnswer
from ...analysis.watches.recorded_names import GRADIENT, Meaning, RecordedNames, RecordedValue
from ...analysis.watches.recorded_run import run_of
from ...bilingual import NOTHING, Bilingual, listed, same, sentences
from ...events import Kind
from ...trace.batch import Row
from ...trace.reader import Trace
from ...values import Value
from ...wire.messages import Edit, Edited, EditRefused
from .numbers import changed, numbers_of, shown
from .rates import is_rate, rates_of
from .refusal import Refusal
from .saved import keeper_of
from .target import Target, target_of
from .variables import tensor_in_variable

if TYPE_CHECKING:
    from ...recorder.recorder import Recorder

_KEPT, _CUT = "kept", "cut"
_MOST_READERS = 3


class Editor:
    """trace: the file that is being written, complete up to the stop whenever this is called."""

    def __init__(self, recorder: Recorder, trace: Path) -> None:
        self._recorder = recorder
        self._trace = trace

    def carry_out(self, wanted: Edit) -> Edited | EditRefused:
        """Changes a value, or says why not; in that case nothing at all has changed."""
        try:
            if self._recorder.held is None:
                raise Refusal(
                    Bilingual(
                        "Nothing can be changed here: no step of the script comes after this place.",
                        "这里什么都不能修改：此处之后脚本没有下一步了。",
                    )
                )
            with Trace(self._trace) as trace, torch.no_grad():
                if is_rate(wanted.target):
                    return self._rate(wanted, trace)
                return self._tensor(wanted, trace)
        except Refusal as refusal:
            return EditRefused(refusal.message, refusal.hint)
        except (RuntimeError, TypeError, ValueError, NotImplementedError) as error:
            why = (str(error).splitlines() or [type(error).__name__])[0][:300]
            return EditRefused(
                Bilingual(
                    f"torch cannot change {wanted.target} here: {why}", f"torch 无法在这里修改 {wanted.target}：{why}"
                ),
                NOTHING,
            )

    # Learning rates

    def _rate(self, wanted: Edit, trace: Trace) -> Edited:
        rates = rates_of(wanted.target, lambda tensor: self._recorder.capture.seen(tensor) is not None)
        before = rates.all
        names = _WithRate(self._names(trace), before[rates.chosen[0]])
        found = numbers_of(wanted.text, names)
        if found.size != 1 or found.dtype.kind == "c":
            raise Refusal(Bilingual("A learning rate is one number.", "学习率是一个数。"))
        rate = float(found.reshape(-1)[0])
        if rate < 0:
            raise Refusal(
                Bilingual(
                    f"A learning rate of {rate:g} would climb the loss instead of descending it.",
                    f"学习率为 {rate:g} 会让损失上升而不是下降。",
                )
            )
        rates.set(rate)
        arguments = {"lr": before, "new_lr": rates.all}
        position = self._write(wanted, "learning rate", [], [], arguments, None)
        note = NOTHING
        if rates.scheduler:
            note = Bilingual(
                f"{rates.scheduler} steps this optimizer and will set the rate anew.",
                f"{rates.scheduler} 控制着这个优化器，会重新设置学习率。",
            )
        old = " ".join(f"{before[number]:g}" for number in rates.chosen)
        return Edited(position, "learning rate", wanted.target, same(old), same(f"{rate:g}"), "", note)

    # Tensors

    def _tensor(self, wanted: Edit, trace: Trace) -> Edited:
        target = target_of(wanted.target)
        names = self._names(trace)
        value = self._value_of(target, names, trace)
        arriving = self._recorder.edits.arriving
        gradient = None if arriving is None else arriving.tensor(value.value.id)
        if gradient is not None and not target.name.endswith(GRADIENT):
            return self._gradient(wanted, target, names, value, gradient)
        owned = self._leaf(value)
        if owned is not None:
            return self._leaf_changed(wanted, target, names, *owned)
        box = self._box(value.value.id)
        if box is not None:
            return self._box_changed(wanted, target, names, value, *box)
        return self._activation(wanted, target, names, value, trace)

    def _names(self, trace: Trace) -> RecordedNames:
        held = self._recorder.held
        assert held is not None
        return RecordedNames(run_of(trace), self._recorder.position, held[4])

    def _value_of(self, target: Target, names: RecordedNames, trace: Trace) -> RecordedValue:
        """What a name stands for. A variable is what it holds now, which the trace only knows by the last use of it."""
        variable = self._in_variable(target.name, names, trace)
        if variable is not None:
            return variable
        try:
            found = names.find(target.name)
        except NoAnswer as reason:
            raise Refusal(reason.why) from None
        if isinstance(found, RecordedValue):
            return found
        if found is None:
            near = names.near(target.name)
            hint = Bilingual(
                "Give a parameter, or a quantity such as a1 or dC/dz1.", "请给出一个参数，或一个量，例如 a1 或 dC/dz1。"
            )
            if near:
                hint = Bilingual(f"Did you mean {' or '.join(near)}?", f"是不是想写 {' 或 '.join(near)}？")
            raise Refusal(Bilingual(f"There is no {target.name} here.", f"这里没有 {target.name}。"), hint)
        raise Refusal(
            Bilingual(
                f"{target.name} is worked out from other values and cannot be changed itself.",
                f"{target.name} 是由其他值算出的，本身不能修改。",
            ),
            Bilingual("Change what it is made of.", "请修改算出它的那些值。"),
        )

    def _in_variable(self, name: str, names: RecordedNames, trace: Trace) -> RecordedValue | None:
        """The value in a variable of the script; None where the name is a role, or the value was not recorded."""
        held = tensor_in_variable(name)
        if held is None or name in roles(trace, names.iteration).by_role:
            return None
        known = self._recorder.capture.lookup(self._recorder.edits.current(held))
        return None if known is None else RecordedValue(trace, trace.value(known), name)

    def _gradient(
        self, wanted: Edit, target: Target, names: RecordedNames, value: RecordedValue, gradient: Tensor
    ) -> Edited:
        """The gradient that arrives at the node that the script is held before: the node is handed another one."""
        arriving = self._recorder.edits.arriving
        assert arriving is not None
        new = changed(gradient, target, numbers_of(wanted.text, names))
        known = self._recorder.capture.snapshot(new)
        arriving.replace(value.value.id, new, known)
        position = self._write(
            wanted, "gradient", [("old", value.value.id, None, 0)], [("new", known, None, 0)], {}, None
        )
        note = Bilingual(
            "What follows in this backward pass is computed from it.", "这次反向传播中之后的一切都由它算出。"
        )
        return Edited(position, "gradient", wanted.target, shown(gradient, target), shown(new, target), "", note)

    def _leaf(self, value: RecordedValue) -> tuple[Tensor, int, int] | None:
        """(tensor, id, value in force) of the named tensor whose version a value is; a leaf that trains is one."""
        recorder = self._recorder
        key = value.value.tensor
        if key is None:
            held = recorder.capture.holding(value.value.id)
            found = next((one for one in held if one.requires_grad and one.is_leaf), None)
            return None if found is None else (found, recorder.leaf(found), value.value.id)
        found = recorder.names.holder(key)
        if found is None:
            return None
        known = recorder.capture.seen(found)
        return found, key, value.value.id if known is None else known

    def _leaf_changed(
        self, wanted: Edit, target: Target, names: RecordedNames, tensor: Tensor, key: int, old: int
    ) -> Edited:
        """Parameters, buffers and inputs are written to in place."""
        new = changed(tensor, target, numbers_of(wanted.text, names))
        recorder = self._recorder
        keeper = keeper_of(tensor, recorder)
        if keeper is not None:
            raise Refusal(
                Bilingual(
                    f"{target.name} cannot be changed here: {keeper} keeps it for the backward pass, whose gradients "
                    "would then belong neither to the old value nor to the new one.",
                    f"{target.name} 不能在这里修改：{keeper} 为反向传播保存着它，"
                    "修改之后的梯度既不属于旧值，也不属于新值。",
                ),
                Bilingual(
                    "Change it before the forward pass that reads it, or after the backward pass, or in a branch.",
                    "请在读取它的前向传播之前、反向传播之后，或在分支中修改。",
                ),
            )
        before = shown(tensor, target)
        tensor.copy_(new)
        recorder.capture.written((tensor,))
        known = recorder.capture.new(tensor, key)
        recorder.names.note_storage(tensor, key)
        kind = recorder.names.kinds[key]
        position = self._write(wanted, kind, [("old", old, None, 0)], [("new", known, None, 0)], {}, key)
        note = NOTHING
        if tensor.untyped_storage().nbytes() > tensor.nbytes and kind == "input":
            note = Bilingual(
                f"{target.name} is a part of a larger tensor, which has changed there too.",
                f"{target.name} 是一个更大张量的一部分，那个张量的相应位置也随之改变。",
            )
        return Edited(position, kind, wanted.target, before, shown(tensor, target), "", note)

    def _box(self, value: int) -> tuple[Tensor, int] | None:
        """(the leaf's `.grad`, the leaf's id) where a value is what such a box holds."""
        for key, held in self._recorder.gradients.boxes.items():
            leaf = self._recorder.names.holder(key) if held == value else None
            if leaf is not None and leaf.grad is not None:
                return leaf.grad, key
        return None

    def _box_changed(
        self, wanted: Edit, target: Target, names: RecordedNames, value: RecordedValue, box: Tensor, key: int
    ) -> Edited:
        """A `.grad` is written to in place; the update that comes reads it."""
        new = changed(box, target, numbers_of(wanted.text, names))
        recorder = self._recorder
        if box.requires_grad or keeper_of(box, recorder) is not None:
            raise Refusal(
                Bilingual(
                    f"{target.name} is part of a graph of its own (create_graph), which an edit would break.",
                    f"{target.name} 属于它自己的计算图（create_graph），修改会破坏这个图。",
                )
            )
        before = shown(box, target)
        box.copy_(new)
        recorder.capture.written((box,))
        known = recorder.capture.new(box)
        recorder.gradients.boxes[key] = known
        recorder.updates.filled(box, key, known)
        slots = [("grad", value.value.id, None, 0)], [("grad", known, None, 0)]
        position = self._write(wanted, GRADIENT, *slots, {}, key)
        note = Bilingual(
            "The next update goes by it; the gradients before it stay as they were computed.",
            "下一次更新会使用它；它之前的梯度仍是算出时的样子。",
        )
        return Edited(position, GRADIENT, wanted.target, before, shown(box, target), "", note)

    def _activation(
        self, wanted: Edit, target: Target, names: RecordedNames, value: RecordedValue, trace: Trace
    ) -> Edited:
        """The result of an op: later calls get another tensor, see NOTE [How an edit reaches the script]."""
        recorder = self._recorder
        held = [recorder.edits.current(one) for one in recorder.capture.holding(value.value.id)]
        if not held:
            raise Refusal(*_why_not_there(trace, target.name, value.value.id))
        if torch._C._current_autograd_node() is not None:
            raise Refusal(
                Bilingual(
                    f"{target.name} cannot be changed during the backward pass, which uses what was saved before.",
                    f"反向传播期间不能修改 {target.name}：反向传播使用的是之前保存的值。",
                ),
                Bilingual(
                    "Change the gradient that arrives here, or go back to the forward pass in a branch.",
                    "请修改传到这里的梯度，或用分支回到前向传播。",
                ),
            )
        old = held[0]
        before = recorder.capture.lookup(old) or value.value.id
        new = changed(old, target, numbers_of(wanted.text, names))
        gradient = "" if not old.requires_grad else _KEPT if wanted.keep_gradient else _CUT
        replacement = _in_its_place(old, new, target, wanted.keep_gradient) if gradient else new
        known = recorder.capture.new(replacement)
        slots = (
            [("old", before, *recorder.gradients.source(old, None))],
            [("new", known, *recorder.gradients.source(replacement, recorder.position))],
        )
        for one in held:
            recorder.edits.replace(one, replacement)
        position = self._write(wanted, "activation", *slots, {"gradient": gradient} if gradient else {}, None)
        note = sentences(_consequence(gradient, target), _read_before(trace, value.value, position))
        return Edited(position, "activation", wanted.target, shown(old, target), shown(new, target), gradient, note)

    def _write(
        self,
        wanted: Edit,
        what: str,
        inputs: Sequence[Row],
        outputs: Sequence[Row],
        arguments: dict[str, Any],
        tensor: int | None,
    ) -> int:
        """Notes the edit as an event; gives back its position."""
        recorder = self._recorder
        assert recorder.held is not None
        position = recorder.position
        said = {"what": what, "target": wanted.target, "text": wanted.text, **arguments}
        recorder.edits.write(recorder.held, inputs, outputs, said, tensor, time.perf_counter_ns())
        return position


def _in_its_place(old: Tensor, new: Tensor, target: Target, keep_gradient: bool) -> Tensor:
    """A tensor with the new numbers whose gradient goes on to `old`, or only that of the elements that stay."""
    with torch.enable_grad():
        if keep_gradient:
            stand_in = old.clone()
            with torch.no_grad():
                stand_in.copy_(new)
            return stand_in
        places = target.flat_places(tuple(old.shape))
        if places is None:
            return new
        chosen = torch.zeros(old.numel(), dtype=torch.bool)
        chosen[torch.from_numpy(places.reshape(-1).copy())] = True
        return torch.where(chosen.view(old.shape).to(old.device), new, old)


def _consequence(gradient: str, target: Target) -> Bilingual:
    if gradient == _KEPT:
        return Bilingual("Its gradient still goes on to what made it.", "它的梯度仍会继续传给产生它的部分。")
    if gradient == _CUT and target.places is None:
        return Bilingual(
            "It is a constant from here on: what made it gets no gradient from it.",
            "从这里起它是常数：产生它的部分得不到来自它的梯度。",
        )
    if gradient == _CUT:
        return Bilingual(
            "These elements are constants from here on: what made them gets no gradient from them.",
            "从这里起这些元素是常数：产生它们的部分得不到来自它们的梯度。",
        )
    return NOTHING


def _read_before(trace: Trace, value: Value, position: int) -> Bilingual:
    """Who has read a value before it was changed, and so has computed with the old one."""
    readers = [
        Bilingual(f"{event.name} (step {event.position})", f"{event.name}（第 {event.position} 步）")
        for event in trace.events(iteration=value.iteration)
        if event.kind == Kind.OP and event.position < position and any(slot.value == value.id for slot in event.inputs)
    ]
    if not readers:
        return NOTHING
    first = listed(readers[:_MOST_READERS])
    return Bilingual(
        f"{first.english} read it before and computed with the old value.",
        f"{first.chinese}在此之前读取过它，用的是旧值。",
    )


def _why_not_there(trace: Trace, name: str, value: int) -> tuple[Bilingual, Bilingual]:
    """Why a value that was recorded cannot be changed any more, or yet; and what to try."""
    for event in reversed(trace.events(iteration=trace.value(value).iteration)):
        for slot in event.outputs if event.kind == Kind.NODE else ():
            node = trace.node(slot.node) if slot.value == value and slot.node is not None else None
            if node is not None:
                return (
                    Bilingual(
                        f"{name} can be changed where it arrives, which is at {node.name}, which does not come next.",
                        f"{name} 只能在它传到的地方修改，也就是 {node.name}，而接下来并不是它。",
                    ),
                    Bilingual(f"Stop before {node.name}.", f"请停在 {node.name} 之前。"),
                )
    return (
        Bilingual(
            f"The script does not hold {name} any more, or has changed it since.",
            f"脚本已经不再持有 {name}，或之后改变过它。",
        ),
        Bilingual(
            "Change it right after it was computed; a branch can go back there.",
            "请在它刚算出之后修改；分支可以回到那里。",
        ),
    )


class _WithRate:
    """The names of a place, where `lr` is known too before the first update has told it."""

    def __init__(self, names: RecordedNames, rate: float) -> None:
        self._names = names
        self._rate = rate

    def find(self, name: str) -> Meaning:
        """What a name stands for."""
        return self._rate if name == "lr" else self._names.find(name)

    def near(self, name: str) -> Sequence[str]:
        """Names that look like it."""
        return self._names.near(name)
