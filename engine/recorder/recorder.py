"""The recorder: what its trackers share, and the one way in which an event gets into the trace.

Neutral by construction: it reads tensors, never writes them; makes no random numbers; hooks return nothing. If our own
code fails, `give_up` stops the recording, notes why, and the script goes on as if it were not watched.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import traceback
import weakref
from collections.abc import Iterator, Sequence
from threading import get_ident
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor

from ..limits import BATCH_ROWS, MIB
from ..trace.batch import Batch, Row
from ..trace.writer_process import WriterProcess
from .capture import Capture
from .compiled import CompiledFunctions
from .edits import Edits
from .failed_calls import FailedCalls
from .functions import FunctionRecorder
from .gate import Gate, Watcher
from .gradients import GradientRecorder, grad_fn_of
from .iterations import Iterations
from .mode_stack import put_back_modes
from .modules import ModuleRecorder
from .names import Names
from .ops import OpRecorder
from .optimizers import OptimizerRecorder
from .places import Places
from .schedulers import SchedulerRecorder
from .updates import UpdateRecorder
from .words import NODE

if TYPE_CHECKING:
    from .aten import AtenRecorder

_HAND_OVER_BYTES = 4 * MIB
_FOR_GOOD = 1_000_000
"""Added to `Recorder.suspended` when nothing is to be recorded any more."""


class Writer(Protocol):
    """Takes what is recorded: `TraceWriter`, or `WriterProcess`."""

    def put(self, batch: Batch) -> None:
        """Takes a batch."""

    def flush(self) -> None:
        """Returns when all that was put can be read."""


class Recorder:
    """Records what runs inside its `with` block, on the thread that entered it, into a trace writer."""

    def __init__(self, writer: Writer, gate: Gate | None = None, with_aten: bool = False) -> None:
        """with_aten: record what torch calls inside its operations too, which is not neutral."""
        self.writer = writer
        self.gate = gate
        self.watcher: Watcher | None = None
        self.position = 0
        self._grad_mode = ""
        self.suspended = 0
        self.batch = Batch()
        self.places = Places(self.batch)
        self.names = Names(self.batch)
        self.iterations = Iterations(self.batch, self.places)
        self.capture = Capture(self.batch, self.iterations, writer.arena if isinstance(writer, WriterProcess) else None)
        self.ops = OpRecorder(self)
        self.gradients = GradientRecorder(self)
        self.updates = UpdateRecorder(self)
        self.optimizers = OptimizerRecorder(self)
        self.schedulers = SchedulerRecorder(self)
        self.modules = ModuleRecorder(self)
        self.functions = FunctionRecorder(self)
        self.failed_calls = FailedCalls(self)
        self.compiled = CompiledFunctions()
        self.edits = Edits(self)
        self.held: Row | None = None
        """The event that the script is held before."""
        self.aten = _aten(self) if with_aten else None
        self._active = contextlib.ExitStack()
        self._thread = 0
        self._pid = os.getpid()
        self._start_ns = time.perf_counter_ns()
        self._outputs = 0
        self._output_lock = threading.Lock()

    def __enter__(self) -> Recorder:
        self._thread = get_ident()
        for tracker in (
            *(self.compiled, self.gradients, self.optimizers, self.schedulers),
            *(self.modules, self.functions, self.ops),
        ):
            self._active.enter_context(tracker)
        if self.aten is not None:
            self._active.enter_context(self.aten)
        _entered.add(self)
        return self

    def __exit__(self, kind: object, error: object, raised: TracebackType | None) -> None:
        _entered.discard(self)
        put_back_modes(raised)
        self.modules.put_back()
        self._active.close()
        if os.getpid() != self._pid:
            return
        with self.paused():
            self.iterations.finish(self.position)
            if self.aten is not None:
                self.aten.settle(ended=True)
            self.hand_over()

    def listening(self) -> bool:
        """Whether the calling thread is the one that is recorded."""
        return self._thread == get_ident()

    @property
    def is_over(self) -> bool:
        """Whether nothing is recorded any more, though the block may go on."""
        return self.suspended >= _FOR_GOOD

    def since_start_ns(self, moment_ns: int) -> int:
        """A moment of `time.perf_counter_ns` as events have it."""
        return moment_ns - self._start_ns

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Inside, torch calls of our own are not recorded, nor seen by any function mode."""
        self.suspended += 1
        try:
            with torch._C.DisableTorchFunction():
                yield
        finally:
            self.suspended -= 1

    def value_of(self, tensor: Tensor, frame: FrameType | None) -> int:
        """The value id of an op's input; one that no recorded op made becomes a named tensor."""
        value = self.capture.lookup(tensor)
        if value is not None:
            return value
        if self.capture.seen(tensor) is None or self.names.id_of(tensor) is not None:
            if grad_fn_of(tensor) is None:
                return self.capture.new(tensor, self.names.tensor(tensor, frame))
            self.gradients.source(tensor, None)
        return self.capture.new(tensor)

    def result(self, tensor: Tensor, written: bool) -> tuple[int, int | None, int]:
        """(value, node, output number) of an op's output. written: it was changed in place."""
        value = None if written else self.capture.lookup(tensor)
        node, index = self.gradients.source(tensor, self.position)
        if value is None:
            value = self.capture.new(tensor, self.names.id_of(tensor))
        return value, node, index

    def leaf(self, tensor: Tensor) -> int:
        """The id of a leaf that requires grad."""
        known = self.names.id_of(tensor)
        if known is None:
            with self.paused():
                known = self.names.tensor(tensor, self.places.frame(2))
        return known

    def arrive(
        self,
        kind: str,
        name: str,
        function: str,
        phase: str,
        site: int | None,
        inputs: Sequence[Row],
        arguments: dict[str, Any],
        node: int | None = None,
        tensor: int | None = None,
        call: int | None = None,
    ) -> bool:
        """An event is about to happen: asks the gate, and if it wants to stop, makes the trace complete up to here.

        True: something was changed by hand meanwhile. Look at the event again, and call this again.
        """
        gate = self.gate
        if gate is None:
            return False
        if self.watcher is not None:
            self.watcher.arriving(
                self._pending(kind, name, function, phase, site, inputs, arguments, node, tensor, call)
            )
        if gate.arrive(self.position, kind, name, phase, self.iterations.number, site, node):
            row = self._pending(kind, name, function, phase, site, inputs, arguments, node, tensor, call)
            self.held = row
            try:
                return self._hold(gate, row)
            finally:
                self.held = None
        return False

    def raised(
        self,
        kind: str,
        name: str,
        function: str,
        phase: str,
        site: int | None,
        inputs: Sequence[Row],
        arguments: dict[str, Any],
        error: str,
        node: int | None = None,
        tensor: int | None = None,
        call: int | None = None,
    ) -> None:
        """An event has raised, and nobody else has heard of it yet: the script may be held there."""
        if self.watcher is None or self.gate is None:
            return
        row = self._pending(kind, name, function, phase, site, inputs, arguments, node, tensor, call, error)
        if self.watcher.raised(row):
            self._hold(self.gate, row)

    def _pending(
        self,
        kind: str,
        name: str,
        function: str,
        phase: str,
        site: int | None,
        inputs: Sequence[Row],
        arguments: dict[str, Any],
        node: int | None,
        tensor: int | None,
        call: int | None,
        error: str = "",
    ) -> Row:
        """The row of an event that has made nothing yet."""
        now = time.perf_counter_ns() - self._start_ns
        return (
            self.position,
            kind,
            name,
            function,
            self.iterations.number,
            phase,
            call or self.modules.current,
            site,
            inputs,
            (),
            arguments,
            node,
            tensor,
            now,
            0,
            1,
            error,
        )

    def _hold(self, gate: Gate, row: Row) -> bool:
        """Stops before an event: all before it is in the trace, and itself as pending."""
        if row[1] != NODE:
            self._note_grad_mode()
        self.batch.events.append(row)
        self.flush()
        with self.paused():
            return gate.stop(self.position)

    def write(
        self,
        kind: str,
        name: str,
        function: str,
        phase: str,
        site: int | None,
        inputs: Sequence[Row],
        outputs: Sequence[Row],
        arguments: dict[str, Any] | None,
        node: int | None,
        tensor: int | None,
        begin_ns: int,
        duration_ns: int,
        error: str,
        call: int | None = None,
    ) -> None:
        """An event is completed."""
        batch = self.batch
        if kind != NODE:
            self._note_grad_mode()
        batch.events.append(
            (
                self.position,
                kind,
                name,
                function,
                self.iterations.number,
                phase,
                call or self.modules.current,
                site,
                inputs,
                outputs,
                arguments,
                node,
                tensor,
                begin_ns - self._start_ns,
                duration_ns,
                0,
                error,
            )
        )
        self.position += 1
        if self.watcher is not None:
            self.watcher.over(batch.events[-1])
        if len(batch.events) >= BATCH_ROWS or batch.size_bytes >= _HAND_OVER_BYTES:
            self.hand_over()

    def _note_grad_mode(self) -> None:
        """From this event on autograd follows what is computed, or does not."""
        mode = "grad" if torch.is_grad_enabled() else "inference" if torch.is_inference_mode_enabled() else "no_grad"
        if mode != self._grad_mode:
            self._grad_mode = mode
            self.batch.grad_modes.append((self.position, mode))

    def note_output(self, stream: str, text: str) -> None:
        """The script wrote something (any thread)."""
        if os.getpid() != self._pid:
            return
        with self._output_lock:
            self._outputs += 1
            self.batch.output.append((self._outputs, self.position, stream, text))

    def hand_over(self) -> None:
        """Gives what was gathered to the writer."""
        self.batch.calls += self.modules.open_rows(self.position)
        if self.position:
            self.batch.iterations.append(self.iterations.row(self.position))
        self.names.purge()
        if self.aten is not None:
            self.aten.settle()
        with self._output_lock:
            batch = self.batch.take()
        self.writer.put(batch)

    def hand_over_soon(self) -> None:
        """Has the script's thread hand over at its next event what was gathered; called from another thread."""
        self.batch.size_bytes = max(self.batch.size_bytes, _HAND_OVER_BYTES)

    def flush(self) -> None:
        """Returns when everything so far can be read from the trace."""
        self.hand_over()
        self.writer.flush()

    def stop(self) -> None:
        """Records nothing more, though the block goes on."""
        if self.suspended < _FOR_GOOD:
            self.suspended += _FOR_GOOD
            self.gate = self.watcher = None
            self.gradients.__exit__()

    def leave(self) -> None:
        """The same for good, in a forked copy of the script's process: here no thread is recorded."""
        self.stop()
        self._thread = 0

    def give_up(self, error: Exception) -> None:
        """Our own code failed: stop recording, say so in the trace, leave the script alone."""
        if self.suspended >= _FOR_GOOD:
            return
        self.stop()
        text = "".join(traceback.format_exception(error))
        self.batch.meta.append(("recorder_error", text))


def _aten(recorder: Recorder) -> AtenRecorder:
    from .aten import AtenRecorder

    return AtenRecorder(recorder)


_entered: weakref.WeakSet[Recorder] = weakref.WeakSet()


def _leave_children_alone() -> None:
    """In a forked child of the script nothing is recorded."""
    for recorder in list(_entered):
        recorder.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_children_alone)
