"""The first lesson: all twenty quantities are asked for, and are those that were worked out by hand."""

from __future__ import annotations

import pytest

FORWARD = ("z1", "a1", "z2", "a2", "C")
BACKWARD = {
    "dC-da2": "dC_da2",
    "slope2": "da2_dz2",
    "dC-dz2": "dC_dz2",
    "dC-db2": "dC_db2",
    "dC-dw2": "dC_dw2",
    "dC-da1": "dC_da1",
    "slope1": "da1_dz1",
    "dC-dz1": "dC_dz1",
    "dC-db1": "dC_db1",
    "dC-dw1": "dC_dw1",
}
UPDATED = {"new-w1": "w1", "new-b1": "b1", "new-w2": "w2", "new-b2": "b2"}


@pytest.fixture
def numbers(play) -> dict[str, float]:
    """The right answers to its questions for numbers, by question."""
    played = play("hello")
    found = {question.id: played.truth(stop, question).answer for stop, question in played.lesson.questions}
    return {key: number for key, number in found.items() if isinstance(number, float)}


def test_its_numbers_are_the_golden_ones(numbers: dict[str, float], golden) -> None:
    seed = golden["seed000_hello_world"]
    wanted = {name: seed["forward"][name] for name in FORWARD}
    wanted |= {question: seed["backward"][name] for question, name in BACKWARD.items()}
    wanted |= {question: seed["updated"][name] for question, name in UPDATED.items()}
    wanted["halved"] = seed["half_cost"]["backward"]["dC_dw1"]
    assert numbers == pytest.approx(wanted, rel=1e-10, abs=1e-12)


def test_what_the_texts_quote_is_what_happened(play, golden) -> None:
    seed = golden["seed000_hello_world"]
    played = play("hello")
    stops = {stop.id: stop for stop in played.lesson.stops}
    assert f"{seed['after_update']['a2']:.4f}" in played.words(stops["console"])
    why = played.why(stops["dC-dz2"], stops["dC-dz2"].questions[0])
    assert f"{seed['backward']['dC_dz2']:.6g}".replace("-", "−")[:8] in why
    assert "0.1271" in played.words(stops["dC-dz2"]), "the slope is revealed before the gradient of the same node"
    assert "−0.03798" not in played.words(stops["dC-dz2"])
    told = played.why(stops["half"], stops["half"].questions[1])
    assert f"{seed['half_cost']['updated']['w1']:.7g}" in told
    assert f"{seed['updated']['w1']:.7g}" in told


@pytest.mark.parametrize(
    ("question", "answer", "slip"),
    [
        ("z1", "1.264", "forgot-bias"),
        ("a1", "1.124", "forgot-activation"),
        ("C", "0.01116", "factor-2"),
        ("C", "-0.1494", "not-squared"),
        ("dC-da2", "0.2989", "sign"),
        ("dC-da2", "-0.1494", "factor-2"),
        ("slope2", "-1.285", "slope-of-z"),
        ("dC-dz2", "-0.2989", "forgot-slope"),
        ("dC-dz2", "0.1271", "only-slope"),
        ("dC-db2", "-0.02867", "bias-like-weight"),
        ("dC-dw2", "-0.03798", "forgot-input"),
        ("dC-da1", "-0.03798", "forgot-weight"),
        ("dC-dw1", "-0.1378", "decimal-point"),
        ("new-w1", "1.57862", "uphill"),
        ("new-w1", "1.59378", "no-rate"),
        ("new-w1", "1.58", "not-moved"),
        ("weight-stays", "yes", "backward-moves"),
        ("z1", "5", ""),
    ],
)
def test_slips_are_known_by_name(play, question: str, answer: str, slip: str) -> None:
    played = play("hello")
    stop, asked = next(pair for pair in played.lesson.questions if pair[1].id == question)
    mark = played.mark(stop, asked, answer)
    assert (mark.right, mark.slip) == (False, slip)
    assert bool(slip) == bool(slip and played.slip(stop, slip))


def test_where_it_stops(play) -> None:
    played = play("hello")
    moments = {stop.id: played.moment(stop) for stop in played.lesson.stops}
    first = moments["z1"].position
    assert [moments[name].position - first for name in FORWARD] == [0, 1, 2, 3, 4]
    assert moments["box"].position == moments["dC-da2"].position
    assert moments["slope2"].position == moments["dC-dz2"].position, "one node yields both"
    assert moments["new-b2"].position - moments["new-w1"].position == 3
