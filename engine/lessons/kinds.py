"""The table of kinds of questions: what is right, from the run's own numbers, and how an answer is read and marked."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..analysis.notation.numbers import format_number
from ..bilingual import Bilingual
from ..errors import GradstepError
from ..events import Kind as EventKind
from .expressions import parse_expression, shown
from .languages import Words
from .lesson import Question
from .marks import Mark, Option, Truth, agrees, chosen_option, number_in, shape_in
from .moments import Moment
from .slips import known_slips

YES, NO = Option("yes", Words("yes", "会")), Option("no", Words("no", "不会"))
SIGNS = (
    Option("+", Words("positive", "正")),
    Option("-", Words("negative", "负")),
    Option("0", Words("zero", "零")),
)
SIZES = (
    Option("bigger", Words("bigger", "更大")),
    Option("smaller", Words("smaller", "更小")),
    Option("same", Words("the same", "一样")),
)
TRANSPOSED, UNBATCHED = "transposed", "dimension-missing"
SHAPE_SLIPS = {
    TRANSPOSED: Words("These are the right sizes in the wrong order: it is the transpose.",
                      "大小对了，次序反了：这是它的转置。"),
    UNBATCHED: Words("A dimension is missing or too many.", "少了或多了一个维度。"),
}  # fmt: skip

_SAME = 1e-9
_SHOWN_DIGITS = 4
_MOST_NEXT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question. needs: the fields that it must have. how: how to answer.

    truth: what is right at a moment, with the number of options that the text has. Raises GradstepError with a
    sentence where the run does not tell. mark: of an answer's text. is_marked: whether it counts.
    """

    name: str
    needs: tuple[str, ...]
    how: Words
    truth: Callable[[Question, Moment, int], Truth]
    mark: Callable[[Question, Truth, str], Mark]
    is_marked: bool = True


def _number_truth(question: Question, moment: Moment, _: int) -> Truth:
    number = _number(moment, question.answer)
    asked = parse_expression(question.answer)
    symbol = asked.watch.text if asked.iteration is None else ""
    own: list[tuple[str, float | str]] = []
    for slip in question.slips:
        found = moment.ask(slip.value, revealed=True).number
        if found is not None:
            own.append((slip.id, found))
    slips = (*own, *known_slips(moment, symbol, number))
    return Truth(number, format_number(number, asked.digits or _SHOWN_DIGITS), symbol, slips=slips)


def _mark_number(question: Question, truth: Truth, text: str) -> Mark:
    given = number_in(text)
    if given is None or not isinstance(truth.answer, float):
        return Mark(False)
    written = format_number(given, 10)
    if agrees(given, truth.answer, question.tolerance, text):
        return Mark(True, given=written)
    for name, wrong in truth.slips:
        is_other = isinstance(wrong, float) and not agrees(wrong, truth.answer, question.tolerance)
        if is_other and isinstance(wrong, float) and agrees(given, wrong, question.tolerance, text):
            return Mark(False, name, written)
    return Mark(False, given=written)


def _sign_truth(question: Question, moment: Moment, _: int) -> Truth:
    number = _number(moment, question.answer)
    option = SIGNS[2] if number == 0 else SIGNS[0] if number > 0 else SIGNS[1]
    return Truth(option.key, format_number(number, _SHOWN_DIGITS), question.answer, SIGNS, _words(question))


def _size_truth(question: Question, moment: Moment, _: int) -> Truth:
    one, other = _number(moment, question.answer), _number(moment, question.than)
    is_same = math.isclose(one, other, rel_tol=_SAME, abs_tol=0.0)
    option = SIZES[2] if is_same else SIZES[0] if one > other else SIZES[1]
    text = f"{format_number(one, _SHOWN_DIGITS)} / {format_number(other, _SHOWN_DIGITS)}"
    return Truth(option.key, text, "", SIZES, _words(question))


def _shape_truth(question: Question, moment: Moment, _: int) -> Truth:
    found = moment.ask(question.answer, revealed=True)
    if found.result is None:
        raise GradstepError(found.reason)
    shape = tuple(np.shape(found.result))
    return Truth(shape, str(list(shape)), question.answer)


def _mark_shape(_: Question, truth: Truth, text: str) -> Mark:
    given = shape_in(text)
    if given is None or not isinstance(truth.answer, tuple):
        return Mark(False)
    written = str(list(given))
    if given == truth.answer:
        return Mark(True, given=written)
    if given == truth.answer[::-1]:
        return Mark(False, TRANSPOSED, written)
    longer, shorter = sorted((given, truth.answer), key=len, reverse=True)
    is_part = len(longer) == len(shorter) + 1 and shorter in (longer[1:], longer[:-1])
    return Mark(False, UNBATCHED if is_part else "", written)


def _next_truth(question: Question, moment: Moment, _: int) -> Truth:
    """The name of the event that is about to happen, among others of the same phase."""
    event = moment.trace.event(moment.position)
    if event is None:
        raise GradstepError(Bilingual("Nothing comes next: the run ends here.", "接下来没有了：运行到此结束。"))
    alike = [one.name for one in moment.trace.events(moment.iteration) if one.phase == event.phase]
    if event.kind == EventKind.OP:
        alike = [name for name in alike if not name.endswith("Backward0")]
    wanted = [slip.value for slip in question.slips if slip.value in alike and slip.value != event.name]
    names = [name for name in dict.fromkeys(alike) if name not in (event.name, *wanted)]
    drawn = random.Random(question.id)
    room = max(0, _MOST_NEXT - 1 - len(wanted))
    chosen = [event.name, *wanted, *drawn.sample(names, min(len(names), room))]
    drawn.shuffle(chosen)
    return Truth(event.name, event.name, "", tuple(Option(name) for name in chosen), _words(question))


def _changes_truth(question: Question, moment: Moment, _: int) -> Truth:
    before = moment.ask(question.answer, revealed=False)
    after = moment.ask(question.answer, revealed=True)
    if before.result is None and after.result is None and "None" not in after.reason.english:
        raise GradstepError(after.reason)
    if before.result is None or after.result is None:
        is_same = (before.result is None) == (after.result is None)
    else:
        is_same = bool(np.array_equal(np.asarray(before.result), np.asarray(after.result), equal_nan=True))
    texts = ["None" if found.result is None else shown(found, None).english for found in (before, after)]
    return Truth((NO if is_same else YES).key, " → ".join(texts), question.answer, (YES, NO), _words(question))


def _choice_truth(question: Question, moment: Moment, count: int) -> Truth:
    if not 1 <= question.right <= count:
        raise GradstepError(
            Bilingual(
                f"The right answer is number {question.right}, and there are {count}.",
                f"正确答案是第 {question.right} 个，而总共只有 {count} 个。",
            )
        )
    if question.proof:
        proof = moment.ask(question.proof, revealed=True)
        if proof.number is None or not proof.number:
            found = proof.text()
            reason = proof.reason or Bilingual(f"it is {found.english}", f"它是 {found.chinese}")
            raise GradstepError(
                Bilingual(
                    f"The run does not show {question.proof!r}: {reason.english}",
                    f"这次运行没有显示 {question.proof!r}：{reason.chinese}",
                )
            )
    options = tuple(Option(str(n + 1)) for n in range(count))
    return Truth(str(question.right), str(question.right), "", options, _words(question))


def _mark_option(_: Question, truth: Truth, text: str) -> Mark:
    option = chosen_option(text, truth.options)
    if option is None:
        return Mark(False)
    if option.key == truth.answer:
        return Mark(True, given=option.key)
    slip = next((name for name, wrong in truth.slips if str(wrong).lower() == option.key.lower()), "")
    return Mark(False, slip, option.key)


def _words_truth(_: Question, __: Moment, ___: int) -> Truth:
    return Truth(None, "")


def _mark_words(_: Question, __: Truth, text: str) -> Mark:
    return Mark(None, given=" ".join(text.split()))


def _words(question: Question) -> tuple[tuple[str, float | str], ...]:
    return tuple((slip.id, slip.value) for slip in question.slips)


def _number(moment: Moment, text: str) -> float:
    found = moment.ask(text, revealed=True)
    number = found.number
    if number is None:
        raise GradstepError(found.reason or Bilingual(f"{text} is not one number.", f"{text} 不是单个数。"))
    if not math.isfinite(number):
        said = found.text()
        raise GradstepError(Bilingual(f"{text} is {said.english} here.", f"{text} 在这里是 {said.chinese}。"))
    return number


_CHOOSE = Words("choose one", "选一个")
_ROWS = (
    Kind("number", ("answer",), Words("a number", "填一个数"), _number_truth, _mark_number),
    Kind("sign", ("answer",), Words("+, - or 0", "+、- 或 0"), _sign_truth, _mark_option),
    Kind("size", ("answer", "than"), Words("bigger, smaller or same", "更大、更小或一样"), _size_truth, _mark_option),
    Kind("shape", ("answer",), Words("a shape, such as 3x4", "填形状，例如 3x4"), _shape_truth, _mark_shape),
    Kind("next", (), _CHOOSE, _next_truth, _mark_option),
    Kind("changes", ("answer",), Words("yes or no", "会或不会"), _changes_truth, _mark_option),
    Kind("choose", ("right",), _CHOOSE, _choice_truth, _mark_option),
    Kind(
        "words",
        (),
        Words("in your own words; nobody marks it", "用自己的话写，不评分"),
        _words_truth,
        _mark_words,
        False,
    ),
)

KINDS: Mapping[str, Kind] = {row.name: row for row in _ROWS}
"""All kinds by name."""
