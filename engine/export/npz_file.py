"""A trace as NumPy's own archive of arrays: `numpy.load(file)["0/z1"]`. Its keys are in docs/export.md."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..events import Iteration, Kind
from ..trace.reader import Trace
from .described import Described


def write_npz(trace: Trace, path: Path, iterations: Sequence[Iteration]) -> None:
    """Writes the arrays of the given iterations one by one, so that a large trace needs little memory."""
    described = Described(trace)
    with zipfile.ZipFile(path, "w") as archive:
        for iteration in iterations:
            for key, value in _named(described, iteration.number).items():
                array = trace.array(value)
                if array is not None:
                    with archive.open(f"{iteration.number}/{key}.npy", "w", force_zip64=True) as entry:
                        np.lib.format.write_array(
                            entry, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False
                        )


def _named(described: Described, iteration: int) -> dict[str, int]:
    """Key -> value id: by role, by parameter name, and results of ops that have neither by the event's position."""
    found = described.named(iteration)
    known = set(found.values())
    for event in described.trace.events(iteration):
        for slot in event.outputs if event.kind is Kind.OP else ():
            if slot.value is not None and slot.value not in known:
                known.add(slot.value)
                found[f"event {event.position}/{slot.name}"] = slot.value
    return found
