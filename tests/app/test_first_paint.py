"""What a window may not wait for before it appears."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = """
import sys
from PySide6.QtCore import QSettings
from app.main import application
from app.window import MainWindow

app = application()
window = MainWindow(QSettings(sys.argv[1], QSettings.Format.IniFormat))
window.show()
app.processEvents()
window.grab()
print(*sys.modules)
window.close()
"""


def test_the_start_page_waits_for_no_row_of_the_table_and_for_no_graph(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SHOWN, str(tmp_path / "gradstep.ini")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = found.stdout.split()
    assert "app.window" in modules
    rows = [
        name
        for name in modules
        if name.startswith(("engine.analysis.table.operations", "engine.analysis.table.updates"))
    ]
    assert rows == []
    assert {"pyqtgraph", "yaml", "PySide6.QtPrintSupport"}.isdisjoint(modules)
    assert "torch" not in modules


LOADED = """
import sys
from app.loaded_later import load_later

load_later()
print(*sys.modules)
"""


def test_what_the_first_graph_needs_is_loaded_beside_the_window() -> None:
    found = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = found.stdout.split()
    assert {"pyqtgraph", "engine.analysis.table.operations.activations"} <= set(modules)
    assert "torch" not in modules
