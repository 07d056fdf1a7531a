"""The colour language: every theme keeps its contrasts, its colours stay distinct, and Qt receives them."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.theme import THEMES, Theme, apply_theme, palette_of, style_sheet_of

MEANINGS = ("forward", "backward", "parameter", "loss", "text", "muted")
FIXED = {
    "dark": {"forward": "#56b4e9", "backward": "#f0a030", "current": "#ffd60a", "parameter": "#2fbf8f"},
    "light": {"forward": "#0072b2", "backward": "#b45309", "current": "#111827", "parameter": "#00785a"},
    "projector": {"forward": "#005a9c", "backward": "#a63f00", "current": "#000000", "parameter": "#00614a"},
}


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula_on_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("name", FIXED)
def test_meaning_colours_are_the_agreed_ones(name: str) -> None:
    assert {key: getattr(THEMES[name], key) for key in FIXED[name]} == FIXED[name]


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_every_meaning_can_be_read_on_background_and_card(theme: Theme) -> None:
    for meaning in MEANINGS:
        for behind in (theme.background, theme.surface, theme.raised, theme.cluster):
            assert contrast(getattr(theme, meaning), behind) >= 4.5, (meaning, behind)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_text_can_be_read_on_selection_and_current_line(theme: Theme) -> None:
    assert contrast(theme.text, theme.selection) >= 4.5
    assert contrast(theme.text, theme.current_line) >= 4.5
    assert contrast(theme.accent_text, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_every_colour_is_a_hex_string(theme: Theme) -> None:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if field.name != "name" and isinstance(value, str):
            assert re.fullmatch("#[0-9a-f]{6}", value), field.name


def test_style_sheet_holds_the_tokens_and_no_placeholder() -> None:
    marked = replace(THEMES["dark"], accent="#010203")
    sheet = style_sheet_of(marked)
    assert "#010203" in sheet
    assert "$" not in sheet


def test_palette_disables_with_muted_text() -> None:
    theme = THEMES["light"]
    palette = palette_of(theme)
    assert palette.color(QPalette.ColorRole.Window).name() == theme.background
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == theme.muted


def test_applied_theme_reaches_the_application(qapp: QApplication) -> None:
    apply_theme(qapp, THEMES["projector"])
    assert qapp.palette().color(QPalette.ColorRole.WindowText).name() == "#000000"
    assert qapp.font().pixelSize() == 17
    apply_theme(qapp, THEMES["dark"])
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#0e1117"
    assert qapp.font().pixelSize() == 13
