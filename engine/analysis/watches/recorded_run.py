"""A recorded run as watches ask for it: facts of a few iterations are kept, and looked up again as more is recorded."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from ...events import Iteration, Tensor
from ...trace.reader import Trace
from ...values import Value
from ..names import ValueNames
from .answers import Found
from .iteration_facts import IterationFacts
from .role_patterns import RolePatterns

FURTHEST_BACK = 50
"""How many iterations before a place are looked through for what was set last."""

_KEPT_FACTS = FURTHEST_BACK + 14
_MOST_EVENTS = 60_000
"""Of long iterations fewer are looked through, and kept."""
_KEPT_ANSWERS = 50_000
_LARGEST_KEPT = 16
"""Answers of more elements are worked out again."""

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_SETUP = -1

Key = tuple[object, ...]


class RecordedRun:
    """One trace. Call `refresh` before asking: more may have been recorded."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._extent = (-1, False)
        self._value_names = ValueNames(trace)
        self._patterns = RolePatterns()
        self._facts: OrderedDict[int, IterationFacts] = OrderedDict()
        self._answers: OrderedDict[Key, Found] = OrderedDict()
        self._forget()

    def refresh(self) -> None:
        """Forgets what has changed since the last time."""
        extent = self.trace.extent
        if extent != self._extent:
            self._forget()
            self._extent = extent

    def _forget(self) -> None:
        growing = max(self._facts, default=_SETUP)
        self._facts.pop(growing, None)
        self._spans: dict[int, Iteration] | None = None
        self._tensors: dict[str, list[Tensor]] | None = None
        self._first_versions: dict[int, Value | None] = {}
        self._words: frozenset[str] | None = None

    @property
    def spans(self) -> dict[int, Iteration]:
        """All iterations by number."""
        if self._spans is None:
            self._spans = {one.number: one for one in self.trace.iterations()}
        return self._spans

    def facts(self, iteration: int) -> IterationFacts:
        """One iteration's facts."""
        found = self._facts.pop(iteration, None)
        if found is None:
            while len(self._facts) >= _KEPT_FACTS or self._kept_events > 2 * _MOST_EVENTS:
                self._facts.popitem(last=False)
            found = IterationFacts(self.trace, iteration, self._value_names, self._patterns)
        self._facts[iteration] = found
        return found

    @property
    def _kept_events(self) -> int:
        return sum(len(facts.events) for facts in self._facts.values())

    def back_from(self, iteration: int) -> Iterator[IterationFacts]:
        """An iteration and those before it, newest first, and the set-up."""
        events = 0
        for number in range(iteration, max(iteration - FURTHEST_BACK, _SETUP), -1):
            if number in self.spans and events < _MOST_EVENTS:
                facts = self.facts(number)
                events += len(facts.events)
                yield facts
        if _SETUP in self.spans:
            yield self.facts(_SETUP)

    def named(self, name: str) -> list[Tensor]:
        """Parameters and buffers of this name; several where the script made several networks."""
        return self.tensors.get(name, [])

    @property
    def tensors(self) -> dict[str, list[Tensor]]:
        """Parameters and buffers by name."""
        if self._tensors is None:
            self._tensors = {}
            for tensor in self.trace.tensors():
                if tensor.name and tensor.kind in ("parameter", "buffer"):
                    self._tensors.setdefault(tensor.name, []).append(tensor)
        return self._tensors

    def first_version(self, tensor: int) -> Value | None:
        """The oldest recorded value of a named tensor."""
        if tensor not in self._first_versions:
            self._first_versions[tensor] = self.trace.first_version(tensor)
        return self._first_versions[tensor]

    def is_in_source(self, name: str) -> bool:
        """Whether the script's text has this word at all."""
        if self._words is None:
            texts = (source.text for source in self.trace.sources())
            self._words = frozenset(word for text in texts for word in _IDENTIFIER.findall(text))
        return name in self._words

    def answer(self, key: Key) -> Found | None:
        """An answer that was worked out before. key: the expression and the values that it was worked out of."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def keep(self, key: Key, found: Found) -> None:
        """Keeps an answer, unless it is large."""
        if isinstance(found.result, np.ndarray) and found.result.size > _LARGEST_KEPT:
            return
        while len(self._answers) >= _KEPT_ANSWERS:
            self._answers.popitem(last=False)
        self._answers[key] = found


_KEPT_RUNS = 2
_runs: list[RecordedRun] = []


def run_of(trace: Trace) -> RecordedRun:
    """What is kept of a trace, up to date; of the last two traces that were asked for."""
    run = next((one for one in _runs if one.trace is trace), None) or RecordedRun(trace)
    _runs[:] = [run, *(one for one in _runs if one is not run)][:_KEPT_RUNS]
    run.refresh()
    return run
