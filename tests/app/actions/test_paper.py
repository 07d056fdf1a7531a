"""Handouts on paper: pages are A4 and numbered, the answers begin a page, and headings stay with what follows."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.actions.paper import document_of, paint_part, pdf_of
from engine.lessons.handout import STYLE, TABLE, WRITE_LINE

A4_POINTS = (595, 842)


def page_of(body: str) -> str:
    return f"<!DOCTYPE html><html><head><style>{STYLE}</style></head><body>{body}</body></html>"


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page, in points, as the file itself states them."""
    boxes = re.findall(rb"/MediaBox \[0(?:\.0+)? 0(?:\.0+)? ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_a_short_handout_is_one_page_of_a4(qtbot: QtBot) -> None:
    pdf = pdf_of(page_of(f"<h1>Short</h1><p>One sum.</p>{WRITE_LINE}"), "Short")
    assert pdf.startswith(b"%PDF-")
    assert sizes(pdf) == [A4_POINTS]


def test_the_answers_begin_a_page_of_their_own(qtbot: QtBot) -> None:
    pdf = pdf_of(page_of('<h1>Short</h1><p>One sum.</p><div class="sheet"><h1>Answers</h1><p>3</p></div>'), "")
    assert len(sizes(pdf)) == 2


def test_a_table_is_not_parted_from_its_heading_nor_torn(qtbot: QtBot) -> None:
    rows = "<tr><td>z</td><td>w·x</td><td></td></tr>" * 25
    table = f"<h2>Forward</h2>{TABLE}{rows}</table>"
    assert len(sizes(pdf_of(page_of(table), ""))) == 1, "it fits on a page"
    assert len(sizes(pdf_of(page_of("<p>word</p>" * 20 + table + "<p>word</p>" * 20), ""))) == 3


def test_a_table_longer_than_a_page_goes_on_on_the_next(qtbot: QtBot) -> None:
    rows = "<tr><td>z</td><td>w·x</td><td></td></tr>" * 120
    assert len(sizes(pdf_of(page_of(f"<p>word</p><h2>Forward</h2>{TABLE}{rows}</table>"), ""))) >= 3


def test_every_word_is_on_paper_and_questions_stay_whole(qtbot: QtBot) -> None:
    stops = "".join(
        f"<h2>{n}. A stop</h2><p>Some words.</p>"
        f'<div class="question"><p>How large is it, number {n}?</p>{WRITE_LINE}</div>'
        for n in range(1, 41)
    )
    width, height = 600, 800
    image = QImage(width, height, QImage.Format.Format_RGB32)
    document = document_of(
        page_of(f"{stops}<h2>Forward</h2>{TABLE}{'<tr><td>z</td></tr>' * 9}</table>"), image, QSizeF(width, height)
    )
    assert document.pageCount() > 3
    for number in range(document.pageCount()):
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_part(painter, document, QRectF(0, number * height, width, height))
        painter.end()
        block = document.begin()
        while block.isValid():
            area = document.documentLayout().blockBoundingRect(block).translated(0, -number * height)
            if block.text().strip() and area.top() >= 0 and area.bottom() <= height:
                assert darkest(image, area) < 128, f"{block.text()!r} is not on page {number + 1}"
            if block.text().startswith(("How large", "Forward")):
                following = document.documentLayout().blockBoundingRect(block.next()).translated(0, -number * height)
                assert area.top() // height == following.bottom() // height, f"{block.text()!r} is parted"
            block = block.next()


def darkest(image: QImage, area: QRectF) -> int:
    """The darkest pixel of an area, 0 for black."""
    part = area.toAlignedRect() & image.rect()
    return min(
        QColor(image.pixel(x, y)).lightness()
        for x in range(part.left(), min(part.left() + 120, part.right() + 1))
        for y in range(part.top(), part.bottom() + 1)
    )
