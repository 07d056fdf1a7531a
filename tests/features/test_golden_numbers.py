"""Every golden number that an example computes is in the example's trace, wherever it was computed."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests" / "goldens" / "seeds.json").read_text(encoding="utf-8"))
ABSOLUTE, RELATIVE = 1e-12, 1e-10
"""Tolerances for float64, as the golden numbers state them."""

DRIFT = {"digits": 1e-7}
"""Adam divides by square roots of tiny squares: its weights agree to this, as in the golden derivation."""

WANTED: dict[str, tuple[str, list[str], list[str]]] = {
    "hello": (
        "hello --iterations 20",
        ["seed000_hello_world"],
        ["forward", "backward", "updated", "after_update", "twenty_steps.C_before_step"],
    ),
    "autograd": (
        "autograd",
        ["seed001", "autograd_basics"],
        [
            "x",
            "y",
            "z",
            "dz_dx_for_ones",
            "dz_dy_for_ones",
            "broadcast.b",
            "broadcast.sum",
            "broadcast.grad_b_for_ones",
        ],
    ),
    "scalars": (
        "autograd",
        ["seed002", "autograd"],
        [
            *("cubic.a", "cubic.b", "cubic.a3", "cubic.b2", "cubic.y", "cubic.dy_da", "cubic.dy_db"),
            *("relu_neuron.z", "relu_neuron.out", "relu_neuron.dout_dw", "relu_neuron.dout_db"),
            *("relu_neuron_dead.z", "relu_neuron_dead.out", "relu_neuron_dead.dout_dw"),
        ],
    ),
    "four_three_one": (
        "four_three_one --passes 12",
        ["seed001", "net_4_3_1"],
        ["init", "first_pass", "after_1_step", "checkpoints_before_step.0", "checkpoints_before_step.10"],
    ),
    "four_three_one buggy": (
        "four_three_one --passes 12 --buggy",
        ["seed001", "net_4_3_1", "seed_bug_variant"],
        ["first_a_out", "checkpoints_before_step.0", "checkpoints_before_step.10"],
    ),
    "linear_regression": (
        "linear_regression --epochs 100",
        ["seed001", "linear_regression"],
        ["x", "y", "first_pass", "epochs.0", "epochs.1", "epochs.9", "epochs.99"],
    ),
    "linear_regression without zero_grad": (
        "linear_regression --epochs 10 --no-zero-grad",
        ["seed001", "linear_regression", "no_zero_grad_variant"],
        ["0", "1", "9"],
    ),
    "digits": (
        "digits --epochs 1 --drawn",
        ["seed001", "mlp_784_500_10"],
        ["init", "first_pass", "loss_before_step", "after_5_steps"],
    ),
    "scratch_minibatch": (
        "scratch_minibatch --epochs 2",
        ["seed002", "linear_net"],
        ["first_batch.loss", "first_batch.dC_dw", "first_batch.dC_db", "first_batch.w_after", "first_batch.b_after"],
    ),
    "two_layer, four samples": (
        "two_layer --samples 4 --epochs 1",
        ["seed003", "classifier_5_8_4_1"],
        ["init", "four_sample_pass"],
    ),
    "two_layer": (
        "two_layer --epochs 51",
        ["seed003", "classifier_5_8_4_1"],
        [
            "full_batch_pass",
            *(f"loss_at_epoch.{epoch}" for epoch in (0, 1, 2, 5, 10, 50)),
        ],
    ),
    "two_layer mixed": (
        "two_layer --mixed --epochs 11",
        ["seed003", "two_activations", "relu+tanh"],
        ["loss_at_epoch.0", "loss_at_epoch.1", "loss_at_epoch.10"],
    ),
    "two_layer quartic": (
        "two_layer --quartic --epochs 11",
        ["seed003", "quartic_loss", "quartic"],
        ["loss_at_epoch.0", "loss_at_epoch.1", "loss_at_epoch.10"],
    ),
    "lenet": (
        "lenet",
        ["seed004_convnet"],
        ["input", "target", "init", "stages", "out", "loss", "gradients_of_stages", "gradients", "conv1.bias.grad"],
    ),
    **{
        f"lenet {option}": (
            f"lenet --optimizer {option}",
            ["seed004_convnet", "optimizers", name],
            ["loss_before_steps_then_after", "conv1.bias_after_5"],
        )
        for option, name in {
            "sgd": "SGD",
            "momentum": "SGD_momentum_0.9",
            "nesterov": "SGD_nesterov_0.9",
            "adam": "Adam",
            "rmsprop": "RMSprop",
        }.items()
    },
}
NOT_COMPUTED = {"da2_dz2", "da1_dz1", "d_input"}
"""Local derivatives, which torch keeps no tensor for, and the gradient of a picture that requires none."""


def leaves(name: str, golden: Any) -> Iterator[tuple[str, Any]]:
    """(path, number, list or digest) of everything below a golden entry."""
    if isinstance(golden, dict) and "weighted_sum" not in golden:
        for key, part in golden.items():
            if key not in NOT_COMPUTED:
                yield from leaves(f"{name}.{key}", part)
    elif isinstance(golden, list) and name.endswith(("C_before_step", "loss_before_step", "then_after")):
        for i, part in enumerate(golden):
            yield f"{name}[{i}]", part
    else:
        yield name, golden


def below(golden: Any, path: str) -> Any:
    """The golden entry at a dotted path; keys that contain dots themselves are tried whole first."""
    if path in golden:
        return golden[path]
    head, _, rest = path.partition(".")
    return below(golden[head], rest)


class Found:
    """All arrays of a trace, by number of elements."""

    def __init__(self, trace: Trace) -> None:
        self.by_size: dict[int, list[np.ndarray]] = defaultdict(list)
        slots = [slot for event in trace.events() for slot in (*event.inputs, *event.outputs)]
        for key in sorted({slot.value for slot in slots if slot.value is not None}):
            array = trace.array(key)
            if array is not None and array.dtype.kind in "fiu" and array.size:
                self.by_size[array.size].append(np.asarray(array, dtype=np.float64).reshape(-1))
        self.rows = {size: np.stack(arrays) for size, arrays in self.by_size.items()}

    def has(self, golden: Any, relative: float) -> bool:
        """Whether some array holds these numbers; a delta counts as well as its negative (E = t - a, not a - t)."""
        if isinstance(golden, dict):
            return self._has_digest(golden, relative)
        wanted = np.asarray(golden, dtype=np.float64).reshape(-1)
        rows = self.rows.get(wanted.size)
        if rows is None:
            return False
        room = np.maximum(ABSOLUTE, relative * np.abs(wanted))
        return bool(
            (np.abs(rows - wanted) <= room).all(axis=1).any() or (np.abs(rows + wanted) <= room).all(axis=1).any()
        )

    def has_first_row(self, golden: list[float], rows: int, relative: float) -> bool:
        """Whether some matrix of so many rows begins with these numbers."""
        wanted = np.asarray(golden)
        room = np.maximum(ABSOLUTE, relative * np.abs(wanted))
        return any((np.abs(flat[: wanted.size] - wanted) <= room).all() for flat in self.by_size[rows * wanted.size])

    def _has_digest(self, digest: dict[str, Any], relative: float) -> bool:
        size = int(np.prod(digest["shape"]))
        places = [int(place) for place in digest["entries"]]
        entries = np.array(list(digest["entries"].values()))
        weights = np.arange(size) % 7 + 1
        for flat in self.by_size.get(size, ()):
            near = np.abs(flat[places] - entries) <= np.maximum(ABSOLUTE, max(relative, 1e-10) * np.abs(entries).max())
            if not near.all():
                continue
            room = max(relative, 1e-10) * 7 * max(digest["abs_sum"], 1e-9)
            if abs(flat.sum() - digest["sum"]) <= room and abs(flat @ weights - digest["weighted_sum"]) <= room:
                return True
        return False


@pytest.mark.parametrize("name", WANTED)
def test_golden_numbers_are_in_the_trace(name: str, tmp_path: Path) -> None:
    command, section, paths = WANTED[name]
    script, *options = command.split()
    default = torch.get_default_dtype()
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(sys, "argv", [script, *options, "--double"])
        try:
            with Recorder(writer):
                runpy.run_path(str(ROOT / "resources" / "examples" / f"{script}.py"), run_name="__main__")
        finally:
            torch.set_default_dtype(default)
            writer.close()
    golden = GOLDEN
    for key in section:
        golden = golden[key]
    with Trace(tmp_path / "t.gradstep") as trace:
        found = Found(trace)
    wanted = [leaf for path in paths for leaf in leaves(path, below(golden, path))]
    relative = DRIFT.get(name, RELATIVE)
    missing = []
    for path, part in wanted:
        present = found.has_first_row(part, 128, relative) if path.endswith("row0") else found.has(part, relative)
        if not present:
            missing.append(f"{path}: {str(part)[:80]}")
    assert len(wanted) >= len(paths)
    assert not missing, f"{len(missing)} of {len(wanted)} golden numbers are not in the trace:\n" + "\n".join(missing)
