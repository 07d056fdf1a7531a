"""Ordinary scripts, as somebody may bring them, are recorded whole: iterations, updates, names, losses as printed.

The scripts in `scripts/` know nothing of Gradstep. What is expected of each trace is counted by hand from the script's
text, drawn from the same random numbers, or read from what the script itself prints.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.quantities import quantities
from engine.analysis.roles import roles
from engine.cli.main import main
from engine.events import Event, Kind, Phase
from engine.trace.reader import Trace

SCRIPTS = Path(__file__).parent / "scripts"

Record = Callable[[str], tuple[Trace, str]]
Play = Callable[[str], tuple[Trace, str]]


@pytest.fixture
def play(record: Record, monkeypatch: pytest.MonkeyPatch) -> Play:
    """play(name) records that script in this process: (trace, what it printed)."""

    def run(name: str) -> tuple[Trace, str]:
        monkeypatch.setattr(sys, "argv", [f"{name}.py"])
        return record((SCRIPTS / f"{name}.py").read_text(encoding="utf-8"))

    return run


@pytest.fixture
def play_in_child(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[[str], tuple[Trace, str, int]]:
    """The same by the command, in a process of its own: (trace, what it printed, exit code)."""

    def run(name: str) -> tuple[Trace, str, int]:
        trace = tmp_path / "t.gradstep"
        code = main(["record", str(SCRIPTS / f"{name}.py"), "-o", str(trace), "--quiet"], lambda _: 0)
        found = Trace(trace)
        assert "recorder_error" not in found.meta()
        return found, capfd.readouterr().out, code

    return run


def numbers(trace: Trace) -> list[int]:
    """The iterations after the set-up."""
    return [iteration.number for iteration in trace.iterations() if iteration.number >= 0]


def updates(trace: Trace, iteration: int) -> list[Event]:
    """The updates of parameters in an iteration."""
    events = trace.events(iteration=iteration)
    return [event for event in events if event.kind == Kind.UPDATE and event.tensor is not None]


def losses(trace: Trace, iteration: int) -> list[float]:
    """C, C[2], ... of an iteration."""
    by_role = roles(trace, iteration).by_role
    found = [role for n in range(1, 20) if (role := "C" if n == 1 else f"C[{n}]") in by_role]
    return [float(np.asarray(trace.array(by_role[role]))) for role in found]


def parameters(trace: Trace) -> list[str]:
    """The names of all leaves that train."""
    return [tensor.name for tensor in trace.tensors() if tensor.kind == "parameter" and tensor.name]


def test_a_net_with_shared_weights_and_a_random_depth(play: Play) -> None:
    trace, printed = play("shared_weights")
    assert numbers(trace) == list(range(6))
    dice = random.Random(3)
    found = [float(line.split()[-1]) for line in printed.splitlines() if line.startswith("epoch")]
    for iteration in range(6):
        again = dice.randint(0, 3)
        # Weight and bias of the layers that were used: two always, the middle one when the die says so.
        assert len(updates(trace, iteration)) == 4 + 2 * (again > 0)
        by_role = roles(trace, iteration).by_role
        assert sum(role.startswith("z2") for role in by_role) == (again if again else 1)
        assert ("z3" in by_role) == (again > 0)
        assert losses(trace, iteration) == [pytest.approx(found[iteration], rel=1e-7)]
    assert sorted(parameters(trace)) == sorted(
        f"{layer}.{kind}" for layer in ("enter", "again", "leave") for kind in ("weight", "bias")
    )


def test_a_function_of_the_script_s_own(play: Play) -> None:
    trace, printed = play("own_function")
    assert numbers(trace) == list(range(5))
    assert parameters(trace) == ["w", "b"]
    for iteration, line in enumerate(printed.split()):
        assert losses(trace, iteration) == [pytest.approx(float(line), rel=1e-7)]
        assert [event.name for event in updates(trace, iteration)] == ["sub_", "sub_"]
        by_role = roles(trace, iteration).by_role
        z, arriving, sent = (np.asarray(trace.array(by_role[role])) for role in ("z1", "dC/dguess", "dC/dz1"))
        assert np.array_equal(sent, arriving * (np.abs(z) < 1))
        assert "guess" in [quantity.symbol for quantity in quantities(trace, iteration)]


def test_lbfgs_with_a_closure(play: Play) -> None:
    trace, printed = play("lbfgs_sine")
    steps = [part.split() for part in re.split(r"after step .*\n", printed)[:-1]]
    assert len(steps) == 3
    assert numbers(trace) == [0, 1, 2]
    for iteration, printed_losses in enumerate(steps):
        assert losses(trace, iteration) == [float(text) for text in printed_losses]
        # After each evaluation the two weights and two biases move on.
        assert len(updates(trace, iteration)) == 4 * len(printed_losses)
        assert {event.name for event in updates(trace, iteration)} == {"LBFGS"}


def test_two_nets_that_train_in_turn(play: Play) -> None:
    trace, printed = play("gan_gaussian")
    rounds = [line.split() for line in printed.splitlines()]
    assert numbers(trace) == list(range(2 * len(rounds)))
    for turn, (_, on_real, on_forged, deceived) in enumerate(rounds):
        assert losses(trace, 2 * turn) == [float(on_real), float(on_forged)]
        assert losses(trace, 2 * turn + 1) == [float(deceived)]
        for iteration, settings in ((2 * turn, [0.5, 0.9]), (2 * turn + 1, [0.9, 0.999])):
            assert len(updates(trace, iteration)) == 4
            assert all(event.arguments["betas"] == settings for event in updates(trace, iteration))


def test_an_lstm_cell_over_a_word(play: Play) -> None:
    trace, printed = play("lstm_letters")
    *printed_losses, _ = printed.split()
    assert numbers(trace) == list(range(4))
    for iteration, text in enumerate(printed_losses):
        assert losses(trace, iteration) == [float(text)]
        cells = [event for event in trace.events(iteration=iteration) if event.name == "lstm_cell"]
        tracked = [event for event in cells if event.phase == Phase.FORWARD]
        # "gradient" has eight letters: seven are read. The last iteration reads them once more, without autograd.
        assert len(tracked) == 7
        assert len(cells) == (14 if iteration == 3 else 7)
        assert {"z1[7]", "z2[7]", "dC/dz2[7]"} <= roles(trace, iteration).by_role.keys()
        # Clipped to 0.1: what the optimizer got is not what the backward pass left.
        for event in updates(trace, iteration):
            gradient = next(slot.value for slot in event.inputs if slot.name == "grad")
            assert np.abs(np.asarray(trace.array(gradient or 0))).max() <= np.float32(0.1)
    cell = [f"cell.{kind}_{gate}" for kind in ("weight", "bias") for gate in ("ih", "hh")]
    assert sorted(parameters(trace)) == sorted(["table.weight", "guess.weight", "guess.bias", *cell])


def test_a_transformer_with_tied_weights(play: Play) -> None:
    trace, printed = play("tiny_transformer")
    assert numbers(trace) == [0, 1, 2]
    for iteration, text in enumerate(printed.split()):
        assert losses(trace, iteration) == [float(text)]
        # tokens (tied to the head), places, 2 norms x 2, qkv, out x 2, feed 2 x 2, the head's bias.
        assert len(updates(trace, iteration)) == 1 + 1 + 4 + 1 + 2 + 4 + 1
        of_tensor = roles(trace, iteration).of_tensor
        tied = [key for key in of_tensor if (tensor := trace.tensor(key)) and tensor.name == "tokens.weight"]
        assert [of_tensor[key] for key in tied] == ["w1"]
        softmax = next(event for event in trace.events(iteration=iteration) if event.name == "softmax")
        weights = np.asarray(trace.array(softmax.outputs[0].value or 0))
        assert weights.shape == (5, 2, 6, 6)
        assert np.array_equal(np.triu(weights, 1), np.zeros_like(weights))
    calls = {call.path for call in trace.calls(1)}
    assert {"", "block", "block.attention", "block.attention.qkv", "block.feed.1", "head"} <= calls


def test_accumulated_and_clipped_gradients_with_a_falling_rate(
    play_in_child: Callable[[str], tuple[Trace, str, int]],
) -> None:
    trace, printed, code = play_in_child("accumulation")
    assert code == 0
    lines = [line.split() for line in printed.splitlines()]
    found = [float(words[2]) for words in lines if words[0].isdigit()]
    rates = [float(words[3]) for words in lines if words[0] == "norm"]
    norms = [float(words[1]) for words in lines if words[0] == "norm"]
    assert numbers(trace) == [0, 1, 2, 3]
    assert rates == [0.1, 0.1, 0.05, 0.05]
    for iteration in range(4):
        assert losses(trace, iteration) == found[3 * iteration : 3 * iteration + 3]
        changed = updates(trace, iteration)
        assert len(changed) == 6
        assert {event.arguments["lr"] for event in changed} == {rates[iteration]}
        clipped = [next(slot.value for slot in event.inputs if slot.name == "grad") for event in changed]
        norm = np.sqrt(sum(np.sum(np.asarray(trace.array(value or 0), np.float64) ** 2) for value in clipped))
        assert norm == pytest.approx(min(0.5, norms[iteration]), rel=1e-4)
    steps = [event for event in trace.events() if event.name == "StepLR"]
    assert [(event.iteration, *event.arguments["new_lr"]) for event in steps] == [(1, 0.05), (3, 0.025)]


def test_batches_from_workers_and_a_bad_end(play_in_child: Callable[[str], tuple[Trace, str, int]]) -> None:
    trace, printed, code = play_in_child("loader_workers")
    assert code == 1
    assert numbers(trace) == list(range(8))
    for iteration, text in enumerate(printed.split()):
        assert losses(trace, iteration) == [float(text)]
        assert [event.name for event in updates(trace, iteration)][:4] == ["Adam"] * 4
    last = trace.event(len(trace) - 1)
    assert last is not None
    assert last.name == "linear"
    assert last.error.startswith("RuntimeError: mat1 and mat2 shapes cannot be multiplied")
    assert trace.meta()["status"] == "failed"
    site = trace.site(last.site)
    text = (SCRIPTS / "loader_workers.py").read_text(encoding="utf-8").splitlines()
    assert site is not None
    assert text[site.line - 1].strip() == "net(torch.zeros(1, 3))"
