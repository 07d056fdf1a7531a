"""Numbers in the widest type of their kind, whatever bits they have."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.table.call import wide


@pytest.mark.parametrize(("dtype", "wanted"), [("<f2", "f8"), ("<c8", "c16"), ("<i2", "i8"), ("<u1", "i8"), ("?", "?")])
def test_the_widest_type_of_a_kind(dtype: str, wanted: str) -> None:
    assert wide(np.ones(3, dtype)).dtype == np.dtype(wanted)


def test_memory_that_nothing_was_written_to_widens_without_a_warning() -> None:
    never_written = np.array([0x7FA00000, 0x3F800000], np.uint32).view(np.float32)  # a signalling NaN, and 1.0
    np.testing.assert_array_equal(wide(never_written), [np.nan, 1.0])
