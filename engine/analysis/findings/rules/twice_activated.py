"""Losses that apply softmax or sigmoid themselves, given what has been through one already; and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_FIRST = ("0", "input")


def _inputs(run: Run, names: tuple[str, ...]) -> Iterator[tuple[Event, int]]:
    """Loss ops of these names with the value that they judge; one for each place in the source."""
    seen: set[int | None] = set()
    for event in run.events:
        if event.kind == Kind.OP and event.name in names and event.site not in seen:
            value = next((slot.value for slot in event.inputs if slot.name in _FIRST), None)
            if value is not None:
                seen.add(event.site)
                yield event, value


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
        name = {"softmax": "probabilities of softmax", "sigmoid": "outputs of sigmoid"}.get(made.name, "log_softmax")
        sure = {"softmax": Sure.CERTAIN, "sigmoid": Sure.LIKELY}.get(made.name, Sure.MAYBE)
        tail = " (harmless, but done twice)" if made.name == "log_softmax" else ""
        yield Seen(
            f"cross_entropy at {run.at(event)} is given the {name} from {run.at(made)}{tail}.",
            sure,
            (event.position, made.position),
            "loss = F.cross_entropy(scores, target)  # no softmax before",
            f"The same run without the {made.name} at {run.at(made)}.",
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
            yield Seen(
                f"{event.name} at {run.at(event)} is given the outputs of {made.name} from {run.at(made)}.",
                Sure.CERTAIN if made.name == "sigmoid" else Sure.LIKELY,
                (event.position, made.position),
                "loss = F.binary_cross_entropy(output, target)",
                f"The same run without the {made.name} at {run.at(made)}.",
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
        sums = np.exp(np.clip(array.astype(float), None, 50.0)).sum(axis=1)
        off = float(np.abs(sums - 1).max())
        if off > 0.02:
            made = run.source_of(value)
            origin = f", from {made.name} at {run.at(made)}" if made is not None else ""
            yield Seen(
                f"nll_loss at {run.at(event)} is given numbers between {array.min():.4g} and "
                f"{array.max():.4g}{origin}; "
                f"their exponentials add up to {sums.flat[int(np.abs(sums - 1).argmax())]:.4g} instead of 1.",
                Sure.CERTAIN,
                (event.position, *([] if made is None else [made.position])),
                "loss = F.cross_entropy(scores, target)",
                "The same run with cross_entropy in place of nll_loss.",
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
            share = f"; {known.zeros:.0%} of the scores are 0" if known is not None else ""
            yield Seen(
                f"{event.name} at {run.at(event)} is given the outputs of relu from {run.at(made)}{share}.",
                Sure.LIKELY,
                (event.position, made.position),
                "",
                f"The same run without the relu at {run.at(made)}.",
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
            sums = ""
            if array is not None and event.name == "softmax":
                totals = array.astype(float).sum(axis=1)
                sums = f": its rows add up to {totals.min():.3g} to {totals.max():.3g}, not 1"
            made = run.source_of(value)
            yield Seen(
                f"{event.name} at {run.at(event)} goes over dimension {dim} of shape {list(shape)}{sums}.",
                Sure.LIKELY if made is not None and made.name in ("linear", "addmm") else Sure.MAYBE,
                (event.position,),
                f"{event.name}(z, dim=1)",
                "The same run with dim=1.",
            )
