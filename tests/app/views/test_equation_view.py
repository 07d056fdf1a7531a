"""The equation view: layout rules that can be measured, clicks, keys, clipboard, colours, speed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.theme import THEMES
from app.views.equation import EquationView
from app.views.equation.boxes import Glyphs, Plate, Rule
from app.views.equation.page import Placed
from engine.analysis.notation.expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Matrix,
    Number,
    Partial,
    Product,
    Sum,
    Symbol,
    Text,
    Underbrace,
    layered,
)
from engine.bilingual import Bilingual, same

HELLO = Equals(
    (
        layered("z", 1, "value", "z1"),
        Add((Product((layered("w", 1, "parameter", "w1"), Symbol("x", kind="value", ref="x"))), layered("b", 1))),
        Add((Product((Number(1.58, 7, "w1", "parameter"), Number(0.8, 7, "x", "value"))), Number(-0.14, 7))),
        Number(1.124, 7, "z1", "value"),
    )
)


@pytest.fixture
def view(qtbot: QtBot) -> EquationView:
    load_fonts()
    made = EquationView(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def _show(view: EquationView, *expressions: Expression) -> None:
    view.set_equations([EquationLine(expression) for expression in expressions])


def _glyphs(view: EquationView, text: str) -> list[Placed]:
    return [placed for placed in view.page().marks if isinstance(placed.mark, Glyphs) and placed.mark.text == text]


def _px(placed: Placed) -> int:
    assert isinstance(placed.mark, Glyphs)
    return placed.mark.px


def _size(placed: Placed) -> tuple[float, float]:
    assert isinstance(placed.mark, Rule | Plate)
    return placed.mark.width, placed.mark.height


def _center(view: EquationView, ref: str) -> QPoint:
    found = view.term_area(ref)
    assert found is not None
    return found.center().toPoint()


def test_a_line_has_one_baseline_and_reads_from_left_to_right(view: EquationView) -> None:
    _show(view, HELLO)
    numbers = [_glyphs(view, text)[0] for text in ("1.58", "0.8", "−0.14", "1.124")]
    assert len({placed.y for placed in numbers}) == 1
    assert [placed.x for placed in numbers] == sorted(placed.x for placed in numbers)
    assert len(_glyphs(view, "(")) == 1, "only the negative number needs parentheses"


def test_layer_number_is_raised_and_smaller_than_its_symbol(view: EquationView) -> None:
    _show(view, HELLO)
    raised, letter = _glyphs(view, "(1)")[0], _glyphs(view, "\U0001d467")[0]
    assert raised.y < letter.y
    assert raised.x > letter.x
    assert len({placed.y for placed in _glyphs(view, "(1)")}) == 1, "as high on a tall letter as on a low one"
    assert _px(raised) == pytest.approx(0.7 * _px(letter), abs=0.5)


def test_indices_are_italic_with_a_real_minus_and_words_upright(view: EquationView) -> None:
    _show(view, Symbol("v", "t-1"), Symbol("w", "hidden"))
    assert len(_glyphs(view, "\U0001d461−1")) == 1
    assert len(_glyphs(view, "hidden")) == 1


def test_fraction_bar_lies_on_the_axis_between_its_centred_parts(view: EquationView) -> None:
    _show(view, Equals((Fraction(Number(1.0), Number(1234.0)), Number(7.0))))
    bar = next(placed for placed in view.page().marks if isinstance(placed.mark, Rule))
    above, below, beside = (_glyphs(view, text)[0] for text in ("1", "1234", "7"))
    axis = bar.y + _size(bar)[1] / 2
    assert beside.y - axis == pytest.approx(0.258 * _px(beside), abs=0.01)
    assert above.y < axis < below.y
    assert above.x > below.x, "the shorter part stands in the middle"


def test_matrix_columns_are_aligned_on_the_decimal_point(view: EquationView) -> None:
    _show(view, Matrix(((Number(-0.5),), (Number(12.25),), (Text("⋮"),), (Number(3.0),))))
    fonts, px = view._fonts, _px(_glyphs(view, "3")[0])
    ends = {
        round(_glyphs(view, text)[0].x + fonts.ink(head, "math", px).advance, 3)
        for text, head in (("−0.5", "−0"), ("12.25", "12"), ("3", "3"))
    }
    assert len(ends) == 1
    rows = [_glyphs(view, text)[0].y for text in ("−0.5", "12.25", "⋮", "3")]
    assert rows == sorted(rows)


def test_brackets_reach_around_all_rows_and_the_highlight_around_its_cell(view: EquationView) -> None:
    _show(view, Matrix(((Number(1.0), Number(2.0)), (Number(3.0), Number(4.0))), highlight=(1, 0)))
    stems = [p for p in view.page().marks if isinstance(p.mark, Rule) and p.mark.height > p.mark.width]
    assert len(stems) == 2
    top, bottom = stems[0].y, stems[0].y + _size(stems[0])[1]
    first, last = _glyphs(view, "1")[0], _glyphs(view, "4")[0]
    assert top < first.y - 10 < last.y < bottom
    plates = [p for p in view.page().marks if isinstance(p.mark, Plate)]
    three = _glyphs(view, "3")[0]
    assert len(plates) == 1
    assert plates[0].x < three.x < plates[0].x + _size(plates[0])[0]
    assert plates[0].y < three.y < plates[0].y + _size(plates[0])[1]


def test_limits_stand_above_and_below_the_sum(view: EquationView) -> None:
    _show(view, Sum(Symbol("a"), Number(1), Number(9)))
    lower, upper, sign = (_glyphs(view, text)[0] for text in ("1", "9", "∑"))
    assert upper.y < lower.y
    assert upper.y < sign.y
    assert upper.x == pytest.approx(lower.x, abs=1.0)


def test_label_of_an_underbrace_stands_centred_below(view: EquationView) -> None:
    _show(view, Underbrace(Number(1.23456), "up"))
    number, label = _glyphs(view, "1.23456")[0], _glyphs(view, "up")[0]
    assert label.y > number.y
    width = view._fonts.ink("1.23456", "math", _px(number)).advance
    label_width = view._fonts.ink("up", "words", _px(label)).advance
    assert label.x + label_width / 2 == pytest.approx(number.x + width / 2, abs=0.5)


def test_an_equation_too_wide_is_broken_before_its_equals_signs(view: EquationView) -> None:
    view.resize(260, 300)
    _show(view, HELLO)
    signs = _glyphs(view, "=")
    assert len({placed.y for placed in signs}) > 1, "it stands on several lines"
    line_starts = {placed.y: placed.x for placed in reversed(signs)}
    assert len({round(x, 3) for x in line_starts.values()}) == 1, "the first sign of each line is below the first"
    assert view.page().width <= view.viewport().width()


def test_a_piece_that_cannot_be_broken_is_scaled_down_and_then_scrolled(view: EquationView) -> None:
    wide = Matrix((tuple(Number(i + 0.123456) for i in range(6)),))
    _show(view, wide)
    full = _px(_glyphs(view, "0.123456")[0])
    view.resize(480, 300)
    assert _px(_glyphs(view, "0.123456")[0]) < full
    assert view.page().width <= view.viewport().width() + 2
    view.resize(160, 300)
    assert view.horizontalScrollBar().maximum() > 0


def test_equations_too_tall_are_scrolled(view: EquationView) -> None:
    _show(view, *[HELLO] * 20)
    assert view.verticalScrollBar().maximum() == round(view.page().height) - view.viewport().height()


def test_a_click_on_a_term_says_what_it_stands_for(view: EquationView, qtbot: QtBot) -> None:
    _show(view, HELLO)
    with qtbot.waitSignal(view.term_activated) as caught:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_center(view, "x"))
    assert caught.args == ["x"]


def test_the_innermost_term_wins_and_scrolling_is_taken_into_account(view: EquationView, qtbot: QtBot) -> None:
    partial = Partial(Symbol("C"), Symbol("w", ref="inner"), ref="outer")
    _show(view, *[HELLO] * 20, partial)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    outer = view.term_area("outer")
    assert outer is not None
    for point, ref in ((_center(view, "inner"), "inner"), (outer.topLeft().toPoint() + QPoint(3, 3), "outer")):
        with qtbot.waitSignal(view.term_activated) as caught:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert caught.args == [ref]


def test_hovering_tells_when_a_term_is_entered_and_left(view: EquationView) -> None:
    _show(view, HELLO)
    heard: list[str] = []
    view.term_hovered.connect(heard.append)
    QTest.mouseMove(view.viewport(), _center(view, "w1"))
    QTest.mouseMove(view.viewport(), QPoint(800, 280))
    assert heard == ["w1", ""]


def test_terms_can_be_walked_through_and_entered_by_keyboard(view: EquationView) -> None:
    _show(view, HELLO)
    heard: list[str] = []
    view.term_activated.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Enter)
    assert heard == ["z1", "w1", "z1"], "left of the first term is the last one, which is the result"


def test_copies_latex_and_text_and_tells_screen_readers(view: EquationView) -> None:
    view.set_equations([EquationLine(HELLO, Bilingual("Weighted input", "加权输入"))])
    view.copy_latex()
    assert QGuiApplication.clipboard().text() == (
        r"z^{(1)} = w^{(1)} \cdot x + b^{(1)} = 1.58 \cdot 0.8 + \left(-0.14\right) = 1.124"
    )
    view.copy_text()
    text = "Weighted input: z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14) = 1.124"
    assert QGuiApplication.clipboard().text() == text
    assert view.accessibleDescription() == text


def test_several_equations_are_copied_as_one_block_that_stands_in_math_mode(view: EquationView) -> None:
    slope = Equals((Call("σ′", (layered("z", 1),)), Number(0.25)))
    view.set_equations(
        [EquationLine(slope, Bilingual("Slope.", "斜率。")), EquationLine(HELLO, same("next: ∂C/∂z⁽¹⁾"))]
    )
    view.copy_latex()
    assert QGuiApplication.clipboard().text().splitlines() == [
        r"\begin{gathered}",
        r"\text{Slope.} \\",
        r"\sigma'\left(z^{(1)}\right) = 0.25 \\",
        r"\text{next: }\partial \text{C/}\partial \text{z}^{(1)} \\",
        r"z^{(1)} = w^{(1)} \cdot x + b^{(1)} = 1.58 \cdot 0.8 + \left(-0.14\right) = 1.124",
        r"\end{gathered}",
    ]
    assert view.as_text().startswith("Slope. σ′(z⁽¹⁾) = 0.25\nnext: ∂C/∂z⁽¹⁾: z⁽¹⁾ = ")
    view.set_equations(())
    assert view.as_latex() == ""


@pytest.mark.parametrize("name", ["dark", "light", "projector"])
def test_each_meaning_is_painted_in_its_colour(view: EquationView, name: str) -> None:
    theme = THEMES[name]
    view.set_theme(theme)
    _show(view, Matrix(((Number(8, kind="value"), Number(8, kind="gradient"), Number(8, kind="loss")),)))
    image = view.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, 90)}
    brackets = QColor(theme.text).name()
    assert {brackets, QColor(theme.surface).name()} <= seen
    for wanted in (theme.forward, theme.backward, theme.loss):
        assert min(_distance(QColor(wanted), QColor(colour)) for colour in seen) < 40
    assert min(_distance(QColor(theme.parameter), QColor(colour)) for colour in seen) > 40


def test_highlighted_terms_get_a_ground(view: EquationView) -> None:
    _show(view, HELLO)
    area = view.term_area("x")
    assert area is not None
    place = area.topLeft().toPoint() + QPoint(4, 1)
    before = view.grab().toImage().pixelColor(place)
    view.set_highlighted({"x"})
    assert view.grab().toImage().pixelColor(place) != before


def test_the_marked_result_is_scrolled_into_view(view: EquationView) -> None:
    view.resize(600, 130)
    view.show()
    first = EquationLine(Equals((Fraction(Symbol("p"), Symbol("q")), Number(1))))
    second = EquationLine(Equals((Partial(Symbol("C"), Symbol("z", ref="z")), Number(2.0, 7, "z", "gradient"))))
    view.set_equations([first, first, second, first, first])
    assert view.verticalScrollBar().maximum() > 0
    assert view.verticalScrollBar().value() == 0
    view.set_highlighted({"z"})
    scrolled = view.verticalScrollBar().value()
    areas = [term.area.translated(0, -scrolled) for term in view.page().terms if term.ref == "z"]
    assert areas
    for area in areas:
        assert view.viewport().rect().toRectF().contains(area)


def _distance(one: QColor, other: QColor) -> int:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue())
