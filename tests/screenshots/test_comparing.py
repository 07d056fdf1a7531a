"""What the comparison of pictures sees and what it overlooks, on a panel that is drawn here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.assets import load_fonts
from app.theme import THEMES, ui_font
from tests.helpers.pictures import compare, held_against, load, pixels

LINES = ("Loss C = 0.4735", "step 12 of 46", "new w = 1.58", "nothing else")


@pytest.fixture(autouse=True, params=list(THEMES))
def theme(qapp: QApplication, request: pytest.FixtureRequest) -> str:
    """Dark and light letters alike."""
    load_fonts()
    return request.param


def panel(theme: str, *, lines: tuple[str, ...] = LINES, left: int = 20, off: float = 0.0, colour: str = "text",
          hinting: QFont.HintingPreference = QFont.HintingPreference.PreferNoHinting) -> np.ndarray:  # fmt: skip
    """A box with lines of text. left: of the box. off: how far letters are moved. colour: of the second line."""
    tokens = THEMES[theme]
    image = QImage(320, 160, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(QRect(left, 10, 240, 130), QColor(tokens.raised))
    painter.setPen(QColor(tokens.border))
    painter.drawRect(QRect(left, 10, 240, 130))
    font = ui_font(13)
    font.setHintingPreference(hinting)
    painter.setFont(font)
    for row, line in enumerate(lines):
        painter.setPen(QColor(getattr(tokens, colour) if row == 1 else tokens.text))
        painter.drawText(QPointF(left + 12 + off, 36 + 26 * row + off), line)
    painter.end()
    return pixels(image)


def test_the_same_is_the_same(theme: str) -> None:
    assert compare(panel(theme), panel(theme)) == ""


@pytest.mark.parametrize("off", [0.25, 0.5, -0.5, 1.0])
def test_letters_that_are_a_pixel_off_are_overlooked(theme: str, off: float) -> None:
    moved = panel(theme, off=off)
    assert np.abs(moved - panel(theme)).max() > 20
    assert compare(moved, panel(theme)) == ""


def test_letters_that_are_smoothed_otherwise_are_overlooked(theme: str) -> None:
    fitted = panel(theme, hinting=QFont.HintingPreference.PreferVerticalHinting)
    assert np.abs(fitted - panel(theme)).max() > 10
    assert compare(fitted, panel(theme)) == ""


def test_a_missing_line_is_seen(theme: str) -> None:
    told = compare(panel(theme, lines=(*LINES[:2], "", LINES[3])), panel(theme))
    assert "x 32 and 112, y 64 and 96" in told  # the third line stands on y 88


def test_another_number_is_seen(theme: str) -> None:
    assert compare(panel(theme, lines=(LINES[0], "step 12 of 98", *LINES[2:])), panel(theme))


def test_a_panel_that_moved_is_seen(theme: str) -> None:
    assert compare(panel(theme, left=24), panel(theme))


@pytest.mark.parametrize("colour", ["backward", "forward", "parameter"])
def test_another_colour_of_letters_is_seen(theme: str, colour: str) -> None:
    assert compare(panel(theme, colour=colour), panel(theme))


def test_another_size_is_said(theme: str) -> None:
    told = compare(panel(theme)[:, :300], panel(theme))
    assert told == "It is 300x160 now and was 320x160."


def test_what_differs_is_written_down_and_can_be_approved(theme: str, tmp_path: Path) -> None:
    file, now = tmp_path / "box.png", tmp_path / "failed" / "box.png"
    assert held_against(panel(theme), file, now, approve=False) == "Nobody has approved it yet."
    assert held_against(panel(theme), file, now, approve=True) == ""
    assert held_against(panel(theme), file, now, approve=False) == ""
    assert "looks different" in held_against(panel(theme, left=40), file, now, approve=False)
    assert compare(load(now), panel(theme, left=40)) == ""
    shown = load(now.with_suffix(".difference.png"))
    assert np.abs(shown[100, 280] - shown[150, 10]).max() > 0  # where the box is new it stands out
    assert compare(load(file), panel(theme)) == ""
