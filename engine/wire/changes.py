"""Changes that a script can be run again with, without editing its text: which there are, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..bilingual import Bilingual
from ..errors import GradstepError

OPTIMIZERS: dict[str, tuple[str, dict[str, float | bool]]] = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "rmsprop": ("RMSprop", {}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "adamax": ("Adamax", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "rprop": ("Rprop", {}),
    "lbfgs": ("LBFGS", {}),
}
"""What an optimizer can be changed to -> class in torch.optim, and the settings that make it that."""

ACTIVATIONS = (
    *("relu", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus", "softsign"),
    *("sigmoid", "tanh", "hardtanh", "hardsigmoid", "hardswish", "relu6", "logsigmoid"),
)

LOSSES: dict[str, tuple[str, str]] = {
    "mse": ("mse_loss", "numbers"),
    "half_mse": ("mse_loss", "numbers"),
    "l1": ("l1_loss", "numbers"),
    "smooth_l1": ("smooth_l1_loss", "numbers"),
    "huber": ("huber_loss", "numbers"),
    "bce": ("binary_cross_entropy", "numbers"),
    "bce_with_logits": ("binary_cross_entropy_with_logits", "numbers"),
    "cross_entropy": ("cross_entropy", "classes"),
    "multi_margin": ("multi_margin_loss", "classes"),
}
"""What a loss can be changed to -> function in torch.nn.functional, and what its targets are."""

HALVED = ("half_mse",)
"""Of these losses one half is taken, as textbooks write the quadratic cost."""

SETTINGS = ("lr", "momentum", "weight_decay")
"""Settings of optimizers that can be changed."""

CHANGEABLE = ("optimizer", *SETTINGS, "loss", "activation", "output", "seed")


@dataclass(frozen=True, slots=True)
class Change:
    """what: one of CHANGEABLE, or the name of the activation that alone is changed. to: a name or a number, as text."""

    what: str
    to: str

    @property
    def text(self) -> str:
        """As it is written: "lr=0.1"."""
        return f"{self.what}={self.to}"

    @property
    def number(self) -> float:
        """What a setting is changed to."""
        return float(self.to)


def change_of(text: str) -> Change:
    """Understands "lr=0.1", "optimizer=adam", "relu=tanh". Raises GradstepError with what there is to choose from."""
    what, sign, to = (part.strip() for part in text.partition("="))
    if not sign or not what or not to:
        raise GradstepError(
            Bilingual(f"{text} is no change.", f"{text} 不是一种改变。"),
            Bilingual("Write it as in lr=0.1 or activation=tanh.", "请这样写：lr=0.1 或 activation=tanh。"),
        )
    if what == "seed":
        return Change(what, _whole(text, to))
    if what in SETTINGS:
        return Change(what, _number(text, to))
    if what == "optimizer":
        return Change(what, _one_of(to.lower(), OPTIMIZERS, Bilingual("optimizer", "优化器")))
    if what == "loss":
        return Change(what, _one_of(to.removesuffix("_loss"), LOSSES, Bilingual("loss", "损失")))
    if what in ("activation", "output") or what in ACTIVATIONS:
        return Change(what, _one_of(to, ACTIVATIONS, Bilingual("activation", "激活函数")))
    raise GradstepError(
        Bilingual(f"{what} cannot be changed.", f"{what} 不能改变。"),
        Bilingual(
            f"These can: {', '.join(CHANGEABLE)}, or one activation as in relu=tanh.",
            f"可以改变的有：{'、'.join(CHANGEABLE)}，或单个激活函数，例如 relu=tanh。",
        ),
    )


def changes_of(texts: tuple[str, ...]) -> tuple[Change, ...]:
    """Several, none of them twice. Raises GradstepError."""
    found = tuple(change_of(text) for text in texts)
    for i, one in enumerate(found):
        if any(one.what == other.what for other in found[:i]):
            raise GradstepError(
                Bilingual(f"{one.what} is changed twice.", f"{one.what} 被改变了两次。"),
                Bilingual("Give each change once.", "每种改变请只给一次。"),
            )
    return found


def _one_of(to: str, known: Iterable[str], kind: Bilingual) -> str:
    names = tuple(known)
    if to in names:
        return to
    one = f"{'an' if kind.english[0] in 'aeiou' else 'a'} {kind.english}"
    one_zh = f"一种{kind.chinese}"
    raise GradstepError(
        Bilingual(f"There is no {kind.english} {to} to change to.", f"没有名为 {to} 的{kind.chinese}可以换用。"),
        Bilingual(f"Choose {one}: {', '.join(names)}.", f"请选择{one_zh}：{'、'.join(names)}。"),
    )


def _number(text: str, to: str) -> str:
    try:
        number = float(to)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise GradstepError(
            Bilingual(f"{text}: {to} is not a number from 0 on.", f"{text}：{to} 不是大于或等于 0 的数。"),
            Bilingual("Write it as in lr=0.1.", "请这样写：lr=0.1。"),
        )
    return to


def _whole(text: str, to: str) -> str:
    if not to.isdecimal() or int(to) >= 1 << 64:
        raise GradstepError(
            Bilingual(
                f"{text}: a seed is a whole number from 0 to 2^64 - 1.", f"{text}：种子是 0 到 2^64 - 1 的整数。"
            ),
            Bilingual("Write it as in seed=3.", "请这样写：seed=3。"),
        )
    return to
