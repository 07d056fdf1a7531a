"""A column against a row in a loss: N × N pairs instead of N."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_LOSSES = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})
_DIFFERENCES = frozenset({"sub", "rsub"})
_REDUCTIONS = frozenset({"mean", "sum", "norm"})
_ONWARD = frozenset({"pow", "abs", "square", "mul", "clamp", "sqrt", "neg", "huber", "div"})


@rule(
    "broadcast-loss",
    title=("Output and target have different shapes", "输出与目标的形状不同"),
    why=(
        "A column [N, 1] against a row [N] gives all N × N differences; what is learned is the mean of the targets.",
        "列 [N, 1] 与行 [N] 相减会得到所有 N × N 个差值；网络只会学到目标的平均值。",
    ),
    attempt=("Give both the same shape.", "让两者形状相同。"),
)
def broadcast_loss(run: Run) -> Iterator[Seen]:
    """A loss, or a difference that is then averaged, grows a column and a row into a table."""
    seen: set[int | None] = set()
    for event in run.events:
        if event.kind != Kind.OP or event.site in seen:
            continue
        slots = [slot.value for slot in event.inputs[:2] if slot.value is not None]
        if len(slots) != 2 or event.name not in _LOSSES | _DIFFERENCES:
            continue
        one, other = (run.value(value).shape for value in slots)
        if not _grows(one, other) or (event.name in _DIFFERENCES and not _is_reduced(run, event)):
            continue
        seen.add(event.site)
        count = max(one[0], other[0])
        op = run.op(event)
        certain = event.name in _LOSSES or any(slot.node is not None for slot in event.outputs)
        yield Seen(
            sentence(
                f"{op.english} takes {list(one)} and {list(other)}: {count * count} differences are averaged where "
                f"{count} are meant.",
                f"{op.chinese} 的两个输入形状为 {list(one)} 和 {list(other)}：本应只有 {count} 个差值，"
                f"却对 {count * count} 个差值求了平均。",
            ),
            Sure.CERTAIN if certain else Sure.LIKELY,
            (event.position,),
            "target = target.view_as(output)",
            Bilingual(
                "The same run with the target in the output's shape.",
                "其他不变，让目标与输出形状相同，再运行一次。",
            ),
        )


def _grows(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """[N, 1] against [N], whichever comes first."""
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and len(long) == 2 and long[1] == 1 and long[0] == short[0] > 1


def _is_reduced(run: Run, event: Event) -> bool:
    """Whether a difference ends, through powers and absolute values, in a mean or a sum."""
    wanted = {slot.value for slot in event.outputs}
    for position in range(event.position + 1, event.position + 8):
        after = run.event(position)
        if after is None or after.kind != Kind.OP:
            return False
        if not any(slot.value in wanted for slot in after.inputs):
            continue
        if after.name in _REDUCTIONS:
            return not any(name in after.arguments for name in ("dim", "1"))
        if after.name in _ONWARD:
            wanted.update(slot.value for slot in after.outputs)
    return False
