"""Recorded ops strung together: a function of some values that recomputes only what depends on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..table.call import Array
from .formula import Formula


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One op. sources: key of an argument -> value id. results: value ids of what it makes; None: a constant."""

    formula: Formula
    sources: Mapping[str, int]
    results: tuple[int | None, ...]


class Program:
    """Steps in the order in which they ran. Values that no step makes from the given ones are as recorded."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps

    def run(self, given: Mapping[int, Array], base: Mapping[int, Array] | None = None) -> dict[int, Array]:
        """All values that depend on the given ones, and these. Raises UnfitError.

        base: values of an earlier run, to be used in place of the recorded ones where nothing depends on the given.
        """
        values = dict(given)
        for step in self.steps:
            inputs = self._inputs(step, values, base or {})
            if inputs is None:
                continue
            made = step.formula.make(inputs)
            for value, array in zip(step.results, made, strict=False):
                if value is not None and value not in given:
                    values[value] = array
        return values

    def _inputs(self, step: Step, values: Mapping[int, Array], base: Mapping[int, Array]) -> Mapping[str, Array] | None:
        """A step's arguments with those values that are known by now; None if there are none among them."""
        changed = {key: values[value] for key, value in step.sources.items() if value in values}
        if not changed:
            return None
        unchanged = {key: base[value] for key, value in step.sources.items() if value in base}
        return {**step.formula.inputs, **unchanged, **changed}

    def gradients(self, given: Mapping[int, Array], upstream: Mapping[int, Array]) -> dict[int, Array]:
        """dC/d(given) from dC/d(results), by the chain rule with the rows' products. Raises UnfitError."""
        values = self.run(given)
        found = dict(upstream)
        for step in reversed(self.steps):
            inputs = self._inputs(step, values, {})
            arrived = [None if value is None else found.get(value) for value in step.results]
            if inputs is None or all(part is None for part in arrived):
                continue
            made = step.formula.make(inputs)
            sides = [np.zeros(np.shape(y)) if g is None else g for y, g in zip(made, arrived, strict=True)]
            sent = step.formula.vjp(inputs, sides)
            for key, value in step.sources.items():
                if key in sent and value in values:
                    part = np.asarray(sent[key])
                    found[value] = found[value] + part if value in found else part
        return {value: found[value] for value in given if value in found}
