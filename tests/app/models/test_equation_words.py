"""The words in and beside the equations, in the window's language."""

from __future__ import annotations

import pytest

from app.models.equation_lines import equation_lines
from app.models.place_words import words_at
from app.models.timeline_steps import timeline_steps
from engine.analysis.notation.printing import to_text
from engine.session.moment import Moment, moment_at
from engine.session.place import Place
from engine.session.session import Level
from engine.trace.reader import Trace
from tests.helpers.chinese import english_left, has_chinese


def moments(trace: Trace) -> list[Moment]:
    """All places of the first iteration."""
    end = moment_at(trace, Place(len(trace), None, 0), Level.QUANTITY, False)
    places = [Place(end.place.position, quantity, 0) for quantity in range(len(end.steps) + 1)]
    return [moment_at(trace, place, Level.QUANTITY, False) for place in places]


@pytest.mark.usefixtures("chinese")
def test_every_caption_and_word_of_an_iteration_is_chinese(hello: Trace) -> None:
    captions, texts = set(), set()
    for moment in moments(hello):
        for line in equation_lines(hello, moment, None):
            texts.add(to_text(line.expression))
            if line.caption:
                captions.add(line.caption.chinese)
        texts.add(words_at(hello, moment, None).subject)
        texts |= {step.symbol for step in timeline_steps(moment.steps)}
    assert "局部导数。" in captions
    assert any(text.startswith("新 w⁽¹⁾ = ") for text in texts)
    assert [text for text in texts if english_left(text) or "new" in text] == []
    # What comes next is said by a translator, and none is put on here.
    assert [text for text in captions if not has_chinese(text) and not text.startswith("next: ")] == []


def test_in_english_they_are_english(hello: Trace) -> None:
    lines = [line for moment in moments(hello) for line in equation_lines(hello, moment, None)]
    assert any(to_text(line.expression).startswith("new w⁽¹⁾ = ") for line in lines)
    assert not any(has_chinese(to_text(line.expression)) for line in lines)
