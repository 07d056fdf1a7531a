"""Handouts on paper: pages are A4 and numbered, the answers begin a page, and headings stay with what follows."""

from __future__ import annotations

import re

from pytestqt.qtbot import QtBot

from app.actions.paper import pdf_of
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
