"""Runs example scripts in this process and compares their numbers with the golden ones."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"

# (absolute, relative): a number agrees when it is within either.
TOLERANCES = {"float64": (1e-12, 1e-10), "float32": (2e-6, 2e-5), "float32 trained": (2e-6, 1e-4)}


@dataclass(slots=True)
class Result:
    """What one torch call returned: its value at that moment, and the tensor, whose `.grad` comes later."""

    function: str
    value: np.ndarray[Any, Any]
    tensor: torch.Tensor


class Watch(TorchFunctionMode):
    """Keeps each floating-point result of the script's torch calls, with its gradient.

    Sees Python-level calls only: `a @ b` and `F.linear`, not what happens inside backward.
    """

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Result] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and result.is_floating_point():
            if result.requires_grad and not result.is_leaf:
                result.retain_grad()
            self.results.append(Result(func.__name__, as_array(result), result))
        return result


@dataclass(slots=True)
class Played:
    """A finished script: its variables, what it printed, and, if watched, what its torch calls returned."""

    names: dict[str, Any]
    printed: str
    results: list[Result] = field(default_factory=list)

    def calls(self, function: str) -> list[Result]:
        """All results of one torch function, in order."""
        return [result for result in self.results if result.function == function]

    def values(self, function: str) -> list[np.ndarray[Any, Any]]:
        """The values that one torch function returned, in order."""
        return [result.value for result in self.calls(function)]


class Example:
    """Plays scripts in one precision and compares with that precision's tolerance."""

    def __init__(self, precision: str) -> None:
        self.precision = precision

    def play(self, name: str, *argv: str, watch: bool = False) -> Played:
        """Run resources/examples/NAME.py to its end."""
        options = [*argv, "--double"] if self.precision == "float64" else [*argv]
        watcher = Watch()
        printed = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
            patch.setattr(sys, "argv", [f"{name}.py", *options])
            with watcher if watch else contextlib.nullcontext():
                names = runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
        return Played(names, printed.getvalue(), watcher.results)

    def close(self, got: object, wanted: object, trained: bool = False) -> None:
        """Fail unless each number agrees; `trained` is for numbers that hundreds of float32 updates led to."""
        self._agree(as_array(got), as_array(wanted), scale=np.abs(as_array(wanted)), trained=trained)

    def close_digest(self, got: object, digest: dict[str, Any]) -> None:
        """Fail unless a large array has the digest's shape, sums (relative to the sum of sizes) and entries."""
        array = as_array(got)
        assert list(array.shape) == digest["shape"]
        flat = array.reshape(-1)
        weights = np.arange(flat.size) % 7 + 1
        for key, value in (
            ("sum", flat.sum()),
            ("abs_sum", np.abs(flat).sum()),
            ("sq_sum", (flat**2).sum()),
            ("weighted_sum", (flat * weights).sum()),
        ):
            scale = digest["sq_sum"] if key == "sq_sum" else 7 * digest["abs_sum"]
            self._agree(as_array(value), as_array(digest[key]), scale=np.asarray(scale), what=key)
        places = [int(place) for place in digest["entries"]]
        self.close(flat[places], list(digest["entries"].values()))

    def _agree(
        self,
        got: np.ndarray[Any, Any],
        wanted: np.ndarray[Any, Any],
        scale: np.ndarray[Any, Any],
        trained: bool = False,
        what: str = "values",
    ) -> None:
        kind = "float32 trained" if trained and self.precision == "float32" else self.precision
        absolute, relative = TOLERANCES[kind]
        assert got.size == wanted.size, f"{what}: {got.size} numbers, wanted {wanted.size}"
        off = np.abs(got.reshape(wanted.shape) - wanted)
        allowed = np.maximum(absolute, relative * scale)
        assert (off <= allowed).all(), f"{what} off by up to {off.max():.3g}: got {got}, wanted {wanted}"


def as_array(values: object) -> np.ndarray[Any, Any]:
    """A float64 copy of a tensor, array, list or number."""
    if isinstance(values, torch.Tensor):
        values = values.detach().clone().double().numpy()
    return np.array(values, dtype=np.float64)


@pytest.fixture(params=["float64", "float32"])
def example(request: pytest.FixtureRequest) -> Iterator[Example]:
    """Plays example scripts; torch's own settings are put back afterwards."""
    threads, dtype, state = torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    yield Example(request.param)
    torch.set_num_threads(threads)
    torch.set_default_dtype(dtype)
    torch.set_rng_state(state)


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    """tests/goldens/seeds.json: numbers derived in NumPy without autograd."""
    text = (ROOT / "tests" / "goldens" / "seeds.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="session")
def examples_folder() -> Path:
    """resources/examples."""
    return EXAMPLES
