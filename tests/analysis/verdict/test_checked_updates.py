"""Verdicts on updates: optimizers in single precision, writes by hand, learning rates; planted errors are found."""

import pytest

from engine.analysis.verdict.answer import Answer
from engine.analysis.verdict.checker import verdict
from engine.events import Kind

TRAINING = """
import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
optimizer = torch.optim.{optimizer}
{scheduler}
for n in range(6):
    optimizer.zero_grad()
    (net(torch.randn(8, 6)) - 1).pow(2).sum().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
"""
STEADY = "scheduler = torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0)"
OPTIMIZERS = (
    "SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)",
    "Adam(net.parameters(), amsgrad=True)",
    "AdamW(net.parameters(), lr=0.1)",
    "NAdam(net.parameters())",
    "RAdam(net.parameters(), lr=0.1, betas=(0.9, 0.9))",
    "Adamax(net.parameters())",
    "Adagrad(net.parameters(), lr_decay=0.1)",
    "Adadelta(net.parameters())",
    "RMSprop(net.parameters(), momentum=0.9, centered=True)",
    "Rprop(net.parameters())",
    "ASGD(net.parameters(), t0=2)",
    "Adafactor(net.parameters())",
    "Muon([net[0].weight, net[2].weight])",
)


def updates(trace, name: str = ""):
    """The verdicts on updates, of a name or of all."""
    events = [e for e in trace.events() if e.kind == Kind.UPDATE and name in ("", e.name) and e.iteration >= 0]
    return [verdict(trace, event.position) for event in events]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_agrees_in_single_precision(recorded, optimizer: str) -> None:
    trace = recorded(source=TRAINING.format(optimizer=optimizer, scheduler=STEADY))
    found = updates(trace)
    assert len(found) >= 18
    assert {one.answer for one in found} == {Answer.AGREES}, [str(one) for one in found if one.answer != Answer.AGREES][
        :2
    ]


SCHEDULERS = (
    *("StepLR(optimizer, 2)", "LambdaLR(optimizer, lambda e: 0.9**e)", "LinearLR(optimizer)"),
    *(
        "CosineAnnealingLR(optimizer, 4)",
        "OneCycleLR(optimizer, 0.2, total_steps=9)",
        "CyclicLR(optimizer, 0.01, 0.1, 2)",
    ),
)


@pytest.mark.parametrize("rate", ["0.1", "torch.tensor(0.1)"])
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_learning_rates_agree(recorded, scheduler: str, rate: str) -> None:
    made = f"scheduler = torch.optim.lr_scheduler.{scheduler}"
    optimizer = f"SGD(net.parameters(), lr={rate}, momentum=0.9)"
    found = updates(recorded(source=TRAINING.format(optimizer=optimizer, scheduler=made)), scheduler.partition("(")[0])
    assert len(found) == 6
    assert {one.answer for one in found} == {Answer.AGREES}
    assert found[0].comparisons[0].what.english == "new learning rate"


WRONG = """
class StepLR(torch.optim.lr_scheduler.StepLR):
    def get_lr(self):
        return [rate * (1.01 if self.last_epoch == 2 else 1.0) for rate in super().get_lr()]
scheduler = StepLR(optimizer, 2)
"""


def test_a_scheduler_that_is_wrong_once_is_found(recorded) -> None:
    trace = recorded(source=TRAINING.format(optimizer="SGD(net.parameters(), lr=0.1)", scheduler=WRONG))
    found = updates(trace, "StepLR")
    assert [one.answer for one in found] == [Answer.AGREES, Answer.DIFFERS, *[Answer.AGREES] * 4]


def test_a_changed_weight_is_found(recorded, planted) -> None:
    trace = recorded(source=TRAINING.format(optimizer="Adam(net.parameters())", scheduler=STEADY))
    event = next(event for event in trace.events() if event.name == "Adam")
    for slot in event.outputs:
        changed = planted(trace, slot.value, lambda array: array + 0.01)
        assert verdict(changed, event.position).answer == Answer.DIFFERS, slot.name


BY_HAND = """
import torch
w = torch.tensor([[0.5, -1.5], [2.0, 1.0]], requires_grad=True)
for n in range(2):
    w.square().sum().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w[0] *= 0.5
        w[:, 1].clamp_(-0.3, 0.3)
        w.data.addcmul_(w.grad, w.grad, value=-0.01)
        torch.sub(w, w.grad, out=w)
        w[1, 0].fill_(2.0)
    w.data = w.data * 0.9
    w.grad = None
"""


def test_writes_by_hand_agree_also_to_a_part(recorded) -> None:
    found = updates(recorded(source=BY_HAND))
    # `w[0] *= 0.5` writes twice: into the view, and then that into w.
    assert len(found) == 16
    assert [str(one) for one in found if one.answer != Answer.AGREES] == []
