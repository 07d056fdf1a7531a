"""Rows of recurrent layers over whole sequences, as nn.RNN, nn.LSTM and nn.GRU call them.

Formulas: PyTorch's documentation of RNN, LSTM and GRU. Layers and directions stand one after another in the weights.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..call import Array, Call, UnfitError
from ..kinds.recurrence import Gru, Lstm, Relu, Tanh, Weights
from ..kinds.stacked import Recurrent, Stack
from ..operation import operation
from ..words import Words

_ORDINARY = ("hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first")


class RecurrentSequence(Recurrent):
    """A row of layers through time. input: (T, N, features), or packed with the number of rows of each step."""

    order = ("params", "input", "hx")

    def stack(self, call: Call) -> Stack:
        """All layers; of a packed sequence too, which has one argument more."""
        given = call["hx"]
        is_packed = isinstance(given, np.ndarray) and given.ndim == 1 and given.dtype.kind in "iu"
        # The number of rows of each step comes second, so that all others stand under the next name.
        names = dict(pairwise(_ORDINARY)) if is_packed else {name: name for name in _ORDINARY}
        layers = int(call.number(names["num_layers"]))
        if call[names["train"]] and layers > 1 and call.number(names["dropout"]) > 0:
            raise UnfitError(
                "what dropout set to zero between its layers is not in the trace",
                "层与层之间被 dropout 置零的部分不在记录中",
            )
        x = call.array("input")
        batch_first = not is_packed and bool(call["batch_first"])
        if is_packed:
            sizes = tuple(int(size) for size in given)
        else:
            x = x.swapaxes(0, 1) if batch_first else x
            sizes = (x.shape[1],) * x.shape[0]
            x = x.reshape(-1, x.shape[-1])
        states = call.arrays(names["hx"])
        params = call.arrays(names["params"])
        weights, keys = _weights(params, names["params"], bool(call[names["has_biases"]]), states)
        key = names["hx"]
        state_keys = (f"{key}.0", f"{key}.1") if self.has_cell else (key,)
        c = states[1] if self.has_cell else states[0]
        return Stack(
            self.cell,
            x,
            sizes,
            states[0],
            c,
            tuple(weights),
            tuple(keys),
            "input",
            state_keys,
            directions=2 if call[names["bidirectional"]] else 1,
            batch_first=batch_first,
            is_packed=is_packed,
        )


def _weights(
    params: list[Array], key: str, has_biases: bool, states: list[Array]
) -> tuple[list[Weights], list[dict[str, str]]]:
    """The weights of each layer and direction, and their keys."""
    names = ["ih", "hh", *(["b_ih", "b_hh"] if has_biases else [])]
    if states[0].shape[-1] != states[-1].shape[-1]:
        names.append("hr")
    weights, keys = [], []
    for first in range(0, len(params), len(names)):
        own: dict[str, Any] = dict(zip(names, params[first : first + len(names)], strict=True))
        weights.append(Weights(**own))
        keys.append({name: f"{key}.{first + i}" for i, name in enumerate(names)})
    return weights, keys


_THROUGH_TIME = (
    "The gradient goes back through time, step by step; each weight gets the sum over all steps.",
    "梯度沿时间逐步传回（随时间反向传播）；每个权重得到所有时间步之和。",
)
_FORM = "(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first=False)"


@operation("rnn_tanh" + _FORM)
class RnnTanh(RecurrentSequence):
    """hₜ = tanh(W xₜ + b + U hₜ₋₁ + b)."""

    modules = ("RNN",)
    nodes = ("StackBackward", "TanhBackward")
    cell = Tanh()
    words = Words(
        (
            "Reads a sequence step by step; each step mixes its input with the state before and squeezes it by tanh.",
            "逐步读取序列；每一步把输入与之前的状态混合，再用 tanh 压缩。",
        ),
        _THROUGH_TIME,
    )


@operation("rnn_relu" + _FORM)
class RnnRelu(RecurrentSequence):
    """hₜ = max(0, W xₜ + b + U hₜ₋₁ + b)."""

    modules = ("RNN",)
    nodes = ("StackBackward", "ReluBackward")
    cell = Relu()
    words = Words(
        (
            "Reads a sequence step by step; each step mixes its input with the state before and cuts negatives off.",
            "逐步读取序列；每一步把输入与之前的状态混合，负数截为 0。",
        ),
        _THROUGH_TIME,
    )


@operation("lstm" + _FORM)
class LstmSequence(RecurrentSequence):
    """c = f c + i g, h = o tanh(c), step by step."""

    modules = ("LSTM",)
    nodes = ("StackBackward", "MkldnnRnnLayerBackward", "CatBackward")
    cell = Lstm()
    has_cell = True
    words = Words(
        (
            "Reads a sequence step by step with a memory that gates write to, keep and show.",
            "逐步读取序列，并用各个门来写入、保持和输出记忆。",
        ),
        (
            "The gradient goes back through time, along the memory only multiplied by the forget gates; "
            "each weight gets the sum over all steps.",
            "梯度沿时间传回，在记忆单元上只乘以遗忘门；每个权重得到所有时间步之和。",
        ),
    )


@operation("gru" + _FORM)
class GruSequence(RecurrentSequence):
    """h = (1 - z) n + z h, step by step."""

    modules = ("GRU",)
    nodes = ("StackBackward", "CatBackward")
    cell = Gru()
    words = Words(
        (
            "Reads a sequence step by step; a gate says how much of the state stays and how much is new.",
            "逐步读取序列；门决定保留多少状态、更新多少状态。",
        ),
        _THROUGH_TIME,
    )
