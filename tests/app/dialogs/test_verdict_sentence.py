"""The sentence of a check, in the window's language."""

from __future__ import annotations

import pytest

from app.dialogs.verdict import verdict_sentence
from engine.analysis.verdict.answer import Answer, Verdict
from engine.bilingual import Bilingual

WHY = Bilingual("the numbers that went in are not in the trace", "输入的数值不在记录中")
FOUND = Verdict(4, "AddmmBackward0", Bilingual("gradients of linear", "linear 的梯度"), Answer.CANNOT_CHECK, WHY)


def test_the_reason_is_in_english() -> None:
    assert verdict_sentence(FOUND).endswith("cannot be checked. (the numbers that went in are not in the trace)")


@pytest.mark.usefixtures("chinese")
def test_the_reason_is_in_chinese() -> None:
    assert verdict_sentence(FOUND).startswith("linear 的梯度")
    assert verdict_sentence(FOUND).endswith("（输入的数值不在记录中）")
