"""Words in texts lead to their cards: plain on a terminal, with a meaning on paper, as links in the window."""

from __future__ import annotations

import re

import pytest

from engine.glossary.mentions import MARKED, with_mentions
from engine.glossary.shelf import CARDS
from engine.lessons.languages import CHINESE, LANGUAGES
from engine.lessons.lesson import Lesson
from engine.lessons.played import PlayedLesson
from engine.lessons.shelf import find_lesson, shipped


@pytest.mark.parametrize("lesson", shipped(), ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_every_lesson_mention_words_of_the_glossary(lesson: Lesson, language: str) -> None:
    texts = [part.text for part in lesson.text(language).stops.values()]
    keys = {found[1] for text in texts for found in MARKED.finditer(with_mentions(text, language == CHINESE))}
    assert len(keys) >= 2
    assert keys <= CARDS.keys()


def test_a_term_on_paper_and_in_the_window() -> None:
    played = PlayedLesson(find_lesson("hello"), {}, "en")
    assert played.term("leaf") == "leaf"
    assert played.term("leaf", "leaves") == "leaves"
    assert played.term("zero_grad", "`opt.zero_grad()`") == "opt.zero_grad()"
    link = played.term_link("zero_grad", "`opt.zero_grad()`")
    assert re.fullmatch(r'<a href="term:zero_grad" title="Empties [^"]*"><code>opt\.zero_grad\(\)</code></a>', link)
    assert played.term_html("leaf").startswith('<dfn title="A tensor that no recorded operation made')
    assert PlayedLesson(find_lesson("hello"), {}, CHINESE).term("leaf") == "叶子节点"
