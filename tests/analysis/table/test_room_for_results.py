"""What a stranger's trace says of its inputs may not make a result far larger than the one it holds."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.table.call import UnfitError, bind
from engine.analysis.table.operation import row_of

TALL, WIDE = np.ones((100_000, 1)), np.ones((1, 100_000))


@pytest.mark.parametrize(
    ("name", "tensors", "plain"),
    [
        ("add", {"0": TALL, "1": WIDE}, {}),
        ("where", {"0": TALL > 0, "1": WIDE, "2": WIDE}, {}),
        ("matmul", {"0": TALL, "1": WIDE}, {}),
        ("outer", {"0": TALL[:, 0], "1": WIDE[0]}, {}),
        ("einsum", {"1": TALL[:, 0], "2": WIDE[0]}, {"0": "i,j->ij"}),
        ("mse_loss", {"0": TALL, "1": WIDE}, {"reduction": "none"}),
    ],
)
def test_broadcasts_beyond_the_recorded_result_are_refused(
    name: str, tensors: dict[str, np.ndarray], plain: dict[str, object]
) -> None:
    found = row_of(name)
    assert found is not None
    row, form = found
    call = bind(form, name, tensors, plain, [np.ones((3, 3))])
    with pytest.raises(UnfitError, match=r"far fewer were recorded|fit"):
        row.forward(call)


def test_what_fits_is_computed() -> None:
    found = row_of("add")
    assert found is not None
    row, form = found
    call = bind(form, "add", {"0": TALL[:4], "1": WIDE[:, :3]}, {}, [np.full((4, 3), 2.0)])
    np.testing.assert_array_equal(np.asarray(row.forward(call)), np.full((4, 3), 2.0))
