"""docs/trace-format.md is the specification: it names every table, column and limit that the writer uses."""

import re
import sqlite3
from pathlib import Path

import gradstep
from engine.limits import BLOB_LIMIT_BYTES, KEEP_FIRST_ITERATIONS, KEEP_LATEST_ITERATIONS, KIB
from engine.trace.arrays import kept_segment_of, segment_of
from engine.trace.schema import APPLICATION_ID, TABLES, TRACE_VERSION

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "trace-format.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """What is said of each table."""
    parts = re.split(r"^### (.+)\n", TEXT, flags=re.MULTILINE)[1:]
    found: dict[str, str] = {}
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        found.update(dict.fromkeys(title.split(", "), text.partition("\n## ")[0]))
    return found


def test_each_table_and_column_is_described() -> None:
    with sqlite3.connect(":memory:") as database:
        database.executescript(TABLES)
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        columns = {table: [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')] for table in tables}
    database.close()
    described = sections()
    assert set(described) == set(tables)
    missing = [(table, name) for table in tables for name in columns[table] if f"`{name}`" not in described[table]]
    assert missing == []


def test_each_key_of_meta_is_described(tmp_path: Path) -> None:
    with gradstep.record(tmp_path / "t.gradstep"):
        pass
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert [key for key in trace.meta if f"`{key}`" not in sections()["meta"]] == []


def test_its_numbers_are_those_of_the_program() -> None:
    assert f"version {TRACE_VERSION}\n" in TEXT
    assert f"`{APPLICATION_ID:#x}`" in TEXT
    assert f"at most {BLOB_LIMIT_BYTES // KIB} KiB" in TEXT
    assert [segment_of(n) for n in (-1, 0, 5)] == [2 * (n + 1) for n in (-1, 0, 5)]
    assert kept_segment_of(5) == 2 * (5 + 1) + 1
    assert (KEEP_FIRST_ITERATIONS, KEEP_LATEST_ITERATIONS) == (3, 5)
    assert "first three\niterations, the latest five" in TEXT
