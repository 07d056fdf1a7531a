"""Learning-rate schedulers: each step of one from torch.optim.lr_scheduler is an update event without tensors.

See NOTE [What a scheduler's event says] in `schedules`.
Sees: schedulers of torch.optim.lr_scheduler and the script's own kinds of `LRScheduler` that do not replace `step`.
Cannot see: a script that writes to `param_groups` itself (the optimizer's next events have the new rate).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LRScheduler

from .schedules import OWN, after_step, before_step, is_initial, with_parts
from .settings import plain_setting
from .words import SETUP, UPDATE, UPDATED

if TYPE_CHECKING:
    from .recorder import Recorder

_KINDS = (
    LRScheduler,
    *(lr_scheduler.SequentialLR, lr_scheduler.ChainedScheduler),
    *(lr_scheduler.ReduceLROnPlateau, lr_scheduler.CosineAnnealingWarmRestarts),
)


class SchedulerRecorder:
    """Stands in for the `step` of scheduler classes between `__enter__` and `__exit__`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._found: dict[type, Any] = {}
        self._parts: list[list[dict[str, Any]]] = []
        """What was done by the parts of the schedulers that are stepping now, outermost first."""

    def __enter__(self) -> SchedulerRecorder:
        for kind in _KINDS:
            found = kind.__dict__.get("step")
            if found is not None:
                self._found[kind] = found
                cast(Any, kind).step = self._step_of(found)
        return self

    def __exit__(self, *exception: object) -> None:
        for kind, found in self._found.items():
            cast(Any, kind).step = found
        self._found = {}

    def _step_of(self, found: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(found)
        def step(scheduler: Any, *args: Any, **kwargs: Any) -> Any:
            call = recorder.places.stand_in(found)
            if recorder.suspended or not recorder.listening():
                return call(found, (scheduler, *args), kwargs)
            return self._record(call, found, scheduler, args, kwargs)

        return step

    def _record(
        self,
        call: Callable[..., Any],
        found: Callable[..., Any],
        scheduler: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Steps a scheduler and says what it did: as an event, or to the scheduler that it is a part of."""
        recorder = self._recorder
        frame = None if self._parts else recorder.places.frame(2)
        begin, first = time.perf_counter_ns(), is_initial(scheduler)
        said: dict[str, Any] = {}
        parts: list[dict[str, Any]] = []
        factors: list[Any] = []
        site: int | None = None
        try:
            site = None if self._parts else recorder.places.site(frame)
            again = True
            while again:
                with recorder.paused():
                    said = before_step(scheduler, args, kwargs)
                again = not self._parts and self._arrive(scheduler, said, site, first)
        except Exception as error:
            recorder.give_up(error)
        self._parts.append(parts)
        try:
            with self._noting(scheduler, factors):
                result = call(found, (scheduler, *args), kwargs)
        finally:
            self._parts.pop()
        try:
            with recorder.paused():
                said |= after_step(scheduler, said, parts, factors)
            if self._parts:
                self._parts[-1].append({"name": type(scheduler).__name__, **said})
            elif not recorder.suspended and (not first or said["lr"] != said["new_lr"]):
                self._write(scheduler, said, site, begin)
        except Exception as error:
            recorder.give_up(error)
        return result

    def _arrive(self, scheduler: Any, said: dict[str, Any], site: int | None, first: bool) -> bool:
        """The script is about to step a scheduler. True: look again, something was changed by hand."""
        recorder = self._recorder
        recorder.iterations.between(recorder.position, site)
        if first or recorder.gate is None:
            return False
        name, function = type(scheduler).__name__, _function(scheduler)
        return recorder.arrive(UPDATED, name, function, self._phase(), site, [], said)

    def _write(self, scheduler: Any, said: dict[str, Any], site: int | None, begin: int) -> None:
        self._recorder.write(
            UPDATED,
            type(scheduler).__name__,
            _function(scheduler),
            self._phase(),
            site,
            [],
            [],
            said,
            None,
            None,
            begin,
            time.perf_counter_ns() - begin,
            "",
        )

    def _phase(self) -> str:
        return SETUP if self._recorder.iterations.number < 0 else UPDATE

    @contextmanager
    def _noting(self, scheduler: Any, factors: list[Any]) -> Iterator[None]:
        """While it steps, what the script's own functions return is noted: its own ones and those of its parts."""
        paused = self._recorder.paused

        def noted(function: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any) -> Any:
                result = function(*args)
                with paused():
                    factors.append(plain_setting(result))
                return result

            return call

        held = [(one, name, vars(one)[name]) for one in with_parts(scheduler) for name in OWN if vars(one).get(name)]
        try:
            for one, name, functions in held:
                several = isinstance(functions, list)
                setattr(one, name, [noted(function) for function in functions] if several else noted(functions))
            yield
        finally:
            for one, name, functions in held:
                setattr(one, name, functions)


def _function(scheduler: Any) -> str:
    kind = type(scheduler)
    return f"{kind.__module__}.{kind.__qualname__}"
