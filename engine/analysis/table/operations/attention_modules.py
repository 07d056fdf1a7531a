"""Rows of modules that torch runs as one fused call in eval mode: what they do, and why they are not recomputed.

The call is recorded with the module's inputs only (`opaque`); its weights are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..operation import Operation, operation
from ..words import Words
from .multi_head import MultiHeadAttention

INSIDE = Bilingual(
    "it ran as one fused call, whose weights are not in the trace (in train mode its steps are)",
    "它作为一次融合调用运行，其权重不在记录中（训练模式下会记录各个步骤）",
)


class FusedModule(Operation):
    """A row of a module that was recorded as one call, without what happened inside."""

    def forward(self, call: Call) -> Array:
        """Raises UnfitError, which says why."""
        raise UnfitError(INSIDE.english, INSIDE.chinese)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Raises UnfitError, which says why."""
        raise UnfitError(INSIDE.english, INSIDE.chinese)


@operation("MultiheadAttention(query, key, value, *rest, opaque=False)")
class FusedAttention(FusedModule):
    """nn.MultiheadAttention in eval mode."""

    modules = ("MultiheadAttention",)
    words = Words(
        (
            "Several heads look at the sequence at once, in one fused call that shows no steps inside.",
            "多个注意力头同时查看序列；以一次融合调用完成，看不到内部步骤。",
        ),
        MultiHeadAttention.words.gradient,
    )


@operation(
    "TransformerEncoderLayer(src, *rest, opaque=False)",
    "TransformerEncoder(src, *rest, opaque=False)",
)
class FusedEncoder(FusedModule):
    """nn.TransformerEncoderLayer and nn.TransformerEncoder in eval mode."""

    modules = ("TransformerEncoderLayer", "TransformerEncoder")
    words = Words(
        (
            "Attention and then a small network for each place of the sequence, each with a shortcut around it, in one "
            "fused call that shows no steps inside.",
            "先做注意力，再对序列的每个位置用一个小网络，各带残差连接；以一次融合调用完成，看不到内部步骤。",
        ),
        (
            "The gradient takes two ways back to the layer's input, and adds up there: along the shortcuts, and "
            "through attention and the small network, whose weights it reaches.",
            "梯度沿两条路回到该层的输入并相加：一条沿残差连接，一条经过注意力和小网络，并到达它们的权重。",
        ),
    )
