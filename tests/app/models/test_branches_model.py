"""The tree of branches as rows, and one of them beside its parent as text."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.models.branches import BranchesModel, BranchRow, beside_parent, forest_of
from app.models.row_roles import DETAIL_ROLE, IS_HERE_ROLE
from engine.bilingual import NOTHING, Bilingual, same
from engine.trace.reader import Trace

ROOT, FIRST, INNER = Path("/runs/a.gradstep"), Path("/runs/b.gradstep"), Path("/runs/c.gradstep")
ROWS = (
    BranchRow(ROOT, 0, NOTHING, "finished"),
    BranchRow(FIRST, 1, same("lr=0.5"), "finished"),
    BranchRow(INNER, 2, Bilingual("w1 = 2 at position 9", "w1 = 2，在位置 9"), "failed"),
)

SCRIPT = """import torch
w = torch.tensor([{start}], requires_grad=True)
for i in range(2):
    y = w * 3
    loss = (y - 6).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
"""


def test_runs_are_rows_below_those_that_they_come_from(qtmodeltester: ModelTester) -> None:
    model = BranchesModel()
    model.set_rows(ROWS, FIRST)
    qtmodeltester.check(model)
    texts = [model.index(row).data() for row in range(3)]
    assert texts == ["the first run", "└─ lr=0.5", "     └─ w1 = 2 at position 9"]
    assert [model.index(row).data(IS_HERE_ROLE) for row in range(3)] == [False, True, False]
    assert model.index(2).data(DETAIL_ROLE).strip() == "c.gradstep · failed"
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "lr=0.5, b.gradstep, level 2"
    assert (model.row_of(INNER), model.row_of(Path("/x"))) == (2, -1)
    assert model.row(3) is None


def test_a_branch_beside_its_parent(recorded: Callable[[str], Trace]) -> None:
    """C is (3 w - 6)^2 with w = 1 and w = 2: 9 and 0."""
    parent = recorded(SCRIPT.format(start="1.0"))
    branch = recorded(SCRIPT.format(start="2.0"))
    origin = {"parent": str(parent.path.resolve()), "started": "noon", "position": -1, "edits": [], "changes": ["w=2"]}
    for trace, key, fact in ((parent, "started", "noon"), (branch, "branch", origin)):
        with contextlib.closing(sqlite3.connect(trace.path)) as file, file:
            file.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(fact)))
    asked: list[int] = []
    forest = forest_of(branch.path, lambda: asked.append(1))
    assert [(row.depth, row.words) for row in forest.rows] == [(0, NOTHING), (1, same("w=2"))]
    (name, points), *_ = forest.losses
    assert (name, points.losses[0]) == (same(parent.path.stem), 9.0)
    found = beside_parent(branch.path, lambda: asked.append(1))
    assert asked
    assert found is not None
    assert found.iteration == 0
    line = next(line for line in found.lines if line.symbol == "C")
    assert (line.parent, line.branch, line.apart) == ("9", "0", "9")
    assert beside_parent(parent.path, lambda: None) is None
