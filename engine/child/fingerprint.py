"""What a finished script left behind, as hashes: tensors and arrays it still holds, and the random number generators.

Two runs with equal fingerprints ended with bit-identical tensors and would go on to draw the same random numbers.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

_ITEMS_LIMIT = 100_000


def write_fingerprint(path: Path, names: dict[str, Any]) -> None:
    """Writes {name: hash} as JSON: "net.hidden_layer.weight", "net.hidden_layer.weight.grad", "random: torch"."""
    with torch._C.DisableTorchFunction(), torch.no_grad():
        found = {name: _hash(thing) for name, thing in _held(names)}
        found |= _generators()
    path.write_text(json.dumps(found), encoding="utf-8")


def _generators() -> dict[str, str]:
    found = {
        "random: torch": _hash(torch.get_rng_state()),
        "random: numpy": _hash_of_numpy_state(),
        "random: python": hashlib.sha256(repr(random.getstate()).encode()).hexdigest(),
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        for i, state in enumerate(torch.cuda.get_rng_state_all()):
            found[f"random: cuda:{i}"] = _hash(state)
    return found


def _hash_of_numpy_state() -> str:
    name, keys, *rest = np.random.get_state(legacy=True)
    return hashlib.sha256(repr((name, rest)).encode() + np.asarray(keys).tobytes()).hexdigest()


def _held(names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every tensor and array that can be reached from the script's variables, by how it is reached first."""
    seen: dict[int, Any] = {}  # by id, with the thing itself, so that no id is given to another one meanwhile
    waiting = [(name, names[name]) for name in sorted(names, reverse=True) if not name.startswith("__")]
    while waiting and len(seen) < _ITEMS_LIMIT:
        name, thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if isinstance(thing, Tensor | np.ndarray):
            yield name, thing
        waiting += reversed([(f"{name}{path}", part) for path, part in _parts(thing)])


def _parts(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, Tensor):
        if thing.is_leaf and thing.grad is not None:
            yield ".grad", thing.grad
    elif isinstance(thing, torch.nn.Module):
        yield from ((f".{path}", tensor) for path, tensor in thing.named_parameters())
        yield from ((f".{path}", tensor) for path, tensor in thing.named_buffers())
        yield from _attributes(thing)
    elif isinstance(thing, torch.optim.Optimizer):
        yield ".state_dict()", thing.state_dict()
    elif isinstance(thing, dict):
        yield from ((f"[{key!r}]", part) for key, part in list(thing.items()) if isinstance(key, str | int))
    elif isinstance(thing, list | tuple):
        yield from ((f"[{i}]", part) for i, part in enumerate(thing))
    elif type(thing).__module__ == "__main__" and not isinstance(thing, type):
        yield from _attributes(thing)


def _attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    held = getattr(thing, "__dict__", {})
    yield from ((f".{name}", held[name]) for name in sorted(held) if not name.startswith("_"))


def _hash(thing: Tensor | np.ndarray) -> str:
    """SHA-256 of dtype, shape and bytes; of what has no plain bytes, its description."""
    text = f"{thing.dtype} {tuple(thing.shape)} "
    try:
        if isinstance(thing, Tensor):
            plain = thing.detach().cpu().contiguous().reshape(-1)
            data = plain.view(torch.uint8).numpy().tobytes() if plain.numel() else b""
        else:
            data = np.ascontiguousarray(thing).tobytes()
    except (RuntimeError, TypeError, NotImplementedError):
        data = b""
    return hashlib.sha256(text.encode() + data).hexdigest()
