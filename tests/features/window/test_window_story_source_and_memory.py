"""Stories about what stands beside the numbers: strides, a module call's own line, what autograd does not follow."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex

from app.models.call_tree import MODE_ROLE, NAME, VALUE
from engine.session.launch import Launch
from engine.session.record import record
from tests.helpers.window_user import User

SCRIPT = """
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 2))
x = torch.arange(12.0).reshape(4, 3)
turned = x.t()
loss = net(turned.t()).sum()
loss.backward()
with torch.no_grad():
    net[0].weight -= 0.1 * net[0].weight.grad
""".lstrip()


def rows(user: User, parent: QModelIndex | None = None) -> list[QModelIndex]:
    """All rows of the call tree under one, in reading order."""
    model = user.window.panels.call_tree.model()
    parent = QModelIndex() if parent is None else parent
    if model.canFetchMore(parent):
        model.fetchMore(parent)
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, NAME, parent)
        found += [index, *rows(user, index)]
    return found


def test_a_learner_finds_the_call_the_strides_and_what_is_not_followed(user: User, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    trace = tmp_path / "t.gradstep"
    assert record(Launch(script), trace).exit_code == 0
    user.window.open_path(trace)
    user.wait_until_still()
    tree, panels = user.window.panels.call_tree, user.window.panels
    net = next(index for index in rows(user) if index.data() == "net")
    assert net.siblingAtColumn(VALUE).data() == "line 8"
    tree.setCurrentIndex(net)
    user.wait(lambda: panels.source.chosen == 8)
    written = next(index for index in rows(user) if index.data() == "sub_")
    assert written.data(MODE_ROLE) == "no_grad"
    backward = next(index for index in rows(user) if index.data() == "AddmmBackward0")
    assert backward.data(MODE_ROLE) == ""
    turned = next(index for index in rows(user) if index.data() == "t")
    tree.setCurrentIndex(turned)
    user.wait(lambda: "strides 1, 3" in panels.tensor.head.label.text())
    value = next(index for index in rows(user) if index.data() == "linear")
    tree.setCurrentIndex(value)
    user.wait(lambda: "strides" not in panels.tensor.head.label.text())  # one row after the other, as ever
