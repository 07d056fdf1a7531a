"""The panel of a lesson: a stop's text, its question, the answer beside what was right, and the way on."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.assets import icon
from app.models.lesson_walk import Choice, Page, Remembered, Told
from app.theme import Theme
from app.views.handing_focus import hand_focus
from engine.lessons.review import Review

_MARGIN_PX, _ROUND_PX, _NARROWEST_PX = 8, 34, 80
"""Around everything, for the circle of a choice, and for its text at least."""


class LessonView(QWidget):
    """Shows a `Page` of a lesson, or its review. Return answers, and goes on when nothing is asked.

    Signals:
        answered(text): an answer was given. next_requested(), previous_requested(): to another stop.
        again_requested(): forget the answers and begin once more. closed(): the lesson is over.
        term_requested(key): a word of the glossary was clicked.
    """

    answered = Signal(str)
    next_requested = Signal()
    previous_requested = Signal()
    again_requested = Signal()
    closed = Signal()
    term_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page: Page | None = None
        self._asked: tuple[Choice, ...] = ()
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(self.tr("Text of the lesson"))
        self.how = QLabel()
        self.how.setWordWrap(True)
        self.line = QLineEdit()
        self.line.setAccessibleName(self.tr("Your answer"))
        self.line.setPlaceholderText(self.tr("Your answer"))
        self._choices = QWidget()
        self._choice_column = QVBoxLayout(self._choices)
        self._choice_column.setContentsMargins(0, 0, 0, 0)
        self._group = QButtonGroup(self)
        self.again = _button(self.tr("Start again"))
        self.close_button = _button(self.tr("Close"))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.where, 1)
        head.addWidget(self.again)
        head.addWidget(self.close_button)
        self.previous = QPushButton(self.tr("Back"))
        self.go = QPushButton(self.tr("Next"))
        self.go.setAutoDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.previous)
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, 2, _MARGIN_PX, _MARGIN_PX)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        for part in (self._choices, self.line, self.how):
            column.addWidget(part)
        column.addLayout(buttons)
        hand_focus(self, self.line)
        self.set_theme(theme)
        self.line.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        self.previous.clicked.connect(self.previous_requested)
        self.again.clicked.connect(self.again_requested)
        self.close_button.clicked.connect(self.closed)
        self.text.anchorClicked.connect(lambda link: self.term_requested.emit(link.path()))

    @property
    def options(self) -> list[QAbstractButton]:
        """The answers to choose from, in order."""
        return self._group.buttons()

    @property
    def has_page(self) -> bool:
        """Whether a stop is shown, and not the review."""
        return self._page is not None

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.where.setStyleSheet(f"color: {theme.muted};")
        self.how.setStyleSheet(f"color: {theme.muted};")
        for button, name in ((self.again, "rotate-ccw"), (self.close_button, "x")):
            button.setIcon(icon(name, QColor(theme.text)))
        strong = "font-weight: 600;"
        rules = (
            f"h2 {{ font-size: {theme.large_px}px; }}",
            f"a {{ color: {theme.accent}; }}",
            f"code, pre {{ color: {theme.code_number}; }}",
            f".right {{ color: {theme.success}; {strong} }}",
            f".wrong {{ color: {theme.error}; {strong} }}",
            f".small {{ color: {theme.muted}; }}",
        )
        self.text.document().setDefaultStyleSheet(" ".join(rules))
        if self._page is not None:
            self.show_page(self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Answers to choose from are wrapped, which radio buttons do not do by themselves."""
        super().resizeEvent(event)
        for number, (option, choice) in enumerate(zip(self.options, self._asked, strict=True), 1):
            option.setText(self._in_lines(number, choice))
            option.setShortcut(f"Alt+{number}")  # which goes with the text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Among answers to choose from a digit chooses, and Return answers with what is chosen or where one stands."""
        options = self.options
        number = event.key() - Qt.Key.Key_0
        focused = next((option for option in options if option.hasFocus()), None)
        if focused is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._group.checkedButton() is None:
                focused.setChecked(True)
            self._on_go()
        elif 1 <= number <= len(options) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            options[number - 1].setFocus()
            options[number - 1].setChecked(True)
        else:
            super().keyPressEvent(event)

    def show_waiting(self, title: str, about: str) -> None:
        """Says that a lesson is being made ready. about: HTML, with what there is to read meanwhile."""
        self._page = None
        self.where.setText(title)
        self.text.setHtml(about)
        self._show_input((), None)
        for button in (self.previous, self.again, self.go):
            button.setEnabled(False)

    def show_page(self, page: Page) -> None:
        """Shows a stop: its text, the questions that were answered, and the one that waits."""
        is_other = self._page is None or self._page.number != page.number
        self._page = page
        self.where.setText(
            self.tr("%1: %2 of %3")
            .replace("%2", str(page.number))
            .replace("%3", str(page.count))
            .replace("%1", page.title)
        )
        parts = [f"<h2>{page.heading}</h2>", page.words]
        if page.printed:
            parts.append(f"<pre>{page.printed}</pre>")
        parts += [self._told(told) for told in page.told]
        if page.ask is not None:
            parts.append(f"<hr>{page.ask.prompt}")
        self.text.setHtml("".join(parts))
        if not is_other:
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())
        self._show_input(() if page.ask is None else page.ask.choices, None if page.ask is None else page.ask.how)
        self.previous.setEnabled(page.has_previous)
        self.again.setEnabled(True)
        self.go.setEnabled(True)
        self.go.setText(
            self.tr("Answer") if page.ask is not None else self.tr("Finish") if page.is_last else self.tr("Next")
        )
        self._focus()

    def show_not_understood(self) -> None:
        """Says that an answer could not be read."""
        if self._page is not None and self._page.ask is not None:
            words = self.tr("This could not be understood: %1.").replace("%1", self._page.ask.how)
            self.how.setText(words)
        self._focus()

    def show_review(self, found: Review, language: str, remembered: Sequence[Remembered], kept_in: str) -> None:
        """Shows the score, the beliefs that are worth another look, and each prediction beside what happened.

        kept_in: the file of the answers, "" where they are not kept.
        """
        self._page = None
        score = self.tr("%1 of %2 right").replace("%1", str(found.score)).replace("%2", str(found.possible))
        parts = [f"<h2>{score}</h2>"]
        if found.shaken:
            again = self.tr("Worth another look:")
            parts.append(f"<p>{again}</p>")
        for belief in found.shaken:
            often = self.tr("Often believed: %1").replace("%1", belief.belief.say(language))
            parts.append(
                f"<p><span class='small'>{belief.key}</span> <i>{often}</i><br>{belief.truth.say(language)}</p>"
            )
        if remembered:
            title = self.tr("What you predicted, and what happened")
            parts.append(f"<h3>{title}</h3>")
        parts += [self._recalled(one) for one in remembered]
        if kept_in:
            kept = self.tr("Your answers stay on this machine, in %1.").replace("%1", html.escape(kept_in))
            parts.append(f"<p class='small'>{kept}</p>")
        self.text.setHtml("".join(parts))
        self._show_input((), None)
        self.go.setEnabled(False)
        self.previous.setEnabled(True)
        self.close_button.setFocus()

    def _recalled(self, one: Remembered) -> str:
        """One question: a mark, what was said, what it was, and the numbers of the beliefs that it is about."""
        given = one.given or self.tr("no answer")
        mark = "·"
        if one.right is not None:
            mark = "<span class='right'>✓</span>" if one.right else "<span class='wrong'>✗</span>"
        wanted = f" → <b>{one.wanted}</b>" if one.right is False and one.wanted else ""
        beliefs = f" <span class='small'>{' '.join(one.beliefs)}</span>" if one.beliefs else ""
        return f"<p>{mark} {one.title}: {given}{wanted}{beliefs}</p>"

    def _told(self, told: Told) -> str:
        """An answered question: the answer beside the outcome, in words and with a mark, never by colour alone."""
        parts = [f"<hr>{told.prompt}"]
        your = self.tr("You said: %1").replace("%1", told.given)
        mark = ""
        if told.right is True:
            words = self.tr("Right.")
            mark = f" <span class='right'>✓ {words}</span>"
        elif told.right is False:
            words = self.tr("Not quite.")
            mark = f" <span class='wrong'>✗ {words}</span>"
        parts.append(f"<p>{your}{mark}</p>")
        if told.right is False:
            wanted = self.tr("It is %1.").replace("%1", f"<b>{told.wanted}</b>")
            parts += [told.said, f"<p>{wanted}</p>"]
        return "".join([*parts, told.why])

    def _show_input(self, choices: tuple[Choice, ...], how: str | None) -> None:
        self._asked = choices
        for button in self.options:
            self._group.removeButton(button)
            button.deleteLater()
        for number, choice in enumerate(choices, 1):
            option = QRadioButton(self._in_lines(number, choice))
            option.setShortcut(f"Alt+{number}")
            option.setObjectName(choice.key)
            self._group.addButton(option)
            self._choice_column.addWidget(option)
        self._choices.setVisible(bool(choices))
        self.line.setVisible(how is not None and not choices)
        self.line.clear()
        self.how.setVisible(bool(how))
        self.how.setText(how or "")

    def _in_lines(self, number: int, choice: Choice) -> str:
        """A choice as the panel is wide."""
        layout = QTextLayout(f"{number}. {choice.text}", self.font())
        layout.setTextOption(QTextOption())
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(_NARROWEST_PX, self.width() - _ROUND_PX - 2 * _MARGIN_PX))
            lines.append(layout.text()[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        return "\n".join(lines).replace("&", "&&")

    def _focus(self) -> None:
        target: QWidget = self.options[0] if self.options else self.line if not self.line.isHidden() else self.go
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_go(self) -> None:
        page = self._page
        if page is None:
            return
        if page.ask is None:
            self.next_requested.emit()
            return
        chosen = self._group.checkedButton()
        if page.ask.choices and chosen is not None:
            self.answered.emit(chosen.objectName())
        elif not page.ask.choices and self.line.text().strip():
            self.answered.emit(self.line.text())


def _button(name: str) -> QToolButton:
    """A small one with an icon, so that the way on has the room below the text."""
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
