"""The same by the protocol's own test client, where node is there and npm has that client in its cache."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dap.conftest import HELLO, Write, line_of
from tests.helpers.dap_client import ROOT

PACKAGE = "@vscode/debugadapter-testsupport"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """The folder of the client's npm modules; nothing is fetched."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not here; the tests with the plain Python client cover the same")
    command = [
        npm,
        "install",
        "--offline",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(tmp_path),
        PACKAGE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"npm has no {PACKAGE} in its cache; the tests with the plain Python client cover the same")
    return tmp_path / "node_modules"


def test_the_protocols_own_test_client_finds_nothing_wrong(modules: Path, write: Write, tmp_path: Path) -> None:
    failing = write("import torch\ntorch.ones(2) @ torch.ones(3)\n")
    adapter = tmp_path / "adapter.py"
    command = str(ROOT / "gradstep.py")
    text = f"import runpy, sys\nsys.argv = ['gradstep', 'dap']\nrunpy.run_path({command!r}, run_name='__main__')\n"
    adapter.write_text(text, encoding="utf-8")
    line = line_of(HELLO, "a1 = torch.sigmoid")
    client = Path(__file__).with_name("npm_client.js")
    arguments = [str(part) for part in (client, modules, sys.executable, adapter, HELLO, line, failing)]
    done = subprocess.run(["node", *arguments], capture_output=True, text=True, timeout=280, check=False)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr
