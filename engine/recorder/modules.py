"""Module calls, by torch's global forward hooks.

Sees every `module(...)` on the recorded thread. Cannot see: `module.forward(...)` called directly (ops are recorded all
the same), modules used only through their weights. A call that torch would run on a fast path of its own (a Transformer
encoder in eval mode, compiled and scripted modules) is one opaque op: a function mode would send it another way, and
move its result by some 6e-7.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn, overrides
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from ..trace.batch import Row
from .words import OP

if TYPE_CHECKING:
    from .recorder import Recorder

_modes: Any = overrides
_FAST_IN_EVAL = (nn.TransformerEncoder, nn.TransformerEncoderLayer, nn.MultiheadAttention)


class ModuleRecorder:
    """Registers torch's global module hooks between `__enter__` and `__exit__`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._handles: list[Any] = []
        self._count = 0
        self._plain: set[type] = set()
        """Classes of modules that are never opaque."""
        self._stack: list[Row] = []
        self.current: int | None = None
        """Id of the innermost module call."""
        self._opaque: tuple[nn.Module, list[Row], Any, contextlib.ExitStack, int, Any] | None = None

    def __enter__(self) -> ModuleRecorder:
        self._handles = [
            # torch takes other arguments from it, though its annotation says None.
            register_module_forward_pre_hook(cast(Any, self._begin)),
            # Not with_kwargs: torch forgets to remove that mark, and leaves keywords out when a forward raised.
            register_module_forward_hook(self._end, always_call=True),
        ]
        return self

    def __exit__(self, *exception: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def put_back(self) -> None:
        """Ends an opaque call that torch never said was over (a KeyboardInterrupt calls no hook)."""
        self._leave_opaque(None)

    @property
    def is_opaque(self) -> bool:
        """Whether a call runs whose inside is not recorded."""
        return self._opaque is not None

    def open_rows(self, position: int) -> list[Row]:
        """Rows of the calls that are not over yet, as far as they have come."""
        return [self._row(row, position) for row in self._stack]

    def open_sites(self) -> list[tuple[int, int]]:
        """(position at which it began, id of the place that called it) of calls that are not over, outermost first."""
        return [(row[6], row[7]) for row in self._stack if row[7] is not None]

    def _row(self, row: Row, position: int) -> Row:
        """(id, parent, path, class, variable, iteration, begin, end); the iteration is that of its ops."""
        return (*row[1:6], self._recorder.iterations.number, row[6], position)

    def _begin(self, module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """A call begins. Gives back other arguments where somebody has changed one that no function mode will see."""
        recorder = self._recorder
        if not recorder.listening() or recorder.suspended or self._opaque is not None:
            return None
        try:
            path, variable = recorder.names.known_module(module) or self._named(module)
            self._count += 1
            site = recorder.places.site(recorder.places.frame(2))
            if site is not None:
                recorder.batch.call_sites.append((self._count, site))
            kind = type(module)
            self._stack.append(
                (module, self._count, self.current, path, kind.__name__, variable, recorder.position, site)
            )
            self.current = self._count
            if kind not in self._plain and self._is_opaque(module):
                given = self._enter_opaque(module, args, recorder.places.frame(2))
                return None if given is args else given
        except Exception as error:
            recorder.give_up(error)
        return None

    def _named(self, module: nn.Module) -> tuple[str, str]:
        with self._recorder.paused():
            return self._recorder.names.module(module, self._recorder.places.frame(3))

    def _is_opaque(self, module: nn.Module) -> bool:
        if isinstance(module, _FAST_IN_EVAL):
            return not module.training
        if isinstance(module, torch.jit.ScriptModule) or type(module).__name__ == "OptimizedModule":
            return True
        self._plain.add(type(module))
        return False

    def _end(self, module: nn.Module, args: Any, output: Any) -> None:
        recorder = self._recorder
        if not recorder.listening() or not (
            self._stack and (self._stack[-1][0] is module or any(row[0] is module for row in self._stack))
        ):
            return
        try:
            if self._opaque is not None:
                if self._opaque[0] is not module:
                    return
                self._leave_opaque(output)
            while self._stack:
                row = self._stack.pop()
                self.current = row[2]
                if row[6] < recorder.position:
                    recorder.batch.calls.append(self._row(row, recorder.position))
                if row[0] is module:
                    break
        except Exception as error:
            recorder.give_up(error)

    def _enter_opaque(self, module: nn.Module, args: tuple[Any, ...], frame: Any) -> tuple[Any, ...]:
        """Leaves the call alone until it is over. Gives back its arguments, with what was changed by hand in place."""
        recorder = self._recorder
        site = recorder.places.site(frame)
        name = type(module).__name__
        phase = recorder.iterations.before_op(
            recorder.position,
            name,
            site,
            torch.is_grad_enabled() and any(parameter.requires_grad for parameter in module.parameters()),
            recorder.names.trainable,
        )
        again = True
        while again:
            if recorder.edits.replaced:
                args, _ = recorder.edits.stand_ins(module, args, None)
            with recorder.paused():
                inputs = [
                    (str(i), recorder.value_of(argument, frame), None, 0)
                    for i, argument in enumerate(args)
                    if isinstance(argument, Tensor)
                ]
            again = recorder.arrive(OP, name, name, phase, site, inputs, {})
        lifted = []
        while _modes._get_current_function_mode_stack():
            lifted.append(_modes._pop_mode())
            if lifted[-1] is recorder.ops:
                break
        compiled = contextlib.ExitStack()
        compiled.enter_context(recorder.compiled.as_compiled())
        self._opaque = (module, inputs, lifted, compiled, time.perf_counter_ns(), (name, phase, site))
        return args

    def _leave_opaque(self, output: Any) -> None:
        if self._opaque is None:
            return
        module, inputs, lifted, compiled, begin, (name, phase, site) = self._opaque
        self._opaque = None
        compiled.close()
        duration = time.perf_counter_ns() - begin
        recorder = self._recorder
        outputs = []
        for buffer in module.buffers():
            recorder.capture.forget(buffer)
        items = output if isinstance(output, list | tuple) else [output]
        for i, item in enumerate(items):
            if isinstance(item, Tensor):
                outputs.append((str(i), *recorder.result(item, False)))
        if outputs:
            recorder.write(
                OP, name, name, phase, site, inputs, outputs, {"opaque": True}, None, None, begin, duration, ""
            )
        while lifted:
            _modes._push_mode(lifted.pop())
