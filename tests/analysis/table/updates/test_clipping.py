"""A gradient that was clipped or scaled before the update is explained as such, with the numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_latex, to_text
from engine.trace.reader import Trace
from tests.analysis.table.updates.conftest import Train
from tests.helpers.equations import english
from tests.helpers.of_updates import agree, updates

# Gradients of w·(3, 4) and of 12·b are (3, 4) and 12: their norms are 5 and 12, and that of all is 13.
NET = "w, b = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(1))"


def clip(train: Train, line: str, steps: int = 1, optimizer: str = "SGD([w, b], lr=1.0)") -> Trace:
    """A trace of a loss with gradients (3, 4) and 12, and of a line between backward and step."""
    # ((net(x) - y) ** 2).mean() * 3 is the loss of all these scripts: its derivative is 1 where net(x) - y is 1/6.
    begin = (
        "net = lambda x: ((w - w.detach()) * torch.tensor([3.0, 4.0])).sum() + 12 * (b - b.detach()) + 1 / 6\n    y = 0"
    )
    return train(optimizer, steps, net=NET, begin=begin, clip=line)


def page(trace: Trace, name: str = "SGD", which: int = 0, element: tuple[int, ...] = (0,)) -> Explanation:
    """The page of an update; all of it can be printed as LaTeX too."""
    found = explain(trace, updates(trace, name)[which].position, element)
    assert found.worked
    assert all(to_latex(line.expression) for line in found.lines)
    return found


def lines(found: Explanation) -> list[str]:
    """The equations as text."""
    return [to_text(line.expression) for line in found.lines]


@pytest.mark.parametrize("foreach", ["True", "False", "None"])
def test_clipped_by_norm(train: Train, foreach: str) -> None:
    trace = clip(train, f"nn.utils.clip_grad_norm_([w, b], 6.5, foreach={foreach})")
    assert agree(trace, "SGD") == 3
    found = page(trace)
    norm, coefficient, clipped, new = lines(found)
    assert norm == "N = √(5² + 12²) = 13"
    # 6.5 / 13.000001 is 0.4999999615.
    assert coefficient == "c = min(1, Nₘₐₓ/(N + 1×10⁻⁶)) = min(1, 6.5/(13 + 1×10⁻⁶)) = 0.4999999615"
    assert clipped == "clipped ∂C/∂w₀ = c·∂C/∂w₀ = 0.4999999615·3 = 1.499999885"
    assert new == "new w₀ = w₀ - η·(clipped ∂C/∂w₀) = 1 - 1·1.499999885 = -0.4999998846"
    assert english(found.notes) == ("The gradient that SGD read was clipped: multiplied by 0.5.",)
    (check,) = found.checks
    np.testing.assert_allclose(check.computed, 1 - 3 * 6.5 / (13 + 1e-6), rtol=1e-12)


def test_other_norms(train: Train) -> None:
    largest = lines(page(clip(train, "nn.utils.clip_grad_norm_([w, b], 6.0, norm_type=float('inf'))")))
    assert largest[0] == "N = max(4, 12) = 12"
    sums = lines(page(clip(train, "nn.utils.clip_grad_norm_([w, b], 6.0, norm_type=1.0)")))
    assert sums[0].endswith("= 19")


def test_a_small_norm_leaves_gradients_as_they_are(train: Train) -> None:
    found = page(clip(train, "nn.utils.clip_grad_norm_([w, b], 100.0)"))
    assert english(found.notes) == ("The norm of all gradients was small enough, so clipping left them as they were.",)
    assert lines(found)[-1].endswith("= 1 - 1·3 = -2")


@pytest.mark.parametrize(
    "line", ["nn.utils.clip_grad_value_([w, b], 3.5)", "nn.utils.clip_grad_value_([w, b], 3.5, foreach=False)"]
)
def test_clipped_by_value(train: Train, line: str) -> None:
    trace = clip(train, line)
    assert agree(trace, "SGD") == 3
    found = page(trace, element=(1,))
    assert any("= 3.5" in text and "min(3.5, 4)" in text for text in lines(found))
    assert english(found.notes) == ("The gradient that SGD read was clipped place by place.",)
    (check,) = found.checks
    assert check.computed == 1 - 3.5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("w.grad.mul_(0.25)", "multiplied by 0.25"),
        ("w.grad /= 4", "divided by 4"),
        ("w.grad.mul_(torch.tensor(0.25))", "multiplied by 0.25"),
        (
            "torch._amp_foreach_non_finite_check_and_unscale_([w.grad], torch.zeros(1, dtype=torch.float32),"
            " torch.tensor(0.25, dtype=torch.float32))",
            "multiplied by 0.25",
        ),
    ],
)
def test_scaled_by_hand(train: Train, line: str, said: str) -> None:
    found = page(clip(train, line))
    assert said in found.notes[0].english
    assert any(text.startswith("scaled") and text.endswith("= 0.75") for text in lines(found))


def test_scaled_and_then_clipped(train: Train) -> None:
    trace = clip(train, "w.grad.mul_(0.5); w.grad.clamp_(-1, 1)", 2, "SGD([w, b], lr=1.0, weight_decay=0.1)")
    found = page(trace)
    scaled, clipped, decayed, new = lines(found)
    assert scaled.endswith("= 0.5·3 = 1.5")
    assert clipped.endswith("= max(-1, min(1, 1.5)) = 1")
    assert decayed.endswith("= 1 + 0.1·1 = 1.1")
    assert new.endswith("= 1 - 1·1.1 = -0.1")


def test_gradients_that_were_left_alone_have_no_such_lines(train: Train) -> None:
    found = page(clip(train, "torch.linalg.vector_norm(w.grad)"))
    assert english(found.notes) == ()
    assert len(found.lines) == 1


def test_other_optimizers_read_the_clipped_gradient_too(train: Train) -> None:
    trace = clip(train, "nn.utils.clip_grad_norm_([w, b], 6.5)", 3, "Adam([w, b], lr=0.1)")
    assert agree(trace, "Adam") == 9
    assert english(page(trace, "Adam").notes) == (
        "The gradient that Adam read was clipped: multiplied by 0.5. Step 1 of the optimizer.",
    )
