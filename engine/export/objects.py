"""A trace as Python objects: iterations, events and values as NumPy arrays. What `gradstep.open` returns."""

from __future__ import annotations

import difflib
import html
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from .. import events as records
from ..analysis.edit_places import place_of
from ..analysis.explain.chain import chain
from ..analysis.explain.explainer import explain
from ..analysis.quantities import Quantity, quantities
from ..analysis.verdict.report import check, usual_iterations
from ..bilingual import Bilingual
from ..errors import GradstepError
from ..events import Slot
from ..session.branches import next_name
from ..session.what_if import Plan, Setting, what_if
from ..trace.not_kept import why_not_kept
from ..trace.reader import Trace
from .described import Described
from .formats import chosen_iterations
from .outline import outline
from .shown import RecordedChain, RecordedCheck, RecordedExplanation, RecordedValue

_MOST_FOLDED = 20
"""Iterations that a notebook lists, each to unfold."""


class RecordedEvent:
    """One recorded happening: an op, an autograd node, a change of `.grad`, or an update.

    position: its place in time, the number of events before it. name: "linear", "SigmoidBackward0", "SGD". phase:
    "setup", "zero", "forward", "backward", "update" or "other". kind: "op", "node", "grad", "update" or "edit".
    """

    def __init__(self, described: Described, event: records.Event) -> None:
        self._described = described
        self._event = event
        self.position = event.position
        self.iteration = event.iteration
        self.phase = event.phase.value
        self.kind = event.kind.value
        self.name = event.name
        self.function = event.function
        self.arguments: dict[str, Any] = event.arguments
        self.error = event.error

    def __repr__(self) -> str:
        place = f", line {self.line}" if self.line else ""
        return f"<event {self.position}: {self.name} ({self.phase}{place})>"

    @property
    def module(self) -> str:
        """Path of the module it ran in ("hidden_layer"), "" outside of modules."""
        return self._described.module(self._event)

    @property
    def parameter(self) -> str:
        """Name of the parameter that was updated or whose `.grad` changed, "" for others."""
        return self._described.parameter(self._event)

    @property
    def grad_mode(self) -> str:
        """Whether autograd was following: "grad", "no_grad" or "inference"; "" where that is not said (nodes, and what
        an optimizer does inside its step).
        """
        return self._described.trace.grad_mode(self._event)

    @property
    def called_at(self) -> int:
        """The line that called the module it ran in (`net(x)`), counted from 1; 0 if there is none."""
        call = self._described.call(self._event)
        place = None if call is None else self._described.called_from(call)
        return 0 if place is None else place.line

    @property
    def file(self) -> str:
        """The source file that it was called from, "" if unknown."""
        place = self._described.place(self._event)
        return "" if place is None else place.file

    @property
    def line(self) -> int:
        """The line in it, counted from 1; 0 if unknown."""
        place = self._described.place(self._event)
        return 0 if place is None else place.line

    @property
    def source(self) -> str:
        """The text of that line."""
        place = self._described.place(self._event)
        return "" if place is None else place.text

    @property
    def inputs(self) -> tuple[np.ndarray | None, ...]:
        """The tensors that went in (for autograd nodes the gradients that arrived); None where none was kept."""
        return self._arrays(self._event.inputs)

    @property
    def outputs(self) -> tuple[np.ndarray | None, ...]:
        """The tensors that came out (for autograd nodes the gradients that it sent on); None where none was kept."""
        return self._arrays(self._event.outputs)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of its outputs ("z1"), "" for those without."""
        return tuple(self._described.role(slot.value, self.iteration) for slot in self._event.outputs)

    def _arrays(self, slots: tuple[Slot, ...]) -> tuple[np.ndarray | None, ...]:
        trace = self._described.trace
        return tuple(None if slot.value is None else trace.array(slot.value) for slot in slots)


class RecordedIteration:
    """One pass of the training loop. `iteration["z1"]` is a value as an array: by role ("z1", "dC/dw1", "new w1") or
    by parameter name ("hidden_layer.weight", "hidden_layer.weight.grad", "new hidden_layer.weight").
    """

    def __init__(self, described: Described, iteration: records.Iteration) -> None:
        self._described = described
        self.number = iteration.number
        self.begin = iteration.begin
        self.end = iteration.end
        self.whole = iteration.whole

    def __repr__(self) -> str:
        title = f"iterations[{self.number}]" if self.number >= 0 else "set-up"
        head = f"{title}: events {self.begin} to {self.end - 1}"
        return "\n".join([head, *outline(self._described.trace, self.number)])

    def _repr_html_(self) -> str:
        head, *rest = repr(self).splitlines()
        return _folded(head, rest)

    @property
    def events(self) -> list[RecordedEvent]:
        """Its events, in order."""
        return [RecordedEvent(self._described, event) for event in self._described.trace.events(self.number)]

    def phase(self, name: str) -> list[RecordedEvent]:
        """Its events of one phase ("forward", "backward", "update", ...)."""
        return [event for event in self.events if event.phase == name]

    def keys(self) -> list[str]:
        """The names that `iteration[name]` knows: roles first, then parameters."""
        return list(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __getitem__(self, name: str) -> np.ndarray:
        """The value as a read-only array. Raises KeyError for an unknown name, GradstepError where it was not kept."""
        value = self._known(name)
        trace = self._described.trace
        array = trace.array(value)
        if array is None:
            reason, here = why_not_kept(trace.value(value).reason), f"iterations[{self.number}]"
            raise GradstepError(
                Bilingual(
                    f"The numbers of {name} in {here} are not in the trace ({reason.english}).",
                    f"{here} 中 {name} 的数不在记录里（{reason.chinese}）。",
                ),
                Bilingual(
                    "Record with a larger budget to keep more iterations whole.",
                    "请用更大的容量上限记录，以便完整保留更多迭代。",
                ),
            )
        return array

    def value(self, name: str) -> RecordedValue:
        """What is known of a value besides its numbers: dtype, device, range. Raises KeyError for an unknown name."""
        trace = self._described.trace
        return RecordedValue(trace, name, trace.value(self._known(name)))

    def _known(self, name: str) -> int:
        names = self._names()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3) or list(names)[:8]
            raise KeyError(f"no {name!r} in iterations[{self.number}]; there are, among others: {', '.join(near)}")
        return names[name]

    def _names(self) -> dict[str, int]:
        return self._described.named(self.number)


class _Events(Sequence[RecordedEvent]):
    """All events of a trace by position, read when asked for."""

    def __init__(self, described: Described) -> None:
        self._described = described

    def __len__(self) -> int:
        return len(self._described.trace)

    @overload
    def __getitem__(self, position: int) -> RecordedEvent: ...

    @overload
    def __getitem__(self, position: slice) -> list[RecordedEvent]: ...

    def __getitem__(self, position: int | slice) -> RecordedEvent | list[RecordedEvent]:
        count = len(self)
        if isinstance(position, slice):
            return [self[i] for i in range(*position.indices(count))]
        event = self._described.trace.event(position + count if position < 0 else position)
        if event is None or event.pending:
            raise IndexError(f"no event at position {position}: there are {count}")
        return RecordedEvent(self._described, event)


class RecordedTrace:
    """A trace opened for reading. Use it in a `with` block, or call `close()`."""

    def __init__(self, path: str | Path) -> None:
        self._trace = Trace(path)
        self._described = Described(self._trace)

    def __enter__(self) -> RecordedTrace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._trace.close()

    def __repr__(self) -> str:
        iterations = self.iterations
        title = f"{self.path.name}: {len(self.events)} events, {len(iterations)} iterations"
        shown = [repr(part) for part in (self.setup, *iterations[:1]) if part is not None]
        shown += [repr(part).splitlines()[0] for part in iterations[1:3]]
        left = len(iterations) - 3
        return "\n".join([title, *shown, *([f"... and {left} more iterations"] if left > 0 else [])])

    def _repr_html_(self) -> str:
        iterations = self.iterations
        parts = [part for part in (self.setup, *iterations[:_MOST_FOLDED]) if part is not None]
        left = len(iterations) - _MOST_FOLDED
        more = f"<p>... and {left} more iterations</p>" if left > 0 else ""
        title = f"{self.path.name}: {len(self.events)} events, {len(iterations)} iterations"
        return f"<p>{html.escape(title)}</p>{''.join(part._repr_html_() for part in parts)}{more}"

    @property
    def path(self) -> Path:
        """The file."""
        return self._trace.path

    @property
    def meta(self) -> dict[str, Any]:
        """What is known of the run: script, device, seed, versions, how it ended."""
        return self._trace.meta()

    @property
    def setup(self) -> RecordedIteration | None:
        """What ran before the first iteration (number -1), None if nothing did."""
        first = [row for row in self._trace.iterations() if row.number < 0]
        return RecordedIteration(self._described, first[0]) if first else None

    @property
    def iterations(self) -> list[RecordedIteration]:
        """The passes of the training loop, in order."""
        return [RecordedIteration(self._described, row) for row in self._trace.iterations() if row.number >= 0]

    @property
    def events(self) -> Sequence[RecordedEvent]:
        """All events by position."""
        return _Events(self._described)

    def values(self, name: str) -> dict[int, np.ndarray]:
        """One value over the iterations, by iteration number: `trace.values("C")`. Where it is missing, no entry.

        Names are those of `iteration[name]`. Raises KeyError if no iteration has it.
        """
        found = {}
        for iteration in self.iterations:
            value = iteration._names().get(name)
            array = None if value is None else self._trace.array(value)
            if array is not None:
                found[iteration.number] = array
        if not found:
            for iteration in self.iterations[:1]:
                iteration[name]
            raise KeyError(f"no {name!r} in any iteration")
        return found

    def explain(
        self, what: str | int, iteration: int = 0, element: tuple[int, ...] | None = None
    ) -> RecordedExplanation:
        """One number as an equation, with the numbers put in: of a quantity ("z1", "dC/dw1") or of an event's position.

        element: which one of the value; None: a small value whole, of a large one the first. Raises KeyError for an
        unknown quantity, IndexError for a position that there is not.
        """
        if isinstance(what, int):
            return RecordedExplanation(explain(self._trace, self.events[what].position, element))
        return RecordedExplanation(explain(self._trace, self._quantity(what, iteration), element))

    def chain(self, gradient: str, iteration: int = 0, element: tuple[int, ...] | None = None) -> RecordedChain:
        """The chain rule from C down to one number of a gradient ("dC/dw1"): each path, and what they add up to.

        Raises KeyError for an unknown gradient, ValueError for what is none.
        """
        return RecordedChain(chain(self._trace, self._quantity(gradient, iteration), element))

    def check(self, iteration: int | None = None, *, whole: bool = True) -> RecordedCheck:
        """Computes events again in NumPy, as `gradstep check` does: of one iteration, or the first, second and last.

        whole: replay whole forward passes too, with parameters moved a little. The answer is true if nothing differs.
        Raises GradstepError for an iteration that there is not.
        """
        chosen = [] if iteration is None else chosen_iterations(self._trace, iteration)
        numbers = [row.number for row in chosen] or usual_iterations(self._trace)[0]
        return RecordedCheck(check(self._trace, numbers, whole=whole))

    def what_if(
        self,
        values: Mapping[str, object] | None = None,
        *,
        changes: Mapping[str, object] | None = None,
        iteration: int = 0,
        at: int | None = None,
        keep_gradient: bool = True,
        out: str | Path | None = None,
    ) -> RecordedTrace:
        """Runs the script of this trace again with one thing changed, and opens that run. This runs the script's code.

        values: what to set in an iteration, by name: {"w1": 1.2}, {"a1[0, 2]": 0.5}, {"dC/dz1": "dC/dz1 * 2"}; numbers,
        arrays, or expressions as text. The new run is first proved to be the same one up to there. at: the position at
        which to set them; None: where the first of them can be set. keep_gradient: see `Session.edit`. changes: for
        the whole run, instead of values: {"lr": 0.1, "optimizer": "adam"}. out: the new trace; None: beside this one.
        Raises GradstepError with the reason where it cannot be done.
        """
        wanted = tuple(Setting(name, _text(value), keep_gradient) for name, value in (values or {}).items())
        position = at
        if wanted and at is None:
            position = place_of(self._trace, wanted[0].target.partition("[")[0], iteration)
        texts = tuple(f"{name}={value}" for name, value in (changes or {}).items())
        path = next_name(self.path) if out is None else Path(out)
        what_if(self.path, Plan(position if wanted else None, wanted, texts), path)
        return RecordedTrace(path)

    def _quantity(self, symbol: str, iteration: int) -> Quantity:
        found = {key: row for row in reversed(quantities(self._trace, iteration)) for key in (row.symbol, row.text)}
        if symbol not in found:
            near = difflib.get_close_matches(symbol, found, n=3) or list(reversed(found))[:8]
            raise KeyError(f"no quantity {symbol!r} in iterations[{iteration}]; there are: {', '.join(near) or 'none'}")
        return found[symbol]

    def output(self) -> str:
        """What the script wrote, stdout and stderr together, in order."""
        return "".join(row.text for row in self._trace.output())


def _text(value: object) -> str:
    """A value as an expression."""
    return value if isinstance(value, str) else str(np.asarray(value).tolist())


def _folded(title: str, lines: Sequence[str]) -> str:
    """HTML that unfolds to lines."""
    text = html.escape("\n".join(lines))
    return f"<details><summary>{html.escape(title)}</summary><pre>{text}</pre></details>"
