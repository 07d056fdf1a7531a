"""What a card of the glossary says, and how a row of it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ..analysis.notation.expression import EquationLine
from ..analysis.notation.reading import read
from ..bilingual import NOTHING, Bilingual

Pair = tuple[str, str]
"""In English, in Simplified Chinese."""


class Group(Enum):
    """Where a card stands in the list; in the order of the list."""

    NUMBERS = Bilingual("Numbers of a network", "网络里的数")
    GRADIENTS = Bilingual("Gradients", "梯度")
    AUTOGRAD = Bilingual("Autograd", "自动微分")
    TRAINING = Bilingual("Training", "训练")
    OPTIMIZERS = Bilingual("Optimizers", "优化器")
    SHAPES = Bilingual("Shapes and types", "形状与类型")
    ACTIVATIONS = Bilingual("Activations", "激活函数")
    LOSSES = Bilingual("Losses", "损失函数")
    LAYERS = Bilingual("Layers", "层")
    IMAGES = Bilingual("Layers for images", "用于图像的层")
    SEQUENCES = Bilingual("Layers for sequences", "用于序列的层")
    TRACING = Bilingual("Words of Gradstep", "Gradstep 的用语")
    OPERATIONS = Bilingual("All operations", "所有运算")


@dataclass(frozen=True, slots=True)
class Card:
    """One word.

    key: its name in code ("grad_z"). symbol: as the window writes it ("∂C/∂z"), "" if it has none. name: what it is
    called. sentence: what it means. more: what to watch for. formula, derivative: lines as `notation.reading` reads
    them; the derivative is the local one. shapes: "what goes in → what comes out; parameters". picture: the name of a
    drawing, with what it is of behind a colon ("curve:relu"), "" for none. related: keys of cards near it. ops: names
    of what a program calls it by: events, modules, autograd nodes. belief: what is often believed of it ("M1"), or "".
    said: how texts speak of it, forms with | between them; "" for a word that also means something else.
    """

    key: str
    group: Group
    name: Bilingual
    sentence: Bilingual
    more: Bilingual
    symbol: str = ""
    formula: tuple[str, ...] = ()
    derivative: tuple[str, ...] = ()
    shapes: str = ""
    picture: str = ""
    related: tuple[str, ...] = ()
    ops: tuple[str, ...] = ()
    belief: str = ""
    said: Bilingual = NOTHING

    @property
    def formula_lines(self) -> tuple[EquationLine, ...]:
        """The formula, to be painted."""
        return tuple(EquationLine(read(line)) for line in self.formula)

    @property
    def derivative_lines(self) -> tuple[EquationLine, ...]:
        """The local derivative, to be painted."""
        return tuple(EquationLine(read(line)) for line in self.derivative)

    @property
    def one_line_formula(self) -> str:
        """Its formula as text, "" if it has none or needs several lines."""
        return self.formula[0] if len(self.formula) == 1 else ""


def card(
    key: str,
    name: Pair,
    sentence: Pair,
    more: Pair,
    *,
    symbol: str = "",
    formula: tuple[str, ...] = (),
    derivative: tuple[str, ...] = (),
    shapes: str = "",
    picture: str = "",
    see: str = "",
    ops: str = "",
    belief: str = "",
    said: Pair = ("", ""),
) -> Card:
    """A row of a group. see, ops: with spaces between them."""
    return Card(
        key, Group.TRACING, Bilingual(*name), Bilingual(*sentence), Bilingual(*more), symbol, formula, derivative,
        shapes, picture, tuple(see.split()), tuple(ops.split()), belief, Bilingual(*said),
    )  # fmt: skip


def grouped(group: Group, *cards: Card) -> tuple[Card, ...]:
    """The rows of a group, in the order of the list."""
    return tuple(replace(one, group=group) for one in cards)
