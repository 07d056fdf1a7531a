"""The alignments of CTC: all ways to spread a label sequence over time, with blanks between, summed in logarithms.

Labels l1 l2 ... become the states _ l1 _ l2 _ (with blanks _). A path moves from state to state, one time step each: it
stays, goes on by one, or skips a blank between two different labels. α[t, s] is the logarithm of the probability of all
ways that are in state s at time t; β[t, s] of all ways to go on from there (without that of t itself).
Source: Graves et al., "Connectionist temporal classification" (2006), equations 6 to 15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..call import Array

_NEVER = -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class Alignments:
    """Of one sequence. states: labels with blanks, (S,). forward, backward: α and β, (T, S). cost: -ln of the sum."""

    states: Array
    forward: Array
    backward: Array
    cost: float

    def occupancy(self, logs: Array) -> Array:
        """The share of all ways that are at a class at a time, (T, classes). logs: those that were aligned.

        NaN where there is no way at all, or where a class is impossible: torch divides by its probability.
        """
        if np.isinf(self.cost):
            return np.full(logs.shape, np.nan)
        with np.errstate(all="ignore"):
            shares = np.exp(self.forward + self.backward + self.cost)
        found = np.zeros(logs.shape)
        np.add.at(found.T, self.states, shares.T)
        return np.where(np.isneginf(logs), np.nan, found)


def align(logs: Array, labels: Array, blank: int) -> Alignments:
    """All alignments of labels (L,) with logarithms of probabilities (T, classes)."""
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    skips = np.zeros(len(states), dtype=bool)
    skips[2:] = (states[2:] != blank) & (states[2:] != states[:-2])
    steps = logs[:, states]
    forward = np.full(steps.shape, _NEVER)
    backward = np.full(steps.shape, _NEVER)
    if not len(logs):
        return Alignments(states, forward, backward, 0.0 if not len(labels) else np.inf)
    with np.errstate(all="ignore"):
        forward[0, :2] = steps[0, :2]
        for t in range(1, len(logs)):
            forward[t] = _from_behind(forward[t - 1], skips) + steps[t]
        backward[-1, -2:] = 0.0
        ahead = np.concatenate([skips[2:], [False, False]])[: len(states)]
        for t in range(len(logs) - 2, -1, -1):
            backward[t] = _from_behind((backward[t + 1] + steps[t + 1])[::-1], ahead[::-1])[::-1]
        cost = -float(np.logaddexp.reduce(forward[-1, -2:]))
    return Alignments(states, forward, backward, cost)


def _from_behind(before: Array, skips: Array) -> Array:
    """ln Σ of a state, the one before, and, where that may be skipped, the one before that."""
    one = np.concatenate([[_NEVER], before[:-1]])
    two = np.concatenate([[_NEVER, _NEVER], before[:-2]])[: len(before)]
    return np.asarray(np.logaddexp(np.logaddexp(before, one), np.where(skips, two, _NEVER)))
