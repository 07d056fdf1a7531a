"""Texts in two languages, and what is made of them."""

from __future__ import annotations

from engine.bilingual import NOTHING, Bilingual, listed, same, sentences


def test_one_of_the_two_is_said() -> None:
    text = Bilingual("the loss", "损失")
    assert (text.in_language(chinese=False), text.in_language(chinese=True)) == ("the loss", "损失")


def test_parts_are_put_together_in_both() -> None:
    seen = Bilingual("It fell", "它下降了") + same(" 3") + Bilingual(".", "。")
    assert (seen.english, seen.chinese) == ("It fell 3.", "它下降了 3。")
    assert listed([same("w1"), Bilingual("others", "其他")]) == Bilingual("w1, others", "w1、其他")


def test_nothing_is_false() -> None:
    assert not NOTHING
    assert not listed([])
    assert same("w1")


def test_json_has_both_by_the_languages_code() -> None:
    assert Bilingual("yes", "是").plain() == {"en": "yes", "zh": "是"}


def test_sentences_follow_each_other_as_each_language_sets_them() -> None:
    found = sentences(Bilingual("It runs.", "它在运行。"), NOTHING, Bilingual("Pause it.", "请暂停它。"))
    assert found == Bilingual("It runs. Pause it.", "它在运行。请暂停它。")
    assert sentences(same("ValueError: 3"), Bilingual("Look.", "请查看。")).chinese == "ValueError: 3 请查看。"


def test_what_json_has_is_read_back_also_where_it_is_in_one_language() -> None:
    text = Bilingual("yes", "是")
    assert Bilingual.of_plain(text.plain()) == text
    assert Bilingual.of_plain("of an older trace") == same("of an older trace")
