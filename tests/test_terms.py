"""Each term of the field is defined, in English, once."""

from __future__ import annotations

import pytest

from engine.terms import TERMS, Term, term


def test_the_textbook_is_covered() -> None:
    wanted = {
        "x",
        "W",
        "b",
        "z",
        "a",
        "loss",
        "grad_z",
        "grad_a",
        "grad_W",
        "grad_b",
        "lr",
        "iteration",
        "update",
        "twin",
    }
    assert wanted <= TERMS.keys()
    assert term("grad_W").symbol == "∂C/∂w"
    assert term("z").formula == "z = w·x + b"


@pytest.mark.parametrize("key", list(TERMS))
def test_each_has_a_name_and_one_sentence(key: str) -> None:
    found = TERMS[key]
    assert found.key == key
    assert found.name()
    assert found.sentence().endswith(".")
    assert found.sentence().count(". ") == 0


def test_a_language_without_a_word_gets_the_english_one() -> None:
    found = Term("lr", "η", {"en": "learning rate", "de": "Lernrate"}, {"en": "How far."})
    assert found.name("de") == "Lernrate"
    assert found.name("zh") == "learning rate"
    assert found.sentence("de") == "How far."
