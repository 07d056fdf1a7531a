"""Which rows batches are made of: the data says so itself, as its first column is the number of the row."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from engine.analysis.data.epochs import epochs, length_by_sizes
from engine.analysis.data.rows import data_rows
from engine.errors import GradstepError
from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

HEAD = """
import torch
torch.manual_seed(3)
X = torch.stack([torch.arange(20.0), torch.ones(20)], dim=1)
t = X[:, :1] * 2
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
def learn(x, y):
    loss = torch.nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

LOADER = """
from torch.utils.data import DataLoader, TensorDataset, random_split
train, test = random_split(TensorDataset(X, t), [14, 6])
for epoch in range(2):
    for x, y in DataLoader(train, batch_size=4, shuffle=True):
        learn(x, y)
"""

SCALED = """
X_train, X_test = X[:12], X[12:]
mean = X_train.mean(dim=0)
X_train = X_train - mean
X_test = X_test - mean
for rows in ([0, 1, 2, 3], [3, 3, 11, 0], [5, 6, 7, 8]):
    learn(X_train[rows], t[rows])
"""

LEAKED = """
train_part, test_part = X[:12], X[10:]
for rows in ([0, 1], [2, 3]):
    learn(train_part[rows], t[rows])
"""


def traced(folder: Path, text: str) -> Path:
    (folder / "script.py").write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
    assert record(Launch("script.py", folder=folder), folder / "t.gradstep").exit_code == 0
    return folder / "t.gradstep"


def test_the_batches_of_a_loader_are_rows_of_its_data_set(tmp_path: Path) -> None:
    with Trace(traced(tmp_path, LOADER)) as trace:
        found = data_rows(trace)
        assert (found.count, found.name) == (20, "X")
        assert [len(rows) for _, rows in found.batches] == [4, 4, 4, 2] * 2
        for iteration, rows in found.batches:
            linear = next(event for event in trace.events(iteration=iteration) if event.name == "linear")
            went_in = trace.array(linear.inputs[0].value or 0)
            assert went_in is not None
            assert rows.tolist() == went_in[:, 0].tolist()
        table = epochs(trace)
        assert table.length == 4
        assert [(one.begin, one.end, one.seen, one.repeated, one.never) for one in table.table] == [
            (0, 4, 14, 0, 6),
            (4, 8, 14, 0, 6),
        ]


def test_parts_and_repeated_rows_are_told_though_the_data_was_scaled(tmp_path: Path) -> None:
    with Trace(traced(tmp_path, SCALED)) as trace:
        found = data_rows(trace)
        assert [(part.name, part.rows.tolist()) for part in found.parts] == [
            ("X_train", list(range(12))),
            ("X_test", list(range(12, 20))),
        ]
        assert [rows.tolist() for _, rows in found.batches] == [[0, 1, 2, 3], [3, 3, 11, 0], [5, 6, 7, 8]]
        assert found.pool.tolist() == list(range(12))
        assert found.seen(0, 3)[:12].tolist() == [2, 1, 1, 3, 0, 1, 1, 1, 1, 0, 0, 1]
        (epoch,) = epochs(trace).table
        assert (epoch.begin, epoch.end, epoch.seen, epoch.repeated, epoch.never) == (0, 3, 9, 2, 3)
        assert found.shared() == []


def test_rows_that_two_parts_share(tmp_path: Path) -> None:
    with Trace(traced(tmp_path, LEAKED)) as trace:
        assert data_rows(trace).shared() == [("train_part", "test_part", 2)]


def test_the_mean_loss_of_an_epoch(tmp_path: Path) -> None:
    with Trace(traced(tmp_path, SCALED)) as trace:
        losses = [trace.array(event.outputs[0].value or 0) for event in trace.events() if event.name == "mse_loss"]
        numbers = [float(loss) for loss in losses if loss is not None]
        (epoch,) = epochs(trace).table
        assert len(numbers) == 3
        assert epoch.mean == pytest.approx(sum(numbers) / 3, rel=1e-6)
        assert epoch.last == pytest.approx(numbers[2], rel=1e-6)


def test_a_run_without_batches_says_so(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text("import torch\ntorch.ones(2) + 1\n", encoding="utf-8")
    record(Launch("script.py", folder=tmp_path), tmp_path / "t.gradstep")
    with Trace(tmp_path / "t.gradstep") as trace, pytest.raises(GradstepError, match="cannot be followed back"):
        data_rows(trace)


@pytest.mark.parametrize(
    ("sizes", "length"), [([4, 4, 2, 4, 4, 2], 3), ([4, 4, 4], None), ([4, 2, 4, 4], None), ([], None)]
)
def test_a_smaller_batch_ends_an_epoch(sizes: list[int], length: int | None) -> None:
    assert length_by_sizes(sizes) == length
