"""What holds for every row of the table."""

import re

from engine.analysis.failures.table import ROWS


def test_every_pattern_can_be_read_and_the_last_row_takes_everything() -> None:
    assert all(re.compile(row.pattern) for row in ROWS)
    assert ROWS[-1].search("anything", "Type: whatever") is not None


def test_no_two_rows_are_the_same() -> None:
    assert len({(row.key, row.pattern, row.ops) for row in ROWS}) == len(ROWS)
