"""The neuron view: where units stand, when it is chosen, clicks and keys, the sample, and what its colours say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.neuron_net import MOST_UNITS, NeuronLayer, NeuronNet
from app.models.neuron_states import NeuronState, ParameterNumbers, UnitNumbers
from app.models.scene import Phase, PillState
from app.models.scene_part import ScenePart
from app.theme import THEMES
from app.views.canvas import neuron_labels
from app.views.canvas.ink import ink_of
from app.views.canvas.ledger_item import HEIGHT as LEDGER_HEIGHT
from app.views.canvas.neuron_painter import draw_neurons
from app.views.canvas.neuron_places import CHOOSER, FOOTER, PARAMETERS, neuron_places
from app.views.canvas.neuron_scene import NeuronScene, is_current
from app.views.canvas.neuron_travel import travelled
from app.views.canvas.travel_item import FASTEST_MS
from app.views.canvas.view import GraphCanvas


def net(*sizes: int, samples: int = 1) -> NeuronNet:
    layers = tuple(
        NeuronLayer(n, units, f"z{n}", f"a{n}", "sigmoid", f"w{n}", f"b{n}", transposed=False)
        for n, units in enumerate(sizes[1:], 1)
    )
    return NeuronNet("x", sizes[0], layers, "C", samples)


def state(of: NeuronNet) -> NeuronState:
    columns = tuple(UnitNumbers(np.ones(n), np.full(n, 0.5), np.full(n, -0.1)) for n in of.sizes)
    weights = tuple(
        ParameterNumbers(np.ones((after, before)), None, None, PillState())
        for before, after in zip(of.sizes, of.sizes[1:], strict=False)
    )
    biases = tuple(ParameterNumbers(np.zeros(n), None, None, PillState()) for n in of.sizes[1:])
    return NeuronState(columns, weights, biases, 0.25)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["dark"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(900, 600)
    made.show()
    of = net(4, 3, 1, samples=3)
    made.set_has_neurons(True)
    made.neurons.show_state(of, state(of), "z1", "forward", 0)
    yield made
    made.stop()


@given(
    st.lists(st.integers(1, MOST_UNITS), min_size=2, max_size=6), st.integers(420, 2400), st.integers(300, 1400)
)  # fmt: skip
def test_units_stay_apart_and_in_view(sizes: list[int], width: int, height: int) -> None:
    places = neuron_places(net(*sizes), width, height)
    units = [rect for column in places.units for rect in column]
    assert not [pair for pair in combinations(units, 2) if pair[0].overlaps(pair[1])]
    assert all(rect.x >= 0 and rect.right <= width for rect in units)
    if height / max(sizes) > 30:
        assert all(rect.y >= 0 and rect.bottom <= height for rect in units)
    assert neuron_places(net(*sizes), width, height) == places


@given(
    st.lists(st.integers(1, MOST_UNITS), min_size=2, max_size=6), st.integers(420, 2400), st.integers(330, 1400),
    st.floats(18.0, 40.0),
)  # fmt: skip
def test_from_afar_units_are_high_and_those_without_room_are_counted(
    sizes: list[int], width: int, height: int, letters: float
) -> None:
    places = neuron_places(net(*sizes), width, height, letters)
    ledger_top = places.footers[0].y - LEDGER_HEIGHT * places.parts_scale
    if height >= 20 * letters:
        assert places.parts_scale * 11 * 1.12 >= letters * 0.99  # as large as the shape in a pill on a projector
    for size, column, more in zip(sizes, places.units, places.more, strict=True):
        shown = [rect for rect in column if rect.height]
        assert len(column) == size
        assert size - len(shown) == (0 if more is None else more[1])
        rows = sorted([*shown, *([] if more is None else [more[0]])], key=lambda rect: rect.y)
        assert not [pair for pair in pairwise(rows) if pair[0].overlaps(pair[1])]
        assert rows[-1].bottom <= ledger_top
        if len(rows) > 4:
            assert all(after.y - before.y >= letters * 1.4 - 1e-6 for before, after in pairwise(rows))
    assert all(len(column) == 1 or (column[0].height and column[-1].height) for column in places.units)


@given(
    st.lists(st.integers(1, MOST_UNITS), min_size=2, max_size=6), st.integers(300, 2400), st.integers(300, 1400),
    st.integers(1, 9),
)  # fmt: skip
def test_parameters_stand_side_by_side_and_leave_the_sample_chooser_free(
    sizes: list[int], width: int, height: int, samples: int
) -> None:
    places = neuron_places(net(*sizes, samples=samples), width, height)
    end = width - (CHOOSER * places.scale if samples > 1 else 0)
    assert all(one.right <= other.x for one, other in pairwise(places.footers))
    assert places.footers[0].x >= 0
    assert places.footers[-1].right <= end + 1e-6


def test_a_large_view_shows_the_same_picture_larger() -> None:
    small, large = neuron_places(net(1, 1, 1), 556, 310), neuron_places(net(1, 1, 1), 1112, 620)
    assert large.scale == pytest.approx(2 * small.scale)
    assert [rect.height for rect in large.units[1]] == pytest.approx([2 * rect.height for rect in small.units[1]])


def test_in_a_narrow_view_single_neurons_keep_their_weights_and_biases() -> None:
    places = neuron_places(net(1, 1, 1), 420, 320)
    assert not places.is_round
    assert places.has_labels


@pytest.mark.parametrize(
    ("sizes", "width", "height"), [((1, 1, 1), 560, 400), ((2, 2, 1), 640, 340), ((2, 2), 900, 700), ((5, 1), 640, 400)]
)
def test_numbers_of_a_layer_s_weights_do_not_cover_one_another(
    sizes: tuple[int, ...], width: int, height: int, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    drawn: list[tuple[float, float, int]] = []

    def note(_: QPainter, middle: QPointF, rows: list[tuple[str, str]], *_args: object, **_more: object) -> None:
        drawn.append((middle.x(), middle.y(), len(rows)))

    monkeypatch.setattr(neuron_labels, "_draw_label", note)
    of = net(*sizes)
    before = state(of)
    ones = tuple(np.ones_like(weight.old) for weight in before.weights)
    weights = tuple(ParameterNumbers(one, one / 3, one / 7, PillState()) for one in ones)
    scene = NeuronScene(of, replace(before, weights=weights), neuron_places(of, width, height), "new w1", "update")
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    neuron_labels.draw_weights(painter, scene, 0, ink_of(THEMES["dark"]))
    painter.end()
    assert len(drawn) == sizes[0] * sizes[1]
    for (_, y, rows), (_, other_y, other_rows) in pairwise(sorted(drawn, key=lambda one: one[1])):
        assert other_y - y >= 18 * (rows + other_rows) / 2


def test_few_units_are_circles_and_many_are_capsules() -> None:
    few, many = neuron_places(net(1, 1, 1), 590, 400), neuron_places(net(5, 8, 4, 1), 590, 400)
    assert few.is_round
    assert not many.is_round
    assert many.units[1][0].width > many.units[1][0].height


def test_in_a_tall_view_the_numbers_of_an_update_cover_no_unit() -> None:
    for sizes in ((1, 1, 1), (5, 8, 4, 1), (16, 16)):
        places = neuron_places(net(*sizes), 900, 560)
        assert max(rect.bottom for column in places.units for rect in column) <= 560 - FOOTER - LEDGER_HEIGHT


def test_in_a_low_view_the_numbers_of_an_update_make_themselves_room() -> None:
    for sizes in ((1, 1, 1), (5, 8, 4, 1), (16, 16)):
        lowest = [
            max(rect.bottom for column in places.units for rect in column)
            for places in (neuron_places(net(*sizes), 530, 350, has_update=has_update) for has_update in (False, True))
        ]
        assert lowest[1] <= 350 - FOOTER - LEDGER_HEIGHT
        assert lowest[1] <= lowest[0]


def test_lines_go_from_border_to_border() -> None:
    places = neuron_places(net(2, 3), 800, 500)
    (x1, y1), (x2, y2) = places.line(0, 1, 2)
    assert (x1, y1) == (places.units[0][1].right, places.units[0][1].centre_y)
    assert (x2, y2) == (places.units[1][2].x, places.units[1][2].centre_y)


@pytest.mark.parametrize(
    ("symbol", "letters", "number", "expected"),
    [
        ("a1", "za", 1, True), ("dC/da1", "za", 1, True), ("s'(z2)", "za", 2, True), ("dC/dw2", "w", 2, True),
        ("new w2", "w", 2, True), ("dC/dw2", "w", 1, False), ("a1", "za", 2, False), ("C", "za", 1, False),
        ("", "za", 1, False), ("dC/dw1[2]", "w", 1, True),
    ],
)  # fmt: skip
def test_the_symbol_says_which_part_is_current(symbol: str, letters: str, number: int, *, expected: bool) -> None:
    assert is_current(symbol, letters, number) is expected


def test_small_networks_are_shown_as_neurons_until_the_user_wants_cards(canvas: GraphCanvas) -> None:
    assert canvas.shows_neurons
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert not canvas.shows_neurons
    canvas.set_has_neurons(False)
    canvas.set_has_neurons(True)
    assert not canvas.shows_neurons  # the wish holds
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert canvas.shows_neurons


def test_a_large_network_has_no_neurons_to_change_to(canvas: GraphCanvas) -> None:
    canvas.set_has_neurons(False)
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert not canvas.shows_neurons


def clicked(canvas: GraphCanvas, qtbot: QtBot, x: float, y: float) -> ScenePart:
    """What a click there chooses."""
    with qtbot.waitSignal(canvas.part_selected) as signal:
        QTest.mouseClick(canvas.neurons, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    (part,) = signal.args
    assert isinstance(part, ScenePart)
    return part


def test_a_click_on_a_capsule_chooses_what_the_unit_hands_on(canvas: GraphCanvas, qtbot: QtBot) -> None:
    of = net(4, 3, 1, samples=3)
    canvas.neurons.show_state(of, state(of), "z1", "forward", 2)
    shown = canvas.neurons.shown
    assert shown is not None
    assert not shown.places.is_round
    unit = shown.places.units[1][2]
    assert clicked(canvas, qtbot, unit.centre_x, unit.centre_y) == ScenePart(card="a1", at=(2, 2))
    assert canvas.selected == "a1"


def test_a_click_chooses_the_number_the_weight_the_bias_or_the_box_under_it(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.resize(900, 640)
    of = net(2, 2, 1)
    canvas.neurons.show_state(of, state(of), "dC/dz1", "backward", 0)
    shown = canvas.neurons.shown
    assert shown is not None
    places = shown.places
    assert places.is_round
    assert places.has_labels
    unit, loss = places.units[1][1], places.loss
    assert loss is not None
    for down, wanted in (
        (-0.5, ScenePart(card="z1", at=(0, 1))),
        (0.0, ScenePart(card="a1", at=(0, 1))),
        (0.5, ScenePart(card="z1", is_gradient=True, at=(0, 1))),
    ):
        assert clicked(canvas, qtbot, unit.centre_x, unit.centre_y + down * unit.height / 2) == wanted
    assert clicked(canvas, qtbot, unit.centre_x, unit.bottom + 14 * places.scale) == ScenePart(pill="b1", at=(1,))
    assert clicked(canvas, qtbot, loss.centre_x, loss.centre_y) == ScenePart(card="C")
    (x1, y1), (x2, y2) = places.line(0, 0, 1)  # from the first input to the second unit
    assert clicked(canvas, qtbot, x1 * 0.8 + x2 * 0.2, y1 * 0.8 + y2 * 0.2) == ScenePart(pill="w1", at=(1, 0))
    footer = places.footers[1]
    first, second = (footer.y + (8 + row) * footer.width / PARAMETERS for row in (11, 38))
    assert clicked(canvas, qtbot, footer.x + 20, second) == ScenePart(pill="b2")
    assert clicked(canvas, qtbot, footer.right - 20, first) == ScenePart(pill="w2", is_gradient=True)
    turned = replace(of, layers=tuple(replace(layer, transposed=True) for layer in of.layers))
    canvas.neurons.show_state(turned, state(of), "", "forward", 0)
    assert clicked(canvas, qtbot, x1 * 0.8 + x2 * 0.2, y1 * 0.8 + y2 * 0.2) == ScenePart(pill="w1", at=(0, 1))


def test_arrows_ask_for_another_sample_within_the_batch(canvas: GraphCanvas, qtbot: QtBot) -> None:
    back, on = canvas.neurons.sample_buttons()
    for button, wanted in ((on, 1), (back, 0)):
        with qtbot.waitSignal(canvas.neurons.sample_requested) as signal:
            QTest.mouseClick(canvas.neurons, Qt.MouseButton.LeftButton, pos=button.center().toPoint())
        assert signal.args == [wanted]


def test_what_is_selected_elsewhere_is_outlined_here(canvas: GraphCanvas) -> None:
    canvas.neurons.show_state(net(4, 3, 1), state(net(4, 3, 1)), "C", "forward", 0)
    canvas.select("z1")
    shown = canvas.neurons.shown
    assert shown is not None
    assert [column for column in range(3) if shown.selected in shown.cards_of(column)] == [1]
    unit = shown.places.units[1][0]
    image = canvas.neurons.grab().toImage()
    outline = [image.pixelColor(round(unit.centre_x), round(unit.y) - dy) for dy in range(1, 10)]
    assert max(colour.blue() for colour in outline) > 200


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("symbol", ["", "z1", "dC/da1", "dC/dw2", "new w1", "C"])
def test_every_moment_is_painted_in_every_theme(canvas: GraphCanvas, theme: str, symbol: str) -> None:
    canvas.set_theme(THEMES[theme])
    of = net(4, 3, 1)
    canvas.neurons.show_state(of, state(of), symbol, "backward" if "d" in symbol else "forward", 0)
    image = canvas.neurons.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert THEMES[theme].gradient_positive in colours or symbol in ("dC/da1", "dC/dw2")
    ringed = symbol not in ("", "dC/dw2", "new w1")
    assert (THEMES[theme].current in colours) or not ringed


@pytest.mark.parametrize("sizes", [(1, 1), (5, 8, 4, 1), (16, 16, 16)])
@pytest.mark.parametrize("height", [120, 300, 900])
def test_nothing_known_yet_and_numbers_that_are_none_are_painted(
    canvas: GraphCanvas, sizes: tuple[int, ...], height: int
) -> None:
    canvas.resize(700, height)
    of = net(*sizes)
    missing = ParameterNumbers(None, None, None, PillState())
    nothing = NeuronState(
        tuple(UnitNumbers() for _ in sizes),
        (missing,) * len(of.layers),
        (missing, *(None,) * (len(of.layers) - 1)),
        None,
    )
    known = state(of)
    broken = ParameterNumbers(
        np.full((sizes[1], sizes[0]), np.nan), np.full((sizes[1], sizes[0]), np.inf), None, PillState()
    )
    nan = NeuronState(
        tuple(UnitNumbers(np.full(n, np.nan), np.full(n, np.inf), np.full(n, -np.inf)) for n in sizes),
        (broken, *known.weights[1:]), known.biases, float("nan"),
    )  # fmt: skip
    painter_errors: list[Exception] = []
    for shown in (nothing, nan, known):
        for symbol in ("", "dC/dw1"):
            scene = NeuronScene(of, shown, neuron_places(of, 700, height), symbol, "backward")
            image = QImage(700, height, QImage.Format.Format_RGB32)
            painter = QPainter(image)
            try:
                draw_neurons(painter, scene, ink_of(THEMES["projector"]))
            except Exception as error:  # an exception in a paint event would end the process
                painter_errors.append(error)
            painter.end()
    assert painter_errors == []


def test_changing_fades_unless_motion_is_reduced(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_reduce_motion(False)
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert canvas.is_fading
    qtbot.waitUntil(lambda: not canvas.is_fading, timeout=20_000)
    canvas.set_reduce_motion(True)
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert not canvas.is_fading


def lines(of: NeuronNet, symbol: str, phase: Phase) -> list[tuple[float, float]]:
    """From where to where something travels, across, in a view of 900 x 600."""
    found = travelled(NeuronScene(of, state(of), neuron_places(of, 900, 600), symbol, phase))
    return [(start.x(), end.x()) for start, end in found]


def test_values_travel_to_the_right_and_gradients_back() -> None:
    of = net(4, 3, 1)
    x, z1, z2 = (column[0] for column in neuron_places(of, 900, 600).units)
    loss = neuron_places(of, 900, 600).loss
    assert loss is not None
    assert lines(of, "z1", "forward") == [(x.right, z1.x)] * 12
    assert lines(of, "a1", "forward") == []  # made of its own unit's z
    assert lines(of, "C", "forward") == [(z2.right, loss.x)]
    assert lines(of, "dC/da2", "backward") == [(loss.x, z2.right)]
    assert lines(of, "dC/da1", "backward") == [(z2.x, z1.right)] * 3
    assert lines(of, "dC/dw2", "backward") == [(z2.x, (z1.right + z2.x) / 2)] * 3
    assert lines(of, "dC/dx", "backward") == [(z1.x, x.right)] * 12
    assert lines(of, "s'(z1)", "backward") == lines(of, "new w1", "update") == lines(of, "", "forward") == []


def test_a_step_sends_its_value_along_the_lines_and_then_rests(canvas: GraphCanvas, qtbot: QtBot) -> None:
    of, neurons = net(4, 3, 1), canvas.neurons
    neurons.show_state(of, state(of), "z2", "forward", 0)
    assert not neurons.is_travelling  # motion is reduced
    canvas.set_reduce_motion(False)
    QTest.qWait(FASTEST_MS + 20)
    neurons.show_state(of, state(of), "C", "forward", 0)
    assert neurons.is_travelling
    qtbot.waitUntil(lambda: not neurons.is_travelling, timeout=20_000)
    at_rest = neurons.grab().toImage()
    neurons.show_state(of, state(of), "C", "forward", 1)  # another sample: no step
    assert not neurons.is_travelling
    neurons.show_state(of, state(of), "dC/da2", "backward", 1)
    neurons.show_state(of, state(of), "dC/dz2", "backward", 1)
    neurons.show_state(of, state(of), "dC/da1", "backward", 1)  # at once
    assert not neurons.is_travelling
    neurons.show_state(of, state(of), "C", "forward", 0)
    assert neurons.grab().toImage() == at_rest
