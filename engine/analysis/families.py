"""Families of ops by what they mean to a learner: activations, losses, views, ops that weigh their input."""

from __future__ import annotations

from ..events import Event, Kind

VIEWS = frozenset({
    "view", "reshape", "flatten", "unflatten", "ravel", "t", "T", "mT", "H", "mH", "adjoint", "transpose", "permute",
    "swapaxes", "swapdims", "movedim", "squeeze", "unsqueeze", "expand", "expand_as", "view_as", "reshape_as",
    "contiguous", "detach", "data", "chunk", "split", "unbind", "narrow", "select", "diagonal", "unfold", "alias",
    "getitem", "to", "float", "double", "half", "type_as", "clone", "real", "squeeze_", "unsqueeze_", "t_",
})  # fmt: skip
"""Ops that hand the same numbers on in another shape, or a part of them."""

ACTIVATIONS = frozenset({
    "relu", "relu_", "sigmoid", "sigmoid_", "tanh", "tanh_", "gelu", "silu", "silu_", "elu", "elu_", "selu", "celu",
    "leaky_relu", "leaky_relu_", "relu6", "hardtanh", "hardsigmoid", "hardswish", "softplus", "softsign", "mish",
    "logsigmoid", "softmax", "log_softmax", "softmin", "prelu", "rrelu", "threshold", "clamp_min", "glu",
})  # fmt: skip

LOSSES = frozenset({
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "cross_entropy", "nll_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss", "gaussian_nll_loss", "hinge_embedding_loss",
    "margin_ranking_loss", "cosine_embedding_loss", "triplet_margin_loss", "multi_margin_loss", "soft_margin_loss",
    "multilabel_margin_loss", "multilabel_soft_margin_loss", "ctc_loss",
})  # fmt: skip

POOLS = frozenset({
    f"{name}_pool{n}d" for name in ("max", "avg", "adaptive_avg", "adaptive_max", "lp") for n in (1, 2, 3)
})  # fmt: skip

CARRIERS = frozenset({
    "dropout", "dropout_", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout",
    "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm", "local_response_norm", "normalize",
})  # fmt: skip
"""Ops between a weighted input and its activation that leave it the same layer's."""

BLANK = frozenset({"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided"})
"""Ops whose result is whatever lay in memory: numbers that mean nothing."""

WRITES_UNSEEN = frozenset({"batch_norm", "instance_norm", "native_batch_norm", "fused_moving_avg_obs_fake_quant"})
"""Ops that also write to arguments (running statistics), of which their events show nothing."""

WEIGHT_SLOTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    name: (("0", "input"), ("1", "weight"), ("2", "bias"))
    for name in (
        "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
    )
} | {
    "bilinear": (("0", "input1"), ("2", "weight"), ("3", "bias")),
    "embedding": (("0", "input"), ("1", "weight"), ()),
    "embedding_bag": (("0", "input"), ("1", "weight"), ()),
    "addmm": (("1", "mat1"), ("2", "mat2"), ("0", "input")),
    "addmv": (("2", "vec"), ("1", "mat"), ("0", "input")),
    "baddbmm": (("1", "batch1"), ("2", "batch2"), ("0", "input")),
}  # fmt: skip
"""Op -> the names its slots may have for its input, its weight and its bias (`Slot.name`)."""

PRODUCTS = frozenset({"matmul", "mm", "mv", "bmm", "dot"})
"""Ops in which either operand may be the weight."""


def is_view(event: Event) -> bool:
    """Whether an op hands numbers on as they are; taking rows by a tensor of indices, as embeddings do, is more."""
    return event.name in VIEWS and not (event.name == "getitem" and len(event.inputs) > 1)


def is_activation(event: Event) -> bool:
    """Whether an op is an activation; `clamp(min=0)` is relu in other words."""
    if event.name in ("clamp", "clip"):
        limits = event.arguments
        low, high = limits.get("min", limits.get("1")), limits.get("max", limits.get("2"))
        return low == 0 and low is not False and high is None and len(event.inputs) == 1
    return event.name in ACTIVATIONS


def is_box_edit(event: Event) -> bool:
    """Whether somebody changed what a `.grad` holds by hand."""
    return event.kind == Kind.EDIT and any(slot.name == "grad" for slot in event.outputs)


def is_in_place(event: Event) -> bool:
    """Whether an op writes into its first argument: `add_`, `__iadd__`, `__setitem__`."""
    last = event.function.rpartition(".")[2]
    if last.startswith("__"):
        return (last.startswith("__i") and last not in ("__invert__", "__index__")) or last == "__setitem__"
    return last.endswith("_")
