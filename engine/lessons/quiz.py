"""Questions made from any run's own numbers: "quiz me on this pass". The result is a lesson like any other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..analysis.quantities import Quantity, quantities
from ..bilingual import Bilingual
from ..counting import from_one
from ..errors import GradstepError
from ..events import Phase
from ..trace.reader import Trace
from .blanks import worked
from .languages import CHINESE, LANGUAGES, Words
from .lesson import Asked, Asking, Lesson, Part, Question, Run, Step, Stop, Text, Where

RUN = "run"
USUAL_COUNT = 10
_FULL_FORMULAS_UP_TO = 3
_LONGEST_FORMULA = 160

_TITLE = Words("Questions on iteration {n}", "第 {n} 次迭代的小测验")
_SUMMARY = Words(
    "Made from the numbers of this run. Answer first, then look.", "题目取自这次运行自己的数。先回答，再看结果。"
)
_NUMBER = Words("How large is {symbol}?", "{symbol} 等于多少？")
_FORMULA = Words("{symbol} = {formula}. How large is it?", "{symbol} = {formula}。等于多少？")
_SIGN = Words("What is the sign of {symbol}?", "{symbol} 是什么符号？")
_SHAPE = Words("What shape has {symbol}?", "{symbol} 是什么形状？")
_SIZE = Words(
    "∂C/∂{symbol} is {{ {gradient} }}. Is the new {symbol} bigger or smaller than the old one?",
    "∂C/∂{symbol} 是 {{ {gradient} }}。新的 {symbol} 比原来更大还是更小？",
)
_SIZE_WHY = Words(
    "The update goes against the gradient: from {{ {symbol} }} to {{ new {symbol} }}.",
    "更新逆着梯度走：从 {{ {symbol} }} 变到 {{ new {symbol} }}。",
)
_BOX = Words("During the backward pass: does `{name}.grad` change?", "反向传播时，`{name}.grad` 会变吗？")
_BOX_WHY = Words(
    "A backward pass adds to the boxes of the leaves that the loss depends on.",
    "反向传播会往损失所依赖的叶子节点的盒子里累加。",
)
_STAYS = Words("During the backward pass: does `{name}` itself change?", "反向传播时，`{name}` 本身会变吗？")
_STAYS_WHY = Words(
    "A backward pass only finds gradients. Moving is the update's business.", "反向传播只求梯度，移动参数是更新的事。"
)
_NEXT = Words("Which node runs first in the backward pass?", "反向传播时哪个节点最先运行？")
_NEXT_WHY = Words("It begins at the end of the forward pass.", "它从前向传播的末尾开始。")


@dataclass(frozen=True, slots=True)
class _Made:
    """A question with its words. level: from which it is asked. order: where in the pass it belongs."""

    question: Question
    where: Where
    level: int
    order: float
    prompt: Words
    why: Words
    heading: str


def quiz_of(trace: Trace, iteration: int = 0, level: int = 2, seed: int = 0, count: int = USUAL_COUNT) -> Lesson:
    """At most `count` questions on one iteration, in its order, drawn by the seed.

    level: 1 asks for signs, directions and what changes; 2 also for shapes and what comes next; 3 also for the numbers
    of the forward pass, with the formula filled in; 4 for all numbers, by the formula alone. Raises GradstepError
    where nothing can be asked.
    """
    found = [made for made in _possible(trace, iteration, level) if made.level <= level]
    if not found:
        raise GradstepError(
            Bilingual(
                f"Nothing can be asked about iteration {from_one(iteration)} at level {level}.",
                f"关于第 {from_one(iteration)} 次迭代，级别 {level} 没有什么可问的。",
            ),
            Bilingual(
                "Choose an iteration with a forward and a backward pass, and a level from 1 to 4.",
                "请选择有前向和反向传播的一次迭代，以及 1 到 4 的级别。",
            ),
        )
    drawn = random.Random(f"{seed} {iteration} {level}").sample(found, min(count, len(found)))
    drawn.sort(key=lambda made: made.order)
    script = Path(str(trace.meta().get("script", trace.path)))
    return Lesson(
        name=f"quiz-{trace.path.stem}",
        number=0,
        folder=trace.path.parent,
        minutes=len(drawn),
        asking=Asking.OPTIONAL,
        table="",
        table_iteration=iteration,
        runs=(Run(RUN, script),),
        stops=tuple(
            Stop(made.question.id, Step.PREDICT, RUN, made.where, "equation", (), (made.question,)) for made in drawn
        ),
        texts={language: _text(drawn, iteration, language, trace.path) for language in LANGUAGES},
    )


def _text(drawn: list[_Made], iteration: int, language: str, file: Path) -> Text:
    return Text(
        language=language,
        file=file,
        title=_TITLE.say(language, n=from_one(iteration)),
        summary=_SUMMARY.say(language),
        goals=(),
        teacher="",
        stops={made.question.id: Part(made.heading, "", 0) for made in drawn},
        questions={
            made.question.id: Asked(made.heading, made.prompt.say(language), (), made.why.say(language), 0)
            for made in drawn
        },
        slips={},
    )


def _possible(trace: Trace, iteration: int, level: int) -> Iterator[_Made]:
    found = quantities(trace, iteration)
    seen: set[str] = set()
    for one in found:
        if one.symbol in seen or not one.symbol:
            continue
        seen.add(one.symbol)
        yield from _of_quantity(trace, iteration, one, level)
    backward = next((one for one in found if one.phase == Phase.BACKWARD), None)
    if backward is not None:
        yield from _of_boxes(trace, iteration, backward.index - 0.5)


def _of_quantity(trace: Trace, iteration: int, one: Quantity, level: int) -> Iterator[_Made]:
    array = one.array(trace)
    if array is None or array.dtype.kind not in "fiu":
        return
    where, symbol = Where(iteration, quantity=one.symbol), f"`{one.symbol}`"
    name = _key(one)
    equation = _worked(trace, one)
    why = (
        Words(equation, equation)
        if equation
        else Words(f"{one.text} = {{{{ {symbol} | 6 }}}}", f"{one.text} = {{{{ {symbol} | 6 }}}}")
    )
    place = float(one.index)
    if array.size > 1:
        if one.phase != Phase.UPDATE:
            question = Question(f"shape-{name}", "shape", symbol, beliefs=("M23",))
            yield _Made(question, where, 2, place, _put(_SHAPE, one), why, one.text)
        return
    if array.size != 1 or not np.isfinite(array).all():
        return
    if one.phase == Phase.UPDATE:
        parameter = one.symbol.removeprefix("new ")
        question = Question(f"move-{name}", "size", symbol, f"`{parameter}`", beliefs=("M4",))
        prompt = _words(_SIZE, symbol=parameter, gradient=f"dC/d{parameter}")
        yield _Made(question, where, 1, place, prompt, _words(_SIZE_WHY, symbol=parameter), one.text)
    elif one.phase == Phase.BACKWARD and one.value is not None:
        yield _Made(
            Question(f"sign-{name}", "sign", symbol, beliefs=("M4",)), where, 1, place, _put(_SIGN, one), why, one.text
        )
    formula = _formula(trace, one, level)
    prompt = _words(_FORMULA, symbol=one.text, formula=formula) if formula else _put(_NUMBER, one)
    from_level = 3 if one.phase == Phase.FORWARD else 4
    tolerance = 0.0001 if one.phase == Phase.UPDATE else 0.01
    yield _Made(
        Question(f"number-{name}", "number", symbol, tolerance=tolerance),
        where,
        from_level,
        place + 0.2,
        prompt,
        why,
        one.text,
    )


def _of_boxes(trace: Trace, iteration: int, place: float) -> Iterator[_Made]:
    """Questions on the backward pass as a whole."""
    where = Where(iteration, phase=Phase.BACKWARD.value)
    yield _Made(Question("next-backward", "next", beliefs=("M27",)), where, 2, place, _NEXT, _NEXT_WHY, "backward")
    parameters = [one.name for one in trace.tensors() if one.kind == "parameter" and one.name]
    for name in parameters[:2]:
        box = Question(f"box-{name}", "changes", f"`{name}.grad`", beliefs=("M3",))
        stays = Question(f"stays-{name}", "changes", f"`{name}`", beliefs=("M3",))
        yield _Made(box, where, 1, place + 0.1, _words(_BOX, name=name), _BOX_WHY, f"{name}.grad")
        yield _Made(stays, where, 1, place + 0.2, _words(_STAYS, name=name), _STAYS_WHY, name)


def _key(one: Quantity) -> str:
    """A quantity's symbol as an id."""
    return "".join(letter if letter.isalnum() else "-" for letter in one.symbol).strip("-")


def _put(words: Words, one: Quantity) -> Words:
    return _words(words, symbol=one.text)


def _words(words: Words, **put_in: str) -> Words:
    return Words(words.say("en", **put_in), words.say(CHINESE, **put_in))


def _worked(trace: Trace, one: Quantity) -> str:
    """The equation with its numbers, "" where there is none that can be read."""
    text = worked(trace, one)
    return text if len(text) <= _LONGEST_FORMULA else ""


def _formula(trace: Trace, one: Quantity, level: int) -> str:
    """The equation's right side without the result; at the highest level in symbols only."""
    sides = _worked(trace, one).split(" = ")[1:-1]
    return sides[-1 if level <= _FULL_FORMULAS_UP_TO else 0] if sides else ""
