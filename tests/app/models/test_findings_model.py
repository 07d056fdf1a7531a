"""Findings as plain data and as rows: what was seen, how sure, in either language, and giving up halfway."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.jobs import GivenUpError
from app.models.findings import FindingsModel, findings_in
from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, MARK_ROLE
from engine.trace.reader import Trace
from tests.helpers.chinese import has_chinese

SLIP = """import torch
torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x, t = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]])
for i in range(3):
    loss = torch.nn.functional.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""


def test_a_missing_zero_grad_is_a_row_with_its_proof(
    recorded: Callable[[str], Trace], qtmodeltester: ModelTester
) -> None:
    trace = recorded(SLIP)
    told: list[int] = []
    found = findings_in(trace.path, lambda done, count: told.append(done))
    assert told == list(range(len(told)))
    assert (found.looked, found.total) == (3, 3)
    (one,) = found.found
    assert one.finding.rule == "missing-zero-grad"
    assert one.proofs
    proof = one.proofs[0]
    event = trace.event(proof.position)
    assert event is not None
    assert (proof.name, proof.iteration) == (event.name, event.iteration)
    for in_chinese, word in ((False, "zero_grad"), (True, "zero_grad")):
        model = FindingsModel(in_chinese)
        model.set_found(found.found)
        qtmodeltester.check(model)
        row = model.index(0)
        assert word in row.data(Qt.ItemDataRole.DisplayRole)
        assert row.data(DETAIL_ROLE).endswith("loss.backward()")
        assert row.data(MARK_ROLE) == one.finding.seen.sure.value
        assert row.data(ASIDE_ROLE) == row.data(MARK_ROLE)
        seen = row.data(Qt.ItemDataRole.ToolTipRole)
        assert has_chinese(seen) == in_chinese
        assert row.data(Qt.ItemDataRole.AccessibleTextRole).endswith(seen)
    titles = {model.say(one.finding.title) for model in (FindingsModel(True), FindingsModel(False))}
    assert len(titles) == 2


def test_looking_ends_when_nobody_waits_any_more(hello: Trace) -> None:
    def give_up(done: int, count: int) -> None:
        if done == 2:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        findings_in(hello.path, give_up)


def test_a_correct_example_has_no_rows(hello: Trace) -> None:
    assert findings_in(hello.path, lambda done, count: None).found == ()
