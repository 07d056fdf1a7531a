"""One card of the glossary, with everything that it says; its links lead to other cards."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.theme import Theme, math_font
from app.views.glossary.strips import EquationStrip, PictureStrip
from engine.bilingual import Bilingual
from engine.glossary.card import Card
from engine.glossary.mentions import MARKED, with_mentions
from engine.glossary.shelf import all_cards
from engine.lessons.beliefs import BELIEFS

LINK = "term:"
"""How a link to a card begins; its key follows."""

_MARGIN_PX = 18
_SHOWN_NAMES = 12


class CardView(QScrollArea):
    """Shows a `Card`.

    Signals:
        card_requested(key): a link to another card was followed.
    """

    card_requested = Signal(str)

    def __init__(self, theme: Theme, *, chinese: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chinese = chinese
        self.card: Card | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title, self.meaning, self.more = self._label(), self._label(links=True), self._label(links=True)
        self.picture = PictureStrip(theme)
        self.formula_title, self.formula = self._label(), EquationStrip(theme)
        self.derivative_title, self.derivative = self._label(), EquationStrip(theme)
        self.shapes, self.names, self.belief = self._label(), self._label(), self._label()
        self.related = self._label(links=True)
        self.formula.setAccessibleName(self.tr("Formula"))
        self.derivative.setAccessibleName(self.tr("Local derivative"))
        self._page = QWidget()
        self._page.setObjectName("card")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(10)
        for part in (self.title, self.meaning, self.more, self.picture, self.formula_title, self.formula,
                     self.derivative_title, self.derivative, self.shapes, self.belief, self.names,
                     self.related):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(self._page)
        self.set_theme(theme)
        for label in (self.meaning, self.more, self.related):
            label.linkActivated.connect(lambda link: self.card_requested.emit(link.removeprefix(LINK)))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.viewport().setStyleSheet(f"background: {theme.surface};")
        self._page.setStyleSheet(f"#card {{ background: {theme.surface}; }}")
        self.belief.setStyleSheet(
            f"background: {theme.raised}; border-left: 3px solid {theme.warning}; padding: 6px 10px;"
        )
        if self.card is not None:
            self.show_card(self.card)

    def show_card(self, card: Card) -> None:
        """Shows a card from its top on."""
        self.card = card
        theme = self._theme
        name = self._text(card.name)
        symbol = f'&nbsp;&nbsp; <span style="color: {theme.muted}; font-family: {math_font(9).families()[0]}">' \
                 f"{html.escape(card.symbol)}</span>" if card.symbol and card.symbol != name else ""  # fmt: skip
        group = f'<div style="color: {theme.muted}; font-size: {theme.small_px}px">{self._text(card.group.value)}</div>'
        self.title.setText(
            f'{group}<div style="font-size: {theme.large_px}px; font-weight: 600">{html.escape(name)}{symbol}</div>'
        )
        meaning, _, more = self._linked(card).partition("\n")
        self.meaning.setText(f"<b>{meaning}</b>")
        self.more.setText(more)
        self.picture.show_picture(card.picture, self.tr("Picture: %1").replace("%1", name), theme)
        self.formula_title.setText(self._heading(self.tr("Formula")))
        self.formula.show_lines(card.formula_lines, theme)
        self.derivative_title.setText(self._heading(self.tr("Local derivative")))
        self.derivative.show_lines(card.derivative_lines, theme)
        self.shapes.setText(self._heading(self.tr("Shapes")) + f"<br><code>{html.escape(card.shapes)}</code>")
        names = ", ".join(card.ops[:_SHOWN_NAMES]) + (", …" if len(card.ops) > _SHOWN_NAMES else "")
        self.names.setText(self._heading(self.tr("In PyTorch")) + f"<br><code>{html.escape(names)}</code>")
        self.belief.setText(self._belief(card))
        links = " · ".join(self._link(key, self._text(all_cards()[key].name)) for key in card.related)
        self.related.setText(self._heading(self.tr("See also")) + f"<br>{links}")
        for part, is_there in (
            (self.more, bool(card.more)), (self.picture, bool(card.picture)), (self.formula_title, bool(card.formula)),
            (self.formula, bool(card.formula)), (self.derivative_title, bool(card.derivative)),
            (self.derivative, bool(card.derivative)), (self.shapes, bool(card.shapes)), (self.names, bool(card.ops)),
            (self.belief, bool(card.belief)), (self.related, bool(card.related)),
        ):  # fmt: skip
            part.setVisible(is_there)
        self.setAccessibleName(name)
        self.verticalScrollBar().setValue(0)

    def _label(self, *, links: bool = False) -> QLabel:
        """A text that can be copied. links: it can have some, so that Tab stops there."""
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.RichText)
        flags = Qt.TextInteractionFlag
        label.setTextInteractionFlags(flags.TextBrowserInteraction if links else flags.TextSelectableByMouse)
        return label

    def _text(self, words: Bilingual) -> str:
        return words.in_language(self._chinese)

    def _heading(self, words: str) -> str:
        return f'<span style="color: {self._theme.muted}; font-size: {self._theme.small_px}px">{words}</span>'

    def _link(self, key: str, words: str) -> str:
        return f'<a href="{LINK}{key}" style="color: {self._theme.accent}">{html.escape(words)}</a>'

    def _linked(self, card: Card) -> str:
        """Its sentence, and below it what more there is; the first mention of each other card leads there."""
        said = f"{self._text(card.sentence)}\n{self._text(card.more)}"
        text, parts, end = with_mentions(said, self._chinese), list[str](), 0
        for found in MARKED.finditer(text):
            parts.append(html.escape(text[end : found.start()]))
            parts.append(html.escape(found[2]) if found[1] == card.key else self._link(found[1], found[2]))
            end = found.end()
        return "".join([*parts, html.escape(text[end:])])

    def _belief(self, card: Card) -> str:
        if not card.belief:
            return ""
        belief = BELIEFS[card.belief]
        often = self.tr("Often believed: %1").replace("%1", f"<i>{html.escape(self._text(belief.belief))}</i>")
        so = self.tr("What is so: %1").replace("%1", html.escape(self._text(belief.truth)))
        return f"{often}<br>{so}"
