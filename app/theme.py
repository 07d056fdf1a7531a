"""The colour language of the window: one frozen row of tokens per theme, named by meaning, and how it reaches Qt.

Every view takes its colours from a `Theme`; no other module writes a hex string. A colour is never the only cue:
forward is also solid and points down, backward is also dashed and points up (see the docs of each view).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.assets import load_fonts, resources_dir
from app.theme_style import STYLE_TEMPLATE

# What the first family lacks is taken from the next that has it; between them the shipped ones have all but Chinese.
UI_FAMILIES = (
    "Inter", "Gradstep Signs", "JetBrains Mono", "STIX Two Math", "Noto Sans CJK SC", "PingFang SC",
    "Microsoft YaHei UI", "DejaVu Sans",
)  # fmt: skip
CODE_FAMILIES = ("JetBrains Mono", "Gradstep Signs", "DejaVu Sans Mono", "Menlo", "Consolas", "Inter", "STIX Two Math")
_ICON_OF_BASE = 1.4
"""Size of an icon on a button, in sizes of the text beside it."""
_SMALL_ICON_OF_BASE = 16 / 13
MATH_FAMILIES = ("STIX Two Math", "Gradstep Signs", "Inter", "JetBrains Mono", "DejaVu Serif", "Times New Roman")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (`#rrggbb`) by meaning, and sizes in px; one instance is one theme.

    `current` is the ring around the current node and `current_halo` the glow outside it; in light themes the ring is
    black because an orange-red one differs from `backward` by almost nothing for red-green blind viewers.
    `line_scale` multiplies the width of every meaningful line (1.5 on a projector).
    """

    name: str
    dark: bool
    # Meaning of the data flow.
    forward: str
    backward: str
    current: str
    current_halo: str
    parameter: str
    loss: str
    edge: str
    # Text and surfaces, from back to front.
    text: str
    muted: str
    background: str
    surface: str
    raised: str
    cluster: str
    border: str
    # Widgets.
    accent: str
    accent_text: str
    selection: str
    current_line: str
    # States and signs.
    gradient_positive: str
    gradient_negative: str
    gradient_zero: str
    not_finite: str
    breakpoint: str
    error: str
    warning: str
    success: str
    # Source code.
    code_keyword: str
    code_string: str
    code_comment: str
    code_number: str
    code_name: str
    # Sizes.
    base_px: int = 13
    small_px: int = 11
    large_px: int = 17
    line_scale: float = 1.0
    colour_blind: bool = False
    """Numbers as colours that red-green blind people tell apart as others do."""

    @property
    def icon_px(self) -> int:
        """Size of an icon on a small button in a panel: it grows with the letters beside it."""
        return round(self.base_px * _SMALL_ICON_OF_BASE)

    def colour_map(self, *, signed: bool) -> str:
        """The name of the colours of numbers, in pyqtgraph: signed ones have a neutral middle at 0."""
        if self.colour_blind:
            return "CET-CBD1" if signed else "cividis"
        return "CET-D1A" if signed else "viridis"


THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            name="dark", dark=True,
            forward="#56b4e9", backward="#f0a030", current="#ffd60a", current_halo="#ffd60a",
            parameter="#2fbf8f", loss="#d98cb8", edge="#5b6b86",
            text="#e6e9ef", muted="#8d99ae", background="#0e1117", surface="#151a23", raised="#1c2330",
            cluster="#141a25", border="#2b3444",
            accent="#5a9bff", accent_text="#08111f", selection="#24406e", current_line="#3a3410",
            gradient_positive="#e8604c", gradient_negative="#4f8df5", gradient_zero="#f2f2f2", not_finite="#ff3df2",
            breakpoint="#ff5c5c", error="#ff7b72", warning="#f0c24b", success="#58c98b",
            code_keyword="#c792ea", code_string="#9ece6a", code_comment="#77839a", code_number="#f29e74",
            code_name="#82aaff",
        ),
        Theme(
            name="light", dark=False,
            forward="#0072b2", backward="#b45309", current="#111827", current_halo="#ffd60a",
            parameter="#00785a", loss="#9d4376", edge="#8793a8",
            text="#1b2330", muted="#5d6b80", background="#f6f7f9", surface="#ffffff", raised="#ffffff",
            cluster="#f2f4f9", border="#cdd4e0",
            accent="#2457d6", accent_text="#ffffff", selection="#cfe0ff", current_line="#fff3c4",
            gradient_positive="#b2182b", gradient_negative="#2166ac", gradient_zero="#f2f2f2", not_finite="#c800be",
            breakpoint="#d92d20", error="#b42318", warning="#8a5b00", success="#1a7f4b",
            code_keyword="#7c2fb8", code_string="#3f6f1a", code_comment="#5d6b80", code_number="#a3430f",
            code_name="#1d4fbf",
        ),
        Theme(
            name="projector", dark=False,
            forward="#005a9c", backward="#a63f00", current="#000000", current_halo="#ffd60a",
            parameter="#00614a", loss="#8a1c5f", edge="#4b5563",
            text="#000000", muted="#374151", background="#ffffff", surface="#ffffff", raised="#ffffff",
            cluster="#f1f3f7", border="#6b7280",
            accent="#0b3fb3", accent_text="#ffffff", selection="#b9d2ff", current_line="#ffe98a",
            gradient_positive="#a50f15", gradient_negative="#08519c", gradient_zero="#ffffff", not_finite="#b000a8",
            breakpoint="#b91c1c", error="#991b1b", warning="#713f00", success="#14532d",
            code_keyword="#5b1a91", code_string="#2c540d", code_comment="#374151", code_number="#7c2d00",
            code_name="#0b3a9e",
            base_px=17, small_px=15, large_px=22, line_scale=1.5,
        ),
    )
}  # fmt: skip


def sized(theme: Theme, percent: int) -> Theme:
    """The same theme with letters of another size."""
    px = {name: max(6, round(getattr(theme, name) * percent / 100)) for name in ("base_px", "small_px", "large_px")}
    return replace(theme, **px)


def ui_font(px: int, *, bold: bool = False) -> QFont:
    """The interface font at `px` pixels; families are tried in order, so Chinese falls through to a CJK font."""
    return _font(UI_FAMILIES, px, bold=bold)


def code_font(px: int) -> QFont:
    """The fixed-width font at `px` pixels, for source code and numbers in columns."""
    font = _font(CODE_FAMILIES, px)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def math_font(px: int, *, italic: bool = True) -> QFont:
    """The textbook font at `px` pixels, for symbols such as z⁽¹⁾."""
    font = _font(MATH_FAMILIES, px)
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setItalic(italic)
    return font


def palette_of(theme: Theme) -> QPalette:
    """An explicit palette: `QStyleHints.setColorScheme` does nothing on some platforms, so every role is set here."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background, role.WindowText: theme.text, role.Base: theme.surface,
        role.AlternateBase: theme.raised, role.ToolTipBase: theme.raised, role.ToolTipText: theme.text,
        role.Text: theme.text, role.Button: theme.surface, role.ButtonText: theme.text,
        role.BrightText: theme.error, role.Link: theme.accent, role.LinkVisited: theme.accent,
        role.Highlight: theme.selection, role.HighlightedText: theme.text, role.PlaceholderText: theme.muted,
        role.Light: theme.raised, role.Midlight: theme.raised, role.Mid: theme.border, role.Dark: theme.border,
        role.Shadow: theme.background, role.Accent: theme.accent,
    }  # fmt: skip
    palette = QPalette()
    for one, colour in colours.items():
        palette.setColor(one, QColor(colour))
    for one in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(theme.muted))
    return palette


def style_sheet_of(theme: Theme) -> str:
    """The window's style sheet with this theme's tokens put in; a token that the theme lacks is a KeyError."""
    tokens = {field.name: getattr(theme, field.name) for field in fields(theme)}
    tokens["icon_px"] = round(_ICON_OF_BASE * theme.base_px)
    tokens["box_px"] = round(theme.base_px * 1.1)
    tokens["tab_px"] = round((theme.small_px + theme.base_px) / 2)
    tokens["scroller_px"] = 3 * theme.base_px
    tokens["dot_px"] = 2 * round(theme.base_px / 2)
    tokens["dot_radius"] = tokens["dot_px"] // 2 + 1
    tokens["arrows"] = (resources_dir() / "icons" / "arrows").as_posix()
    return Template(STYLE_TEMPLATE).substitute(tokens)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Gives the whole application this theme: bundled fonts, Fusion style, palette, base font and style sheet."""
    load_fonts()
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette_of(theme))
    app.setFont(ui_font(theme.base_px))
    app.setStyleSheet(style_sheet_of(theme))


def _font(families: tuple[str, ...], px: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(px)
    font.setBold(bold)
    return font
