"""Losses that apply softmax or sigmoid themselves, given what has been through one already; and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import NOTHING, Bilingual, sentence
from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_FIRST = ("0", "input")
_GIVEN = {
    "softmax": Bilingual("probabilities of softmax", " softmax 给出的概率"),
    "sigmoid": Bilingual("outputs of sigmoid", " sigmoid 的输出"),
}


def _inputs(run: Run, names: tuple[str, ...]) -> Iterator[tuple[Event, int]]:
    """Loss ops of these names with the value that they judge; one for each place in the source."""
    seen: set[int | None] = set()
    for event in run.events:
        if event.kind == Kind.OP and event.name in names and event.site not in seen:
            value = next((slot.value for slot in event.inputs if slot.name in _FIRST), None)
            if value is not None:
                seen.add(event.site)
                yield event, value


def _without(run: Run, made: Event) -> Bilingual:
    op = run.op(made)
    return Bilingual(f"The same run without the {op.english}.", f"其他不变，去掉{op.chinese}，再运行一次。")


@rule(
    "double-softmax",
    title=("softmax before cross_entropy", "在 cross_entropy 之前使用了 softmax"),
    why=(
        "cross_entropy applies log_softmax itself; a second softmax squeezes the scores into 0..1, and even a "
        "confident mistake gets almost no gradient.",
        "cross_entropy 自己会做 log_softmax；再做一次会把分数压缩到 0 到 1 之间，即使严重的错误也几乎没有梯度。",
    ),
    attempt=("Give the loss the raw scores.", "把原始分数直接交给损失函数。"),
)
def double_softmax(run: Run) -> Iterator[Seen]:
    """What goes into cross_entropy comes out of an activation that makes probabilities."""
    for event, value in _inputs(run, ("cross_entropy",)):
        made = run.source_of(value)
        if made is None or made.name not in ("softmax", "sigmoid", "log_softmax"):
            continue
        name = _GIVEN.get(made.name, Bilingual("log_softmax", " log_softmax 的结果"))
        sure = {"softmax": Sure.CERTAIN, "sigmoid": Sure.LIKELY}.get(made.name, Sure.MAYBE)
        twice = Bilingual(" (harmless, but done twice)", "（没有害处，但做了两次）")
        tail = twice if made.name == "log_softmax" else NOTHING
        op, at = run.op(event), run.at(made)
        yield Seen(
            sentence(
                f"{op.english} is given the {name.english} from {at.english}{tail.english}.",
                f"{op.chinese} 得到的是{at.chinese}{name.chinese}{tail.chinese}。",
            ),
            sure,
            (event.position, made.position),
            "loss = F.cross_entropy(scores, target)",
            _without(run, made),
        )


@rule(
    "double-sigmoid",
    title=("sigmoid before binary_cross_entropy_with_logits", "在 binary_cross_entropy_with_logits 之前使用了 sigmoid"),
    why=(
        "The loss applies the sigmoid itself; after two, outputs stay between 0.5 and 0.73 and can never be near 0.",
        "该损失自己会做 sigmoid；做两次后输出只能在 0.5 到 0.73 之间，永远无法接近 0。",
    ),
    attempt=("Give it raw scores, or use binary_cross_entropy.", "给它原始分数，或改用 binary_cross_entropy。"),
)
def double_sigmoid(run: Run) -> Iterator[Seen]:
    """What goes into the loss comes out of sigmoid or softmax."""
    for event, value in _inputs(run, ("binary_cross_entropy_with_logits",)):
        made = run.source_of(value)
        if made is not None and made.name in ("sigmoid", "softmax"):
            op, at = run.op(event), run.at(made)
            yield Seen(
                sentence(
                    f"{op.english} is given the outputs of {made.name} from {at.english}.",
                    f"{op.chinese} 得到的是{at.chinese} {made.name} 的输出。",
                ),
                Sure.CERTAIN if made.name == "sigmoid" else Sure.LIKELY,
                (event.position, made.position),
                "loss = F.binary_cross_entropy(output, target)",
                _without(run, made),
            )


@rule(
    "scores-in-nll-loss",
    title=("nll_loss is given something other than log-probabilities", "nll_loss 得到的不是对数概率"),
    why=(
        "nll_loss only picks the target's entry and changes its sign; without log_softmax the loss has no lower limit.",
        "nll_loss 只是取出目标项并变号；没有 log_softmax，损失就没有下限。",
    ),
    attempt=("Use cross_entropy, or log_softmax before it.", "使用 cross_entropy，或在之前加 log_softmax。"),
)
def scores_in_nll_loss(run: Run) -> Iterator[Seen]:
    """The exponentials of what goes in do not add up to one."""
    for event, value in _inputs(run, ("nll_loss",)):
        array = run.array(value)
        if array is None or array.ndim < 2 or not np.isfinite(array).all() or array.dtype.kind != "f":
            continue
        exponentials = np.exp(np.clip(array.astype(float), None, 50.0))
        if np.abs(exponentials.sum(axis=0) - 1).max() <= 0.02:
            continue  # log-probabilities, but over the batch: see softmax-over-batch
        sums = exponentials.sum(axis=1)
        off = float(np.abs(sums - 1).max())
        if off > 0.02:
            made = run.source_of(value)
            op, origin = run.op(event), NOTHING
            if made is not None:
                origin = Bilingual(f", from {run.op(made).english}", f"（来自{run.op(made).chinese}）")
            total = sums.flat[int(np.abs(sums - 1).argmax())]
            yield Seen(
                sentence(
                    f"{op.english} is given numbers between {array.min():.4g} and {array.max():.4g}{origin.english}; "
                    f"their exponentials add up to {total:.4g} instead of 1.",
                    f"{op.chinese} 得到的数在 {array.min():.4g} 到 {array.max():.4g} 之间{origin.chinese}；"
                    f"它们的指数之和是 {total:.4g}，而不是 1。",
                ),
                Sure.CERTAIN,
                (event.position, *([] if made is None else [made.position])),
                "loss = F.cross_entropy(scores, target)",
                Bilingual(
                    "The same run with cross_entropy in place of nll_loss.",
                    "其他不变，用 cross_entropy 代替 nll_loss，再运行一次。",
                ),
            )


@rule(
    "relu-before-loss",
    title=("relu on the scores", "在分数上使用了 relu"),
    why=(
        "relu cuts off all negative scores, and where it does nothing is learned.",
        "relu 会截掉所有负的分数，被截掉的地方学不到任何东西。",
    ),
    attempt=("Leave the last layer without an activation.", "最后一层不要使用激活函数。"),
)
def relu_before_loss(run: Run) -> Iterator[Seen]:
    """What goes into a loss that takes scores comes out of relu."""
    for event, value in _inputs(run, ("cross_entropy", "binary_cross_entropy_with_logits")):
        made = run.source_of(value)
        if made is not None and made.name in ("relu", "relu_"):
            known = run.statistics(value)
            op, at, share = run.op(event), run.at(made), NOTHING
            if known is not None:
                share = Bilingual(f"; {known.zeros:.0%} of the scores are 0", f"；{known.zeros:.0%} 的分数为 0")
            yield Seen(
                sentence(
                    f"{op.english} is given the outputs of relu from {at.english}{share.english}.",
                    f"{op.chinese} 得到的是{at.chinese} relu 的输出{share.chinese}。",
                ),
                Sure.LIKELY,
                (event.position, made.position),
                "",
                _without(run, made),
            )


@rule(
    "softmax-over-batch",
    title=("softmax over the batch", "softmax 作用在了批次维度上"),
    why=(
        "Each sample's outputs then add up to anything, and samples compete with each other.",
        "这样每个样本的输出之和不为 1，样本之间反而互相竞争。",
    ),
    attempt=("Take softmax over the classes: the last dimension.", "应在类别维度（最后一维）上做 softmax。"),
)
def softmax_over_batch(run: Run) -> Iterator[Seen]:
    """softmax along dimension 0 of a matrix with several rows."""
    seen: set[int | None] = set()
    for event in run.events:
        if event.kind != Kind.OP or event.name not in ("softmax", "log_softmax") or event.site in seen:
            continue
        value = next((slot.value for slot in event.inputs), None)
        dim = event.arguments.get("dim", event.arguments.get("1"))
        shape = run.value(value).shape if value is not None else ()
        if len(shape) == 2 and shape[0] > 1 and dim in (0, -2) and type(dim) is int:
            seen.add(event.site)
            array = run.array(event.outputs[0].value) if event.outputs else None
            sums, op = NOTHING, run.op(event)
            if array is not None and event.name == "softmax":
                totals = array.astype(float).sum(axis=1)
                sums = Bilingual(
                    f": its rows add up to {totals.min():.3g} to {totals.max():.3g}, not 1",
                    f"：各行之和在 {totals.min():.3g} 到 {totals.max():.3g} 之间，而不是 1",
                )
            made = run.source_of(value)
            yield Seen(
                sentence(
                    f"{op.english} goes over dimension {dim} of shape {list(shape)}{sums.english}.",
                    f"{op.chinese} 沿形状 {list(shape)} 的第 {dim} 维计算{sums.chinese}。",
                ),
                Sure.LIKELY if made is not None and made.name in ("linear", "addmm") else Sure.MAYBE,
                (event.position,),
                f"{event.name}(z, dim=1)",
                Bilingual("The same run with dim=1.", "其他不变，改为 dim=1，再运行一次。"),
            )
