"""Wrong numbers that are known by name: a sign turned round, a factor of two, a derivative forgotten.

A row says for which quantities it is, and what the number then is, as an expression over the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .languages import Words
from .moments import Moment


@dataclass(frozen=True, slots=True)
class KnownSlip:
    """key: its name. quantity: a pattern of symbols, of which \\1 is the layer's number. wrong: expressions.

    `truth` stands for the right number; {n} for the layer, {m} for the next, {p} for the one before.
    """

    key: str
    words: Words
    wrong: tuple[str, ...]
    quantity: str = ".*"


_ROWS = (
    KnownSlip("forgot-slope",
        Words("That is the gradient of a, still without the slope: multiply it by the local derivative.",
              "这还是对 a 的梯度，少乘了局部导数（斜率）。"),
        ("dC/da{n}",), r"dC/dz(\d+)"),
    KnownSlip("only-slope",
        Words("That is the local derivative alone: multiply it by the gradient that arrives.",
              "这只是局部导数，还要乘上传过来的梯度。"),
        ("{slope}",), r"dC/dz(\d+)"),
    KnownSlip("forgot-input",
        Words("That is the gradient of z. A weight's gradient is that times the weight's input.",
              "这是对 z 的梯度。权重的梯度还要乘上这条权重的输入。"),
        ("dC/dz{n}",), r"dC/dw(\d+)"),
    KnownSlip("own-output",
        Words("You multiplied by what the layer puts out; a weight's gradient takes what comes into it.",
              "你乘的是这一层的输出；权重的梯度要乘的是进入这一层的输入。"),
        ("dC/dz{n} * a{n}",), r"dC/dw(\d+)"),
    KnownSlip("bias-like-weight",
        Words("That is the weight's gradient. A bias has no input to be multiplied by, as it is added as it is.",
              "这是权重的梯度。偏置是直接加上去的，不用乘输入。"),
        ("dC/dw{n}",), r"dC/db(\d+)"),
    KnownSlip("forgot-weight",
        Words("That is the gradient of the next z. On the way back it is multiplied by the weight between.",
              "这是下一层 z 的梯度。往回传时还要乘上中间那条权重。"),
        ("dC/dz{m}",), r"dC/da(\d+)"),
    KnownSlip("forgot-bias",
        Words("The bias is missing: z is the weighted input plus b.", "少加了偏置：z 是加权输入再加 b。"),
        ("truth - b{n}",), r"z(\d+)"),
    KnownSlip("bias-turned",
        Words("The bias has the wrong sign: it is added as it is.", "偏置的符号反了：应当原样加上。"),
        ("truth - 2 * b{n}",), r"z(\d+)"),
    KnownSlip("forgot-activation",
        Words("That is z. The activation function has not been applied yet.", "这是 z，还没有经过激活函数。"),
        ("z{n}",), r"a(\d+)"),
    KnownSlip("slope-of-z",
        Words("You put z where the activation belongs: the slope of σ is a·(1 - a).",
              "你把 z 代进去了，应当代入激活值：σ 的斜率是 a·(1 - a)。"),
        ("z{n} * (1 - z{n})",), r"s'\(z(\d+)\)"),
    KnownSlip("half-slope",
        Words("That is one of its two factors: the slope is a·(1 - a).", "这只是两个因子之一：斜率是 a·(1 - a)。"),
        ("a{n}", "1 - a{n}"), r"s'\(z(\d+)\)"),
    KnownSlip("uphill",
        Words("You added the step. The gradient points uphill, so going down means subtracting.",
              "你把这一步加上去了。梯度指向上坡，下降要减去它。"),
        ("w{n} + lr * dC/dw{n}",), r"new w(\d+)"),
    KnownSlip("uphill",
        Words("You added the step. The gradient points uphill, so going down means subtracting.",
              "你把这一步加上去了。梯度指向上坡，下降要减去它。"),
        ("b{n} + lr * dC/db{n}",), r"new b(\d+)"),
    KnownSlip("no-rate",
        Words("The learning rate is missing: a step is η times the gradient.", "少乘了学习率：一步是 η 乘梯度。"),
        ("w{n} - dC/dw{n}",), r"new w(\d+)"),
    KnownSlip("no-rate",
        Words("The learning rate is missing: a step is η times the gradient.", "少乘了学习率：一步是 η 乘梯度。"),
        ("b{n} - dC/db{n}",), r"new b(\d+)"),
    KnownSlip("not-moved",
        Words("That is the old value: the update has not been made.", "这是旧值，还没有更新。"),
        ("w{n}",), r"new w(\d+)"),
    KnownSlip("not-moved",
        Words("That is the old value: the update has not been made.", "这是旧值，还没有更新。"),
        ("b{n}",), r"new b(\d+)"),
    KnownSlip("not-squared",
        Words("That is the difference; the loss is its square.", "这是差值，损失是它的平方。"),
        ("a2 - t", "t - a2"), "C"),
    KnownSlip("sign",
        Words("The size is right, the sign is not.", "大小对了，符号反了。"), ("-truth",)),
    KnownSlip("factor-2",
        Words("You are off by a factor of 2. Is there a square whose derivative brings a 2, or a half too many?",
              "差了 2 倍。是不是平方求导的 2 漏了，或者多了一个 1/2？"),
        ("2 * truth", "truth / 2", "-2 * truth", "-truth / 2")),
    KnownSlip("decimal-point",
        Words("The figures are right, the decimal point is not.", "数字对了，小数点的位置不对。"),
        ("10 * truth", "truth / 10", "100 * truth", "truth / 100", "1000 * truth", "truth / 1000")),
)  # fmt: skip

SLIPS = {row.key: row.words for row in _ROWS}
"""What is said to each of them."""


def known_slips(moment: Moment, symbol: str, truth: float) -> Iterator[tuple[str, float]]:
    """(key, the number that this slip gives), those of the quantity first. symbol: "dC/dw1", "" for any number."""
    for row in _ROWS:
        found = re.fullmatch(row.quantity, symbol)
        if found is None:
            continue
        layer = int(found[1]) if found.groups() else 0
        for text in row.wrong:
            written = text.replace("{n}", str(layer)).replace("{m}", str(layer + 1)).replace("{p}", str(layer - 1))
            if "{slope}" in written:
                written = written.replace("{slope}", f"s'(z{layer})")
            number = moment.ask(written.replace("truth", f"({truth!r})"), revealed=True).number
            if number is not None:
                yield row.key, number
