"""Row of torch.autograd.grad: it computes nothing itself, but hands back what a backward pass has sent."""

from __future__ import annotations

from ..call import Array, Call, UnfitError
from ..operation import Operation, operation
from ..words import Words


@operation(
    "grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, allow_unused=None, "
    "is_grads_batched=False, materialize_grads=False, only_inputs=True)"
)
class Returned(Operation):
    """The gradients that arrived at the inputs, instead of putting them into .grad boxes."""

    words = Words(
        (
            "grad goes back from the outputs and hands back the gradients of the inputs; no .grad changes.",
            "grad 从输出反向传播，返回各输入的梯度；不改变任何 .grad。",
        ),
        (
            "With create_graph the gradients can be differentiated again.",
            "若设 create_graph，得到的梯度还可以再次求导。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """They are the sums of what the nodes before it sent."""
        raise UnfitError("its results are gradients that earlier steps sent", "它的结果是之前各步传出的梯度")
