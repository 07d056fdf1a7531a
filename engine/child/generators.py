"""How the random generators stood when a script began, so that a branch can begin in the same way.

Of torch's generators that of the CPU; those of other devices are only the same where the script or `--seed` seeds them.
"""

from __future__ import annotations

import base64
import random
from typing import Any

import numpy
import torch

_WORDS = 625


def states() -> dict[str, Any]:
    """torch's seed, and the states of `random` and of numpy's global generator. Reads only."""
    python = numpy.array(random.getstate()[1], dtype="<u4")
    ours: Any = numpy.random.get_state(legacy=True)
    words = numpy.append(numpy.asarray(ours[1], dtype="<u4"), numpy.uint32(ours[2])).astype("<u4")
    return {"torch": torch.initial_seed(), "python": _text(python), "numpy": _text(words)}


def restore(found: dict[str, Any]) -> None:
    """Brings the generators back to such states. Raises ValueError for what is none."""
    python, words = (numpy.frombuffer(base64.b64decode(found[name]), "<u4") for name in ("python", "numpy"))
    if python.size != _WORDS or words.size != _WORDS:
        raise ValueError("these are no states of random generators")
    torch.manual_seed(int(found["torch"]))
    random.setstate((3, tuple(int(word) for word in python), None))
    numpy.random.set_state(("MT19937", words[:-1].astype(numpy.uint32), int(words[-1]), 0, 0.0))


def _text(words: Any) -> str:
    return base64.b64encode(words.tobytes()).decode("ascii")
