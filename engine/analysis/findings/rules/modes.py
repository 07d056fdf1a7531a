"""Dropout and batch norm in the wrong mode: noisy evaluation, or training without them."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
from ....counting import from_one
from ....events import Event, Kind, Phase
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run


def _moded(run: Run) -> list[tuple[Event, bool]]:
    """Dropout and batch-norm ops of the iterations, with whether they ran in training mode."""
    found = []
    for event in run.events:
        if event.kind != Kind.OP or not (event.name.startswith("dropout") or event.name == "batch_norm"):
            continue
        settings = event.arguments
        training = settings.get("training", settings.get("2", settings.get("5")))
        if isinstance(training, bool) and settings.get("p", 1) != 0:
            found.append((event, training))
    return found


@rule(
    "evaluation-in-train-mode",
    title=("Evaluation in training mode", "在训练模式下做评估"),
    why=(
        "Dropout goes on throwing away units and batch norm goes by the batch, so results are noisy and worse.",
        "dropout 仍在随机丢弃单元，batch norm 仍按批次统计，因此结果带噪声且更差。",
    ),
    attempt=("Switch modes around the evaluation.", "在评估前后切换模式。"),
)
def evaluation_in_train_mode(run: Run) -> Iterator[Seen]:
    """In training mode, without autograd, and nothing that is trained is made of the result."""
    moded = _moded(run)
    trained = {event.name for event, training in moded if training and event.outputs[0].node is not None}
    for event, training in moded:
        if not training or not event.outputs or event.outputs[0].node is not None or event.name not in trained:
            continue
        if event.phase not in (Phase.OTHER, Phase.SETUP, Phase.FORWARD) or _is_trained_on(run, event):
            continue
        op = run.op(event)
        yield Seen(
            sentence(
                f"{op.english} (step {event.position}) runs in training mode with autograd off, where nothing is "
                "trained from its result.",
                f"{op.chinese}（第 {event.position} 步）在训练模式下运行，但自动微分已关闭，其结果也不用于训练。",
            ),
            Sure.LIKELY,
            (event.position,),
            "net.eval()",
            Bilingual(
                "The same run with net.eval() before this line.", "其他不变，在这一行之前调用 net.eval()，再运行一次。"
            ),
        )
        return


def _is_trained_on(run: Run, event: Event) -> bool:
    """Whether what comes out goes into an op that autograd tracks."""
    wanted = {slot.value for slot in event.outputs}
    for after in run.trace.events(begin=event.position + 1, end=event.position + 2000):
        if after.kind == Kind.OP and any(slot.value in wanted for slot in after.inputs):
            if any(slot.node is not None for slot in after.outputs):
                return True
            wanted.update(slot.value for slot in after.outputs)
    return False


@rule(
    "training-in-eval-mode",
    title=("Training in evaluation mode", "在评估模式下训练"),
    why=(
        "Dropout does nothing and batch norm uses old statistics, so the net trains as another one than was meant.",
        "dropout 不起作用，batch norm 使用旧的统计量，因此训练的并不是原本想要的网络。",
    ),
    attempt=("Switch back before training.", "在训练之前切换回训练模式。"),
)
def training_in_eval_mode(run: Run) -> Iterator[Seen]:
    """Off, though autograd tracks it and a backward pass runs through it before an update."""
    moded = _moded(run)
    on = {event.name for event, training in moded if training}
    ran = {event.node for event in run.events if event.kind == Kind.NODE}
    passed = {event.iteration for event in run.events if event.kind == Kind.UPDATE}
    for event, training in moded:
        if training or not event.outputs or event.outputs[0].node is None or event.iteration not in passed:
            continue
        if event.outputs[0].node not in ran:
            continue
        op, number, was_on = run.op(event), from_one(event.iteration), event.name in on
        before = " though it was on before" if was_on else ""
        before_zh = "，但它之前是开启的" if was_on else ""
        yield Seen(
            sentence(
                f"{op.english} is off (evaluation mode) in iteration {number}, whose backward pass and update "
                f"train the net{before}.",
                f"{op.chinese} 在第 {number} 次迭代中是关闭的（评估模式），"
                f"而这次迭代的反向传播和更新正在训练网络{before_zh}。",
            ),
            Sure.LIKELY if was_on or event.name.startswith("dropout") else Sure.MAYBE,
            (event.position,),
            "net.train()",
            Bilingual(
                "The same run with net.train() before the loop.", "其他不变，在循环之前调用 net.train()，再运行一次。"
            ),
        )
        return


@rule(
    "different-answers",
    title=("The same input gave two different answers", "相同的输入得到了不同的结果"),
    why=(
        "Dropout in training mode draws anew in every call.",
        "训练模式下的 dropout 每次调用都会重新随机。",
    ),
    attempt=("Use evaluation mode for answers.", "要得到确定的结果请使用评估模式。"),
    explained_by=("evaluation-in-train-mode",),
)
def different_answers(run: Run) -> Iterator[Seen]:
    """One value through dropout twice, in training mode, with nothing trained in the whole run."""
    if run.losses:
        return
    first: dict[int, Event] = {}
    for event, training in _moded(run):
        value = event.inputs[0].value if event.inputs else None
        if not training or value is None or not event.name.startswith("dropout"):
            continue
        before = first.setdefault(value, event)
        if before is event:
            continue
        one, other = (run.array(found.outputs[0].value) for found in (before, event))
        if one is not None and other is not None and one.shape == other.shape and (one != other).any():
            first_at, at, count = run.at(before), run.at(event), int((one != other).sum())
            yield Seen(
                sentence(
                    f"The same value went through {event.name} at {first_at.english} and at {at.english}, in training "
                    f"mode; {count} of {one.size} results differ.",
                    f"同一个值先后在{first_at.chinese}和{at.chinese}经过了训练模式下的 {event.name}；"
                    f"{one.size} 个结果中有 {count} 个不同。",
                ),
                Sure.LIKELY,
                (before.position, event.position),
                "net.eval()",
                Bilingual("The same run with net.eval() first.", "其他不变，先调用 net.eval()，再运行一次。"),
            )
            return
