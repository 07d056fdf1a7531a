"""Conversations with the adapter, on recorded traces and on scripts that run."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.dap_client import ROOT, Client, adapter_in_thread
from tests.helpers.recorded_traces import hello_path, net_path

__all__ = ["hello_path", "net_path"]

HELLO = ROOT / "resources" / "examples" / "hello.py"

Write = Callable[[str], Path]


@pytest.fixture
def client() -> Iterator[Client]:
    """A client that has said nothing yet; the adapter is in this process."""
    with adapter_in_thread() as client:
        yield client


@pytest.fixture
def looking(client: Client, hello_path: Path) -> Client:
    """A client that looks at a recording of two iterations of hello.py, at its start."""
    client.begin(trace=str(hello_path))
    assert client.go()["reason"] == "entry"
    return client


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a script."""

    def script(text: str) -> Path:
        path = tmp_path / "script.py"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return script


def line_of(path: Path, words: str) -> int:
    """The first line (from 1) that has these words."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)
