"""A mistake in painting is told, and the window goes on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAINTS = {"paintEvent", "drawBackground", "drawForeground", "paintSection", "drawRow", "drawBranches", "drawItems"}

BROKEN = """
import sys
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from app.guard import painted

class Broken(QWidget):
    @painted
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.save()
        painter.fillRect(self.rect(), QColor("red"))
        raise ValueError("a mistake while painting")

told = []
sys.excepthook = lambda kind, error, trace: told.append(str(error))
app = QApplication(["gradstep"])
widget = Broken()
widget.show()
for turn in range(5):
    widget.resize(100 + turn, 80)
    widget.update()
    QTest.qWait(20)
    widget.grab()
print(len(told) >= 5, set(told))
"""


def test_a_paint_method_that_raises_does_not_end_the_process() -> None:
    command = [sys.executable, "-c", BROKEN]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True {'a mistake while painting'}"), done.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "app").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_method_that_qt_calls_to_paint_is_marked(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for method in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            of_an_item = method.name == "paint" and len(method.args.args) == 4 and method.args.args[2].arg == "option"
            if method.name in PAINTS or of_an_item:
                marks = [mark.id for mark in method.decorator_list if isinstance(mark, ast.Name)]
                assert "painted" in marks, f"{owner.name}.{method.name} lacks @painted, see app/guard.py"
