"""The widget that shows equations; its terms can be hovered, clicked and walked through by keyboard."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QWidget

from app.guard import painted
from app.language import is_chinese
from app.theme import Theme
from app.views.brackets import paint_brackets
from app.views.equation.fonts import EquationFonts
from app.views.equation.page import Page, Term, lay_out
from app.views.equation.painting import kind_colour, paint_ground, paint_page, paint_ring
from app.views.focus import paint_frame
from engine.analysis.notation.expression import EquationLine
from engine.analysis.notation.latex_names import latex_words
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.notation.python_text import python_of

_EM_OF_BASE = 1.55
_HOVER_OPACITY = 0.16
_SELECTED_OPACITY = 0.30


class EquationView(QAbstractScrollArea):
    """Shows an equation as a textbook prints it.

    Keys: Left and Right walk through the terms, Enter or Space follows the one that is marked, ? asks what it is. The
    equations are also there as text for screen readers (accessible description) and for the clipboard.

    Signals:
        term_activated(ref): a term was clicked or entered; `ref` is that of its symbol or number.
        term_hovered(ref): the pointer came over a term; "" when it left all of them.
        meaning_requested(ref): somebody asks what a term is.
    """

    term_activated = Signal(str)
    term_hovered = Signal(str)
    meaning_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = EquationFonts()
        self._lines: tuple[EquationLine, ...] = ()
        self._page = Page(0.0, 0.0, (), (), ())
        self._laid_out_width = 0.0
        self._hovered: Term | None = None
        self._focused: int | None = None
        self._highlighted: frozenset[str] = frozenset()
        self._pointed: frozenset[str] = frozenset()
        self.setAccessibleName(self.tr("Equation"))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.copy_actions = [
            QAction(self.tr("Copy as LaTeX"), self),
            QAction(self.tr("Copy as Python"), self),
            QAction(self.tr("Copy as text"), self),
        ]
        for action, copy in zip(self.copy_actions, (self.copy_latex, self.copy_python, self.copy_text), strict=True):
            action.triggered.connect(copy)

    def set_equations(self, lines: Sequence[EquationLine]) -> None:
        """Shows these equations, one below the other; an empty list clears the view."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.setAccessibleDescription(self.as_text())
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self._reveal_highlighted()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours and size."""
        self._theme = theme
        self._lay_out()

    def set_highlighted(self, refs: Collection[str]) -> None:
        """Marks all terms that stand for these things, for instance what is selected elsewhere."""
        if frozenset(refs) != self._highlighted:
            self._highlighted = frozenset(refs)
            self._reveal_highlighted()
            self.viewport().update()

    def set_pointed(self, refs: Collection[str]) -> None:
        """Puts corners around the terms that stand for these things."""
        if frozenset(refs) != self._pointed:
            self._pointed = frozenset(refs)
            self.viewport().update()

    def pointed_areas(self) -> list[QRectF]:
        """Where there are corners, in the viewport's px: around the first term of each, which is its symbol."""
        first: dict[str, QRectF] = {}
        for term in self._page.terms:
            if term.ref in self._pointed:
                first.setdefault(term.ref, term.area.adjusted(-2, -1, 2, 1).translated(-self._offset()))
        return list(first.values())

    def as_latex(self) -> str:
        r"""All equations as LaTeX for math mode; several are one block of lines, with their captions as \text."""
        if len(self._lines) == 1:
            return to_latex(self._lines[0].expression)
        rows: list[str] = []
        for line in self._lines:
            if line.caption:
                rows.append(latex_words(line.caption.in_language(is_chinese())))
            rows.append(to_latex(line.expression))
        return "\\begin{gathered}\n" + " \\\\\n".join(rows) + "\n\\end{gathered}" if rows else ""

    def as_text(self) -> str:
        """All equations as text, one a line, each behind its caption."""
        texts = (self._said(line) + to_text(line.expression) for line in self._lines)
        return "\n".join(texts)

    def _said(self, line: EquationLine) -> str:
        chinese = is_chinese()
        caption = line.caption.in_language(chinese)
        if not caption or caption.endswith((".", "。")):
            return f"{caption} " if caption else ""
        return caption + ("：" if chinese else ": ")

    def copy_latex(self) -> None:
        """Puts the LaTeX on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_latex())

    def copy_python(self) -> None:
        """Puts the numbers on the clipboard, as Python."""
        QGuiApplication.clipboard().setText(python_of(self._lines, is_chinese()))

    def copy_text(self) -> None:
        """Puts the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_text())

    def page(self) -> Page:
        """What is shown and where, in px of the page, for exports and tests."""
        return self._page

    def term_area(self, ref: str) -> QRectF | None:
        """Where the first term of `ref` is in the viewport; None if there is none."""
        for term in self._page.terms:
            if term.ref == ref:
                return term.area.translated(-self._offset())
        return None

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        offset = self._offset()
        for area in self.pointed_areas():
            paint_brackets(painter, area, self._theme)
        painter.translate(-offset)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grounds(painter)
        visible = QRectF(event.rect().translated(offset))
        paint_page(painter, self._page, self._fonts, self._theme, visible)
        self._paint_focus(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._width() == self._laid_out_width:
            self._fit_bars()  # a bar came or went, and lines break where they did
        else:
            self._lay_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._term_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        term = self._term_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and term is not None:
            self.term_activated.emit(term.ref)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu(self._term_at(event.pos())).exec(event.globalPos())

    def context_menu(self, under: Term | None) -> QMenu:
        """The menu at a term, or at the one that is marked by keyboard; anywhere else without what a term is."""
        marked = None if self._focused is None else self._page.terms[self._focused]
        term = under or marked
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if term is not None:
            meaning = menu.addAction(self.tr("What is this?"))
            meaning.triggered.connect(lambda _=False, ref=term.ref: self.meaning_requested.emit(ref))
            menu.addSeparator()
        menu.addActions(self.copy_actions)
        menu.addSeparator()
        menu.addActions(self.actions())
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        terms, key = self._page.terms, event.key()
        if terms and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            forward = key == Qt.Key.Key_Right
            start = (-1 if forward else len(terms)) if self._focused is None else self._focused
            self._focused = (start + (1 if forward else -1)) % len(terms)
            self._reveal(terms[self._focused].area)
            self.viewport().update()
        elif self._focused is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.term_activated.emit(terms[self._focused].ref)
        elif self._focused is not None and event.text() == "?":
            self.meaning_requested.emit(terms[self._focused].ref)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        px = round(self._theme.base_px * _EM_OF_BASE)
        self._laid_out_width = self._width()
        self._page = lay_out(self._lines, self._fonts, px, self._laid_out_width)
        self._hovered = None
        self._focused = None
        self._fit_bars()
        self.viewport().update()

    def _width(self) -> float:
        """The width beside a vertical bar, whether it is there or not: lines that break anew would call it or send it
        away again."""
        return float(self.contentsRect().width() - self.verticalScrollBar().sizeHint().width())

    def _reveal_highlighted(self) -> None:
        """Scrolls down just as far as the marked thing's own equation, from its name to its number, needs."""
        areas = [term.area for term in self._page.terms if term.ref in self._highlighted][:2]
        if not areas:
            return
        room = self._theme.base_px
        top = min(area.top() for area in areas) - room
        bottom = max(area.bottom() for area in areas) + room
        self.verticalScrollBar().setValue(round(max(0.0, min(top, bottom - self.viewport().height()))))

    def _reveal(self, area: QRectF) -> None:
        """Scrolls as little as it takes to have an area in sight, with some room around it."""
        room, viewport, offset = self._theme.base_px, self.viewport(), self._offset()
        for bar, low, high, size, at in (
            (self.horizontalScrollBar(), area.left(), area.right(), viewport.width(), offset.x()),
            (self.verticalScrollBar(), area.top(), area.bottom(), viewport.height(), offset.y()),
        ):
            bar.setValue(round(max(min(at, low - room), high + room - size)))

    def _fit_bars(self) -> None:
        viewport = self.viewport()
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setRange(0, max(0, round(self._page.width) - viewport.width()))
        vertical.setRange(0, max(0, round(self._page.height) - viewport.height()))
        horizontal.setPageStep(viewport.width())
        vertical.setPageStep(viewport.height())
        horizontal.setSingleStep(self._theme.base_px * 2)
        vertical.setSingleStep(self._theme.base_px * 2)

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _term_at(self, point: QPoint) -> Term | None:
        place = point + self._offset()
        return self._page.term_at(place.x(), place.y())

    def _hover(self, term: Term | None) -> None:
        if term == self._hovered:
            return
        self._hovered = term
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if term is None else Qt.CursorShape.PointingHandCursor)
        self.viewport().update()
        self.term_hovered.emit("" if term is None else term.ref)

    def _paint_grounds(self, painter: QPainter) -> None:
        """Tints highlighted terms, and every term that stands for the same thing as the hovered one."""
        hovered = None if self._hovered is None else self._hovered.ref
        for term in self._page.terms:
            if term.ref in self._highlighted:
                paint_ground(painter, term.area, QColor(self._theme.current_halo), _SELECTED_OPACITY)
            if term.ref == hovered:
                paint_ground(painter, term.area, kind_colour(term.kind, self._theme), _HOVER_OPACITY)

    def _paint_focus(self, painter: QPainter) -> None:
        """Marks the term that Enter would choose, or all of the view before one was looked for."""
        if not self.hasFocus():
            return
        if self._focused is None:
            paint_frame(painter, QRectF(self.viewport().rect().translated(self._offset())), self._theme)
        else:
            paint_ring(painter, self._page.terms[self._focused].area, QColor(self._theme.accent), 2.0)
