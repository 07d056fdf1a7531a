"""Ops: every torch call that the script makes from Python, by a function mode.

Sees `F.linear`, `torch.sigmoid`, `Tensor.__add__`, writes to `.data` and `.grad`. Cannot see: what runs inside a
backward pass, C++ code that never comes through Python, other threads, the inside of compiled or scripted functions.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import IntEnum
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode, resolve_name

from ..events import Kind, Phase
from ..trace.batch import Row

if TYPE_CHECKING:
    from .recorder import Recorder


class Plan(IntEnum):
    """What to do with a torch function."""

    PASS = 0
    """Computes no tensor: only let it through."""
    OP = 1
    IN_PLACE = 2
    SET_GRAD = 3
    SET_DATA = 4
    GRADIENTS = 5
    """torch.autograd.grad: its results are gradients that nodes have computed."""


_IN_PLACE_DUNDERS = {
    f"__{name}__"
    for name in "iadd isub imul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift imatmul setitem".split()
}
_PASSED = set(
    "item tolist numpy size dim ndimension stride numel nelement element_size storage_offset data_ptr storage "
    "untyped_storage is_contiguous is_floating_point is_complex is_conj is_neg is_signed is_inference is_pinned "
    "is_shared is_same_size is_set_to type get_device has_names backward register_hook retain_grad "
    "register_post_accumulate_grad_hook requires_grad_ __repr__ __str__ __format__ __len__ __bool__ __int__ __float__ "
    "__index__ __hash__ __contains__ __dir__ __reduce_ex__ __deepcopy__ __setstate__ __iter__ __array__ "
    "__dlpack__ __dlpack_device__ __cuda_array_interface__ equal allclose is_tensor is_nonzero result_type "
    "promote_types can_cast get_default_dtype set_default_dtype is_grad_enabled manual_seed seed initial_seed "
    "get_rng_state set_rng_state share_memory_ pin_memory_ _is_view _typed_storage module_load names rename_ "
    "refine_names compile save load set_printoptions vmap autocast".split()
)


class OpRecorder(TorchFunctionMode):
    """Records each op between `__enter__` and `__exit__`; see the module's first lines for what it cannot see."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._plans: dict[Any, Plan] = {}
        self._labels: dict[Any, tuple[str, str]] = {}

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        plan = self._plans.get(func)
        if plan is None:
            plan = self._plan(func)
        recorder = self._recorder
        if plan == Plan.PASS or recorder.suspended:
            return func(*args, **kwargs)
        if plan == Plan.SET_GRAD:
            return recorder.updates.set_grad(func, args)
        if "out" in kwargs:
            plan = Plan.IN_PLACE
        return self._record(func, plan, args, kwargs)

    def _record(self, func: Callable[..., Any], plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        recorder = self._recorder
        try:
            frame = recorder.places.frame(2)
            site = recorder.places.site(frame)
            name, function = self._labels[func]
            inputs, arguments, tracked = self._inputs(args, kwargs, frame)
            targets = self._targets(plan, args, kwargs) if plan in (Plan.IN_PLACE, Plan.SET_DATA) else ()
            tracked = tracked and torch.is_grad_enabled() and not any(target.is_leaf for target in targets)
            phase = recorder.iterations.before_op(recorder.position, name, site, tracked, recorder.names.trainable)
            owner = recorder.updates.owner(targets, phase)
            kind = Kind.OP
            if owner is not None:
                kind, phase = Kind.UPDATE, Phase.UPDATE
            if recorder.gate is not None:
                recorder.arrive(kind, name, function, phase, site, inputs, arguments)
        except Exception as error:
            recorder.give_up(error)
            return func(*args, **kwargs)
        begin = time.perf_counter_ns()
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            duration = time.perf_counter_ns() - begin
            self._raised(error, (kind, name, function, phase, site, inputs, arguments), begin, duration)
            raise
        duration = time.perf_counter_ns() - begin
        try:
            if owner is not None:
                recorder.updates.wrote(owner, name, function, site, inputs, arguments, begin, duration)
                return result
            if plan == Plan.GRADIENTS:
                recorder.gradients.returned(args, kwargs, result)
            outputs = self._outputs(result, targets)
            if outputs:
                if phase == Phase.OTHER and recorder.updates.from_gradients(inputs):
                    phase = Phase.UPDATE
                if phase == Phase.UPDATE:
                    recorder.updates.derived(outputs)
                recorder.write(
                    kind, name, function, phase, site, inputs, outputs, arguments, None, None, begin, duration, ""
                )
        except Exception as error:
            recorder.give_up(error)
        return result

    def _raised(self, error: Exception, call: tuple[Any, ...], begin: int, duration: int) -> None:
        """The op raised: an event like others, with the error in place of outputs."""
        kind, name, function, phase, site, inputs, arguments = call
        if self._recorder.suspended:
            return
        text = f"{type(error).__name__}: {error}"
        self._recorder.write(
            kind, name, function, phase, site, inputs, (), arguments, None, None, begin, duration, text
        )

    def _inputs(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None
    ) -> tuple[list[Row], dict[str, Any], bool]:
        """Slots of the tensors among the arguments, the other arguments, and whether one requires grad."""
        inputs: list[Row] = []
        arguments: dict[str, Any] = {}
        tracked = False
        value_of = self._recorder.value_of
        for i, argument in enumerate(args):
            if isinstance(argument, Tensor):
                inputs.append((str(i), value_of(argument, frame), None, 0))
                tracked = tracked or argument.requires_grad
            elif isinstance(argument, list | tuple):
                tracked = self._nested(str(i), argument, inputs, arguments, frame) or tracked
            else:
                arguments[str(i)] = _plain(argument)
        for key, argument in kwargs.items():
            if isinstance(argument, Tensor):
                inputs.append((key, value_of(argument, frame), None, 0))
                tracked = tracked or argument.requires_grad
            elif isinstance(argument, list | tuple):
                tracked = self._nested(key, argument, inputs, arguments, frame) or tracked
            else:
                arguments[key] = _plain(argument)
        return inputs, arguments, tracked

    def _nested(
        self,
        path: str,
        items: list[Any] | tuple[Any, ...],
        inputs: list[Row],
        arguments: dict[str, Any],
        frame: FrameType | None,
    ) -> bool:
        """A list or tuple argument: its tensors become slots "path.i"; one without tensors is a plain argument."""
        tracked = False
        rest = []
        for i, item in enumerate(items):
            if isinstance(item, Tensor):
                inputs.append((f"{path}.{i}", self._recorder.value_of(item, frame), None, 0))
                tracked = tracked or item.requires_grad
                rest.append(None)
            elif isinstance(item, list | tuple) and any(isinstance(inner, Tensor) for inner in item):
                tracked = self._nested(f"{path}.{i}", item, inputs, arguments, frame) or tracked
                rest.append(None)
            else:
                rest.append(_plain(item))
        if len(items) == 0 or any(item is not None for item in rest):
            arguments[path] = rest
        return tracked

    def _outputs(self, result: Any, targets: tuple[Tensor, ...]) -> list[Row]:
        recorder = self._recorder
        if isinstance(result, Tensor):
            return [("0", *recorder.result(result, bool(targets)))]
        if isinstance(result, list | tuple):
            found = list(_tensors("", result))
            return [(name, *recorder.result(tensor, bool(targets))) for name, tensor in found]
        return [(str(i), *recorder.result(target, True)) for i, target in enumerate(targets)]

    def _targets(self, plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Tensor, ...]:
        """The tensors that an in-place call writes to."""
        written = kwargs.get("out", args[0] if args else next(iter(kwargs.values()), None))
        if isinstance(written, Tensor):
            return (written,)
        if isinstance(written, list | tuple):
            return tuple(item for item in written if isinstance(item, Tensor))
        return ()

    def _plan(self, func: Callable[..., Any]) -> Plan:
        plan = self._plans[func] = _plan_of(func)
        if plan != Plan.PASS:
            name = getattr(func, "__name__", type(func).__name__)
            function = resolve_name(func) or f"{getattr(func, '__module__', '') or 'torch'}.{name}"
            if plan == Plan.SET_DATA:
                name, function = "data=", "Tensor.data"
            elif name == "__get__":
                name = function.rsplit(".", 2)[-2]
            self._labels[func] = (_short(name), function)
        return plan


def _plan_of(func: Callable[..., Any]) -> Plan:
    name = getattr(func, "__name__", "")
    owner = getattr(func, "__self__", None)
    if name in ("__get__", "__set__"):
        attribute = getattr(owner, "__name__", "")
        if name == "__set__":
            return {"grad": Plan.SET_GRAD, "data": Plan.SET_DATA}.get(attribute, Plan.PASS)
        return Plan.OP if attribute in ("T", "mT", "H", "mH", "real", "imag", "data") else Plan.PASS
    if func is torch.autograd.grad:
        return Plan.GRADIENTS
    if name in _PASSED or name.startswith(("is_", "_is_", "__torch", "has_")):
        return Plan.PASS
    if name in _IN_PLACE_DUNDERS:
        return Plan.IN_PLACE
    if name.endswith("_") and not name.endswith("__"):
        return Plan.IN_PLACE
    return Plan.OP


def _short(name: str) -> str:
    """ "add" for __add__, __radd__ and __iadd__."""
    if not (name.startswith("__") and name.endswith("__")):
        return name
    core = name[2:-2]
    if core in ("setitem", "getitem", "invert", "rsub", "rtruediv", "rpow", "and", "or"):
        return core
    plain = {"truediv": "div", "pos": "positive"}
    for prefix in ("r", "i"):
        stem = core.removeprefix(prefix)
        if stem != core and stem in ("add", "sub", "mul", "truediv", "pow", "matmul", "floordiv", "mod"):
            core = stem + ("_" if prefix == "i" else "")
            return plain.get(stem, stem) + ("_" if prefix == "i" else "")
    return plain.get(core, core)


def _tensors(prefix: str, items: list[Any] | tuple[Any, ...]) -> Any:
    for i, item in enumerate(items):
        name = f"{prefix}.{i}" if prefix else str(i)
        if isinstance(item, Tensor):
            yield name, item
        elif isinstance(item, list | tuple):
            yield from _tensors(name, item)


def _plain(argument: Any) -> Any:
    """An argument as JSON: numbers, texts and lists as they are, others as a short word. Runs no code of the script."""
    kind = type(argument)
    if kind in (int, bool, str, type(None)):
        return argument
    if kind is float:
        return argument if math.isfinite(argument) else repr(argument)
    if kind is complex:
        return repr(argument)
    if isinstance(argument, torch.dtype | torch.device | torch.layout | torch.memory_format):
        return str(argument)
    if kind is slice:
        return [_plain(argument.start), _plain(argument.stop), _plain(argument.step)]
    if argument is Ellipsis:
        return "..."
    if kind in (list, tuple, torch.Size):
        return [_plain(item) for item in argument[:256]]
    return f"<{kind.__name__}>"
