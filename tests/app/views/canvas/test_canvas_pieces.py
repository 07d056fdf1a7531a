"""The canvas's small parts: symbols, thumbnails, edges, the next card in a direction, ranks and orders."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from app.assets import load_fonts
from app.models.scene import Card
from app.theme import THEMES
from app.views.canvas.card_head import FRAME, draw_words
from app.views.canvas.compaction import MAX_GAP, compacted
from app.views.canvas.edge_items import TILE, EdgeLayer, Flow, add_rounded
from app.views.canvas.heatmap import heatmap_image
from app.views.canvas.ink import ink_of
from app.views.canvas.placement import Box, Layout, LayoutRequest, Rect
from app.views.canvas.ranks import barycentre_order, centres, forward_edges, longest_path_ranks
from app.views.canvas.reading_order import neighbour
from app.views.canvas.symbols import split_symbol


@pytest.mark.parametrize(
    ("symbol", "parts"),
    [("z1", ("z", "1")), ("W10", ("W", "10")), ("C", ("C", "")), ("w_2", ("w", "2")), ("", ("", "")), ("2", ("2", ""))],
)
def test_symbol_is_split_into_letter_and_number(symbol: str, parts: tuple[str, str]) -> None:
    assert split_symbol(symbol) == parts


def colours(array: list[list[float]], *, signed: bool) -> list[str]:
    """Of each cell's first pixel, row by row."""
    image = heatmap_image(np.array(array), replace(THEMES["dark"], not_finite="#ff00ff"), signed=signed)
    side = image.height() // len(array)
    return [
        image.pixelColor(x, y).name() for y in range(0, image.height(), side) for x in range(0, image.width(), side)
    ]


def test_values_run_from_the_dark_to_the_bright_end_of_viridis() -> None:
    assert colours([[3.0, 7.0]], signed=False) == ["#440154", "#fde725"]


def test_gradients_are_centred_at_zero() -> None:
    low, zero, half, high = (
        tuple(int(name[i : i + 2], 16) for i in (1, 3, 5)) for name in colours([[-4.0, 0.0, 2.0, 4.0]], signed=True)
    )
    assert min(zero) > 225  # near white
    assert low[2] > low[0]  # blue
    assert high[0] > high[2]  # red
    assert zero[2] > half[2] > high[2]


def test_a_negative_gradient_is_known_by_a_minus_where_its_colour_is_not_seen() -> None:
    image = heatmap_image(np.array([[-4.0, 4.0, 0.0, -0.1]]), THEMES["light"], signed=True)
    grey = image.convertToFormat(image.Format.Format_Grayscale8)
    side = grey.height()
    middles = [grey.pixelColor(x + side // 2, side // 2).value() for x in range(0, grey.width(), side)]
    corners = [grey.pixelColor(x, 0).value() for x in range(0, grey.width(), side)]
    differences = [abs(middle - corner) for middle, corner in zip(middles, corners, strict=True)]
    assert [difference > 80 for difference in differences] == [True, False, False, True]
    assert differences[1] == 0
    assert differences[2] == 0


def test_nan_and_inf_have_a_colour_of_their_own() -> None:
    assert colours([[np.nan, 1.0, np.inf, 2.0]], signed=False) == ["#ff00ff", "#440154", "#ff00ff", "#fde725"]


def test_constant_and_all_nan_arrays_are_drawn() -> None:
    assert len(set(colours([[5.0, 5.0]], signed=False))) == 1
    assert set(colours([[np.nan, np.nan]], signed=True)) == {"#ff00ff"}


@pytest.mark.parametrize(
    ("title", "shape", "shown", "is_above"),
    [
        ("add", "(8, 2)", "(8, 2)", False),
        ("conv2d", "(32, 16, 16, 16)", "(32,16,16,16)", True),
        ("batch_norm", "(64, 512, 7, 7)", "(64,512,7,7)", True),
    ],
)
def test_a_name_is_whole_and_the_shape_stands_where_it_has_room(
    qapp: QApplication, title: str, shape: str, shown: str, is_above: bool
) -> None:
    load_fonts()
    texts = painted_texts(Card("1", title, "z3", shape))
    assert title in texts
    assert shown in texts
    assert (texts[shown] < FRAME.top()) is is_above


def painted_texts(card: Card) -> dict[str, float]:
    """The words that are painted on a card, with the height they stand at."""
    buffer, page = QBuffer(), QSvgGenerator()
    page.setOutputDevice(buffer)
    painter = QPainter(page)
    draw_words(painter, card, ink_of(THEMES["dark"]), near=True)
    painter.end()
    svg = ElementTree.fromstring(bytes(buffer.data().data()))
    return {str(text.text).strip(): float(text.attrib["y"]) for text in svg.iter("{http://www.w3.org/2000/svg}text")}


def test_rounded_route_starts_and_ends_where_the_route_does(qapp: QApplication) -> None:
    path = QPainterPath()
    add_rounded(path, ((0.0, 0.0), (0.0, 50.0), (80.0, 50.0), (80.0, 100.0)))
    assert (path.pointAtPercent(0).x(), path.pointAtPercent(0).y()) == (0.0, 0.0)
    assert (path.currentPosition().x(), path.currentPosition().y()) == (80.0, 100.0)
    assert not path.contains(path.boundingRect().bottomLeft())
    lengths = 50 + 80 + 50
    assert lengths - 12 < path.length() < lengths  # two corners cut, a little


def test_edges_of_one_tile_share_one_item(qapp: QApplication) -> None:
    near = [((float(i), 0.0), (float(i), 50.0)) for i in range(20)]
    far = ((0.0, 5 * TILE), (0.0, 5 * TILE + 50.0))
    layer = EdgeLayer((*near, far), ink_of(THEMES["dark"]))
    assert len(layer.tiles) == 2
    layer.set_flow(20, Flow.BACKWARD)
    assert [layer.flow_of(number) for number in (0, 20)] == [Flow.WAITING, Flow.BACKWARD]


CROSS = {"middle": (0.0, 0.0), "up": (0.0, -100.0), "down": (10.0, 100.0), "left": (-200.0, 5.0), "right": (200.0, 5.0)}


@pytest.mark.parametrize("direction", ["up", "down", "left", "right"])
def test_neighbour_is_the_card_on_that_side(direction: str) -> None:
    assert neighbour(CROSS, "middle", direction) == direction  # type: ignore[arg-type]


def test_neighbour_prefers_straight_ahead_and_stops_at_the_end() -> None:
    cards = {"a": (0.0, 0.0), "aside": (300.0, 90.0), "ahead": (0.0, 150.0)}
    assert neighbour(cards, "a", "down") == "ahead"
    assert neighbour(cards, "a", "up") is None
    assert neighbour(cards, None, "down") == "a"
    assert neighbour({}, None, "down") is None


def test_only_the_edge_that_closes_the_cycle_points_back() -> None:
    assert forward_edges(3, [(0, 1), (1, 2), (2, 0)]) == [True, True, False]
    assert forward_edges(1, [(0, 0)]) == [False]


def test_ranks_are_longest_paths_and_late_sources_stand_low() -> None:
    #  0 -> 1 -> 2 -> 4, 0 -> 2 (skip), 3 -> 4 (a target)
    assert longest_path_ranks(5, [(0, 1), (1, 2), (0, 2), (2, 4), (3, 4)]) == [0, 1, 2, 2, 3]


def test_barycentre_removes_a_crossing() -> None:
    rows = [[0, 1], [2, 3]]
    barycentre_order(rows, [(0, 3), (1, 2)])
    assert [rows[0].index(0) - rows[0].index(1), rows[1].index(3) - rows[1].index(2)] in ([-1, -1], [1, 1])


def test_centres_keep_the_gap_and_straighten_a_chain() -> None:
    x = centres([[0, 1], [2]], [(0, 2)], [100.0, 100.0, 40.0], 10.0)
    assert x[1] - x[0] >= 110.0
    assert x[2] == pytest.approx(x[0])


def test_compaction_narrows_empty_bands_only() -> None:
    request = LayoutRequest((Box(168.0, 58.0), Box(168.0, 58.0)), ((0, 1),))
    boxes = (Rect(0.0, 0.0, 168.0, 58.0), Rect(0.0, 500.0, 168.0, 58.0))
    low = compacted(request, Layout(boxes, {}, (((84.0, 58.0), (84.0, 500.0)),)), header=22.0, padding=16.0)
    assert low.boxes[1].y == 58.0 + MAX_GAP
    assert low.routes == (((84.0, 58.0), (84.0, 58.0 + MAX_GAP)),)
