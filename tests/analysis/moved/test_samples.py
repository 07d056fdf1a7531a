"""What is told of samples, fitted lines and functions is what a hand works out."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.moved.fitted import fitted
from engine.analysis.moved.function import function_at
from engine.analysis.moved.samples import samples
from engine.errors import GradstepError
from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace
from tests.helpers.window_user import EXAMPLES


def recorded(folder: Path, text: str) -> Path:
    (folder / "script.py").write_text(textwrap.dedent(text), encoding="utf-8")
    assert record(Launch("script.py", folder=folder), folder / "t.gradstep").exit_code == 0
    return folder / "t.gradstep"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("line") / "line.gradstep"
    record(Launch(EXAMPLES / "linear_regression.py", ("--epochs", "3", "--double")), path)
    return path


def test_predictions_beside_targets(line: Path) -> None:
    """w 0.5, b -0.25 at x = 1, 2, 3 against 2, 4, 6."""
    with Trace(line) as trace:
        found = samples(trace, 0)
        assert found.outputs[:, 0].tolist() == pytest.approx([0.25, 0.75, 1.25])
        assert found.targets is not None
        assert found.targets[:, 0].tolist() == [2.0, 4.0, 6.0]
        assert found.errors is not None
        assert found.errors[:, 0].tolist() == pytest.approx([-1.75, -3.25, -4.75])


def test_the_line_has_the_weights_of_its_iteration(line: Path) -> None:
    """The tutorial's first gradients are -45 and -19.5, so the second iteration has w 0.95 and b -0.055."""
    with Trace(line) as trace:
        first, second = fitted(trace, 0), fitted(trace, 1)
        assert first.y == pytest.approx(0.5 * first.x - 0.25, abs=1e-12)
        assert second.y == pytest.approx(0.95 * second.x - 0.055, abs=1e-12)
        assert first.x[0] < 1 < 3 < first.x[-1]


def test_a_curve_of_a_network_with_a_hidden_layer(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        """
        import torch
        x = torch.tensor([[-1.0], [0.5], [2.0]])
        t = torch.tensor([[0.0], [1.0], [4.0]])
        w = torch.tensor([[1.0, -1.0]], requires_grad=True)
        v = torch.tensor([[2.0], [3.0]], requires_grad=True)
        y = torch.relu(x @ w) @ v
        loss = ((t - y) ** 2).mean()
        loss.backward()
        """,
    )
    with Trace(path) as trace:
        found = fitted(trace, 0)
        assert found.y == pytest.approx(np.where(found.x > 0, 2 * found.x, -3 * found.x), abs=1e-12)
        assert found.samples.outputs[:, 0].tolist() == [3.0, 1.0, 4.0], "also where the target comes first"


def test_classes_of_a_loss_that_the_script_writes_itself(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        """
        import torch
        x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        t = torch.tensor([0.0, 1.0, 1.0])
        w = torch.tensor([0.5, -0.25], requires_grad=True)
        loss = ((x @ w - t) ** 2).mean()
        loss.backward()
        """,
    )
    with Trace(path) as trace:
        found = samples(trace, 0)
        assert found.classes is not None
        assert found.classes.tolist() == [0, 1, 1]
        assert found.inputs is not None
        assert found.inputs.tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
        assert found.outputs[:, 0].tolist() == pytest.approx([0.0, 0.5, 1.0])
        with pytest.raises(GradstepError, match="make one number out of one"):
            fitted(trace, 0)


def test_the_present_point_on_a_function(tmp_path: Path) -> None:
    """The first tutorial's numbers: z1 1.124, a1 0.7547299214, s'(z1) 0.1851126672."""
    path = tmp_path / "hello.gradstep"
    record(Launch(EXAMPLES / "hello.py", ("--double", "--iterations", "1")), path)
    with Trace(path) as trace:
        sigmoids = [event.position for event in trace.events(iteration=0) if event.name == "sigmoid"]
        found = function_at(trace, 0, sigmoids[0])
        assert found.name == "sigmoid"
        assert found.at.tolist() == pytest.approx([1.124])
        assert found.values.tolist() == pytest.approx([0.7547299214], abs=1e-9)
        assert found.slopes.tolist() == pytest.approx([0.1851126672], abs=1e-9)
        curve = 1 / (1 + np.exp(-found.x))
        assert found.y == pytest.approx(curve, abs=1e-12)
        assert found.slope == pytest.approx(curve * (1 - curve), abs=1e-12)
        backward = [event.position for event in trace.events(iteration=0) if event.name == "SigmoidBackward0"]
        assert function_at(trace, 0, backward[-1]).position == sigmoids[0], "a node is shown on its own op's curve"
        with pytest.raises(GradstepError, match="No function of one number"):
            function_at(trace, 0, sigmoids[0] - 1)


def test_the_dead_side_of_relu(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        """
        import torch
        w = torch.tensor(-2.0, requires_grad=True)
        y = torch.relu(w * 3 + 1)
        y.backward()
        """,
    )
    with Trace(path) as trace:
        found = function_at(trace, 0, 10_000)
        assert (found.name, found.at.tolist(), found.values.tolist(), found.slopes.tolist()) == ("relu", [-5], [0], [0])
