"""Rules of optimizers as formulas, and the two pages that they are written on; see NOTE [One formula, two pages]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ....bilingual import NOTHING, Bilingual, sentences
from ...notation.expression import Equals, EquationLine, Expression, Number, Symbol
from ..call import Array, UnfitError
from ..case import MissingNumbersError, Update, Worked
from ..rule import Step, UpdateRule
from .paper import Quantity, Term, complement, term

_DIGITS = 10
_FEWER_DIGITS = 7
"""Digits of what a formula comes to, in double and in single precision."""


class Page:
    """What a rule reads from, and writes what it finds on the way. settings: the optimizer's, as recorded."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.note = NOTHING

    @property
    def weight(self) -> Quantity:
        """The parameter before the step."""
        raise NotImplementedError

    @property
    def gradient(self) -> Quantity:
        """What the optimizer read."""
        raise NotImplementedError

    def setting(self, name: str, letter: str | Symbol, default: float = 0.0, place: int | None = None) -> Quantity:
        """A setting by its name, written as a letter. place: which number of a pair (betas)."""
        found: Any = self.settings.get(name, default)
        if place is not None and isinstance(found, list | tuple):
            found = found[place]
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise UnfitError(f"its setting {name} is not a number", f"它的设置 {name} 不是一个数")
        return self.plain(found, letter)

    def plain(self, x: float, letter: str | Symbol) -> Quantity:
        """A plain number under a letter."""
        raise NotImplementedError

    def state(self, name: str, letter: str | Symbol, start: Quantity = 0.0) -> Quantity:
        """The optimizer's state before the step, written as "letter old"; `start` where there was none yet."""
        raise NotImplementedError

    def has(self, name: str) -> bool:
        """Whether there was such a state before the step."""
        raise NotImplementedError

    def let(self, letter: str | Symbol, found: Quantity, caption: Bilingual = NOTHING) -> Quantity:
        """Writes a line "letter = ..." and goes on with the letter."""
        return found

    def flag(self, name: str) -> bool:
        """A setting that is on or off."""
        return bool(self.settings.get(name))

    def count(self) -> Quantity:
        """The number of the step, from 1."""
        if not self.has("step") and "state.step" in self.settings:
            before = float(self.settings["state.step"])
        else:
            before = self._count_before()
        self.note = Bilingual(f"Step {before + 1:g} of the optimizer.", f"优化器的第 {before + 1:g} 步。")
        return self.plain(before + 1, "t")

    def _count_before(self) -> float:
        raise NotImplementedError


class ArrayPage(Page):
    """A page of whole arrays in float64. Raises UnfitError where there was no gradient, or complex numbers."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.settings)
        self._step = step
        if np.iscomplexobj(step.old):
            raise UnfitError("its numbers are complex", "它的数值是复数")

    @property
    def weight(self) -> Array:
        """The whole parameter."""
        return self._step.old

    @property
    def gradient(self) -> Array:
        """The whole gradient."""
        if self._step.gradient is None:
            raise UnfitError("the gradient that it read is not in the trace", "它所用的梯度不在记录中")
        return self._step.gradient

    def plain(self, x: float, letter: str | Symbol) -> Quantity:
        """The number."""
        return x

    def state(self, name: str, letter: str | Symbol, start: Quantity = 0.0) -> Quantity:
        """The whole array; a single number where there was none."""
        return self._step.state.get(name, start)

    def has(self, name: str) -> bool:
        """Whether there was such a state before the step."""
        return name in self._step.state

    def _count_before(self) -> float:
        found = self._step.state.get("step")
        return 0.0 if found is None else float(found.reshape(-1)[0])


class WrittenPage(Page):
    """A page on which a formula is written down; its lines are what leads to the answer."""

    def __init__(self, settings: Mapping[str, Any], digits: int = _DIGITS) -> None:
        super().__init__(settings)
        self.lines: list[EquationLine] = []
        self.digits = digits

    def plain(self, x: float, letter: str | Symbol) -> Term:
        """The letter, and the number."""
        number = Number(int(x) if float(x).is_integer() and abs(x) < 1e9 else x)
        return Term(_symbol(letter), number, np.float64(x))

    def let(self, letter: str | Symbol, found: Quantity, caption: Bilingual = NOTHING) -> Term:
        """Adds a line, once: letter = symbols = numbers = result."""
        written = term(found)
        symbol, result = _symbol(letter), Number(written.value, self.digits)
        parts: list[Expression] = [symbol, written.symbols, written.numbers, result]
        parts = [part for i, part in enumerate(parts) if i == 3 or not _alike(part, parts[i + 1])]
        line = EquationLine(Equals(tuple(parts)), caption)
        if line not in self.lines:
            self.lines.append(line)
        return Term(symbol, result, written.value)

    def worked(self, found: Quantity) -> Worked:
        """The answer, after the lines that lead to it."""
        answer = term(found)
        return Worked(answer.symbols, answer.numbers, float(answer.value), before=tuple(self.lines), note=self.note)


class ElementPage(WrittenPage):
    """A page about one element of a parameter."""

    def __init__(self, case: Update) -> None:
        super().__init__(case.settings, _DIGITS if case.old.array.dtype == np.float64 else _FEWER_DIGITS)
        self.case = case
        if np.iscomplexobj(case.old.array):
            raise UnfitError("its numbers are complex", "它的数值是复数")

    @property
    def weight(self) -> Term:
        """The element of the parameter."""
        return Term(self.case.old.at(self.case.index), self.case.old.number(self.case.index), self._at(self.case.old))

    @property
    def gradient(self) -> Term:
        """The element of the gradient."""
        found = self.case.gradient
        if found is None:
            raise MissingNumbersError("gradient")
        return Term(found.at(self.case.index), found.number(self.case.index), self._at(found))

    def _at(self, operand: Any) -> np.float64:
        return np.float64(operand.value_at(self.case.index if operand.array.ndim else ()))

    def state(self, name: str, letter: str | Symbol, start: Quantity = 0.0) -> Term:
        """The element of the state."""
        held = self.case.before.get(name)
        if held is None:
            begun = term(start)
            return Term(_old(letter), begun.numbers, begun.value)
        return self.before(letter, float(self._at(held)))

    def before(self, letter: str | Symbol, value: float) -> Term:
        """A number of the state before the step."""
        return Term(_old(letter), Number(value, self.digits), np.float64(value))

    def has(self, name: str) -> bool:
        """Whether there was such a state before the step."""
        return name in self.case.before

    def _count_before(self) -> float:
        found = self.case.before.get("step")
        return 0.0 if found is None else float(found.wide.reshape(-1)[0])


def _symbol(letter: str | Symbol) -> Symbol:
    return Symbol(letter) if isinstance(letter, str) else letter


def _old(letter: str | Symbol) -> Symbol:
    return replace(_symbol(letter), subscript="old")


def _alike(one: Expression, other: Expression) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        return one.value == other.value
    return one == other


class Formula(UpdateRule):
    """A rule that is one formula; a subclass says `follow`."""

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """The parameter after the step under "value", and the state after it by name."""
        raise NotImplementedError

    def step(self, step: Step) -> Mapping[str, Array]:
        """The formula on whole arrays."""
        with np.errstate(all="ignore"):
            found = self.follow(ArrayPage(step))
        return {name: np.asarray(array, dtype=np.float64) for name, array in found.items()}

    def equation(self, case: Update) -> Worked:
        """The formula at one element."""
        page = ElementPage(case)
        with np.errstate(all="ignore"):
            return page.worked(self.follow(page)["value"])


def descent(page: Page, decay: bool = True) -> Quantity:
    """The gradient that a rule works with: unscaled, turned if it maximizes, with weight decay as a part of it.

    decay: whether the rule knows weight decay that is not decoupled.
    """
    g = page.gradient
    scale = page.settings.get("grad_scale")
    if scale is not None:
        g = page.let(
            "g",
            g / page.plain(float(scale), Symbol("s")),
            Bilingual("The scale of the loss is taken out.", "除去损失的缩放倍数。"),
        )
    decays = decay and page.settings.get("weight_decay") and not page.flag("decoupled_weight_decay")
    if page.flag("maximize"):
        g = -g
    if decays:
        g = g + page.setting("weight_decay", "λ") * page.weight
    if not decays and not page.flag("maximize"):
        return g
    said = (
        [Bilingual("It maximizes, so it goes up the gradient.", "这是最大化，因此沿梯度方向上升。")]
        if page.flag("maximize")
        else []
    )
    said += [Bilingual("Weight decay pulls towards 0.", "权重衰减把它拉向 0。")] if decays else []
    return page.let("g", g, sentences(*said))


def decayed(page: Page, rate: Quantity, decoupled: bool = True) -> Quantity:
    """The parameter, made smaller by decoupled weight decay: (1 - η λ) w."""
    if not decoupled or not page.settings.get("weight_decay"):
        return page.weight
    return (1 - rate * page.setting("weight_decay", "λ")) * page.weight


def average(
    page: Page, name: str, letter: str | Symbol, share: Quantity, new: Quantity, caption: Bilingual = NOTHING
) -> Quantity:
    """A running average: share·old + (1 - share)·new."""
    return page.let(letter, share * page.state(name, letter) + complement(share) * new, caption)
