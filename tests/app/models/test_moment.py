"""What a place means: the last and next step, the phase, how far along; and the equations that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.docks import choosing
from app.models.equation_lines import equation_lines
from app.models.place_words import words_at
from app.models.scene_builder import build_scene
from app.models.tensor_choice import shown_quantity
from app.settings import Wishes
from engine.analysis.notation.printing import to_text
from engine.events import Phase
from engine.session.launch import Launch
from engine.session.moment import Moment, moment_at
from engine.session.place import Level, Place
from engine.session.record import record
from engine.trace.reader import Trace

HELLO = Path(__file__).resolve().parents[3] / "resources" / "examples" / "hello.py"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("moment") / "hello.gradstep"
    with (path.parent / "output.txt").open("wb") as output:
        record(Launch(HELLO, stdout=output), path)
    return path


@pytest.fixture
def trace(recorded: Path) -> Iterator[Trace]:
    with Trace(recorded) as opened:
        yield opened


def at(trace: Trace, revealed: int, *, is_live: bool = False) -> Moment:
    """The moment at which so many quantities of hello's iteration are revealed."""
    begin = next(one.begin for one in trace.iterations() if one.number == 0)
    steps = moment_at(trace, Place(begin, 0, 0), Level.QUANTITY, is_live).steps
    position = steps[revealed - 1].known_at if revealed else begin
    return moment_at(trace, Place(position, revealed, 0), Level.QUANTITY, is_live)


def test_in_the_middle_of_the_backward_pass(trace: Trace) -> None:
    moment = at(trace, 9)
    assert moment.last is not None
    assert moment.next is not None
    assert (moment.last.symbol, moment.next.symbol) == ("dC/db2", "dC/dw2")
    assert (moment.phase, moment.number, moment.count) == (Phase.BACKWARD, 10, 19)
    assert not moment.is_over


def test_before_the_first_step_and_after_the_last(trace: Trace) -> None:
    before, after = at(trace, 0), at(trace, 19)
    assert (before.last, before.number, before.phase) == (None, 1, Phase.FORWARD)
    assert (after.next, after.is_over, after.phase) == (None, True, Phase.OTHER)
    assert not at(trace, 19, is_live=True).is_over


def test_the_loss_has_been_shown_from_its_own_step_on(trace: Trace) -> None:
    assert [at(trace, revealed).has_shown("C") for revealed in (0, 4, 5, 19)] == [False, False, True, True]


def test_at_other_levels_events_are_counted(trace: Trace) -> None:
    begin = next(one.begin for one in trace.iterations() if one.number == 0)
    moment = moment_at(trace, Place(begin + 6, None, 0), Level.NODE, is_live=False)
    assert moment.number == 7
    assert moment.count == len(trace.events(iteration=0))
    assert moment.revealed == sum(step.known_at <= begin + 6 for step in moment.steps)


def test_what_has_happened_has_its_result_and_what_comes_has_none(trace: Trace) -> None:
    newest, coming = (to_text(line.expression) for line in equation_lines(trace, at(trace, 9), None))
    assert newest == "∂C/∂b⁽²⁾ = ∂C/∂z⁽²⁾ = -0.03798474"
    assert coming == "∂C/∂w⁽²⁾ = ∂C/∂z⁽²⁾·a⁽¹⁾ = -0.03798474·0.7547299 = ?"


def test_a_chosen_quantity_shows_its_result_only_when_it_is_known(trace: Trace) -> None:
    (known,) = equation_lines(trace, at(trace, 9), 0)
    (hidden,) = equation_lines(trace, at(trace, 9), 9)
    assert to_text(known.expression).endswith("= 1.124")
    assert to_text(hidden.expression).endswith("= ?")


def test_what_is_chosen_ahead_gives_no_number_away_that_is_still_to_come(trace: Trace) -> None:
    steps = at(trace, 0).steps
    arrays = [None if step.value is None else trace.array(step.value) for step in steps]
    numbers = ["" if array is None else f"{abs(array.item()):.5g}" for array in arrays]
    for revealed in range(len(steps)):
        known = {number for number in numbers[:revealed] if number}
        for chosen in range(revealed + 1, len(steps)):
            lines = equation_lines(trace, at(trace, revealed), chosen, Wishes(digits=5))
            said = " ".join(to_text(line.expression) for line in lines)
            assert said.endswith("= ?")
            told = [number for number in numbers[revealed:] if number and number not in known and number in said]
            assert told == [], (revealed, steps[chosen].symbol, said)
    (line,) = equation_lines(trace, at(trace, 1), 4)
    assert to_text(line.expression) == "C = (a⁽²⁾ - t)² = ?"


def test_digits_are_as_many_as_wanted(trace: Trace) -> None:
    (line, *_) = equation_lines(trace, at(trace, 2), None, Wishes(digits=4))
    assert to_text(line.expression) == "a⁽¹⁾ = σ(z⁽¹⁾) = 1/(1 + e^(-1.124)) = 0.7547"


def test_derived_quantities_have_numbers_too(trace: Trace) -> None:
    moment = at(trace, 7)
    assert moment.last is not None
    shown = shown_quantity(trace, 0, moment.last)
    assert shown is not None
    assert shown.title == "σ′(z⁽²⁾)"
    assert float(shown.array.item()) == pytest.approx(0.12709981512887705, rel=1e-6)


def test_words_say_where_it_is(trace: Trace) -> None:
    words = words_at(trace, at(trace, 9), None)
    assert words.trail == ("net", "output_layer", "linear")
    assert words.subject == "∂C/∂b⁽²⁾"


def test_whatever_is_clicked_leads_to_the_same_selection(trace: Trace) -> None:
    built, moment = build_scene(trace, 0), at(trace, 10)
    z2 = next(step for step in moment.steps if step.symbol == "z2")
    by_quantity = choosing.of_quantity(built, z2)
    by_term = choosing.of_ref(trace, built, moment, f"value:{z2.value}")
    by_row = choosing.of_event(trace, built, moment, z2.event)
    assert by_quantity == by_term == by_row
    assert by_quantity.card is not None
    by_card = choosing.of_card(trace, built, by_quantity.card)
    assert (by_card.card, by_card.position, by_card.value) == (by_quantity.card, z2.event, z2.value)
    w2 = next(pill for pill, facts in built.pills.items() if "output_layer.weight" in pill)
    by_pill = choosing.of_pill(trace, built, w2)
    assert (by_pill.card, by_pill.symbol, by_pill.pill) == (by_quantity.card, "w2", w2)
    assert trace.array(by_pill.value or 0) == pytest.approx(2.45)
