"""The PySide6 that is installed keeps Python's own objects alive."""

import sys

import pytest
from PySide6.QtGui import QPainterPath


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_into_qt_take_no_references_to_none() -> None:
    # PySide6 6.12.0 takes one for every call that returns nothing, until Python ends the process.
    path = QPainterPath()
    before = sys.getrefcount(None)
    for _ in range(200):
        path.moveTo(0.0, 0.0)
    assert before - sys.getrefcount(None) < 20
