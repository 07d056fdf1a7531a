"""Rows of recurrent cells: one step of an RNN, an LSTM or a GRU.

Formulas: PyTorch's documentation of RNNCell, LSTMCell and GRUCell.
"""

from __future__ import annotations

from ..call import Call
from ..kinds.recurrence import Gru, Lstm, Relu, Tanh, Weights
from ..kinds.stacked import Recurrent, Stack
from ..operation import operation
from ..words import Words


class RecurrentCell(Recurrent):
    """A row of a cell: input (N, features), state (N, H), W: (gates · H, features), U: (gates · H, H)."""

    order = ("b_ih", "b_hh", "w_ih", "w_hh", "input", "hx")

    def stack(self, call: Call) -> Stack:
        """One step of one layer."""
        x = call.array("input")
        states = call.arrays("hx")
        keys = {"ih": "w_ih", "hh": "w_hh"}
        keys |= {name: name for name in ("b_ih", "b_hh") if call.get(name) is not None}
        weights = Weights(**{name: call.array(key) for name, key in keys.items()})
        state_keys = ("hx.0", "hx.1") if self.has_cell else ("hx",)
        c = states[1] if self.has_cell else states[0]
        return Stack(
            self.cell,
            x,
            (x.shape[0],),
            states[0][None],
            c[None],
            (weights,),
            (keys,),
            "input",
            state_keys,
            is_cell=True,
        )


@operation("rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None)")
class RnnTanhCell(RecurrentCell):
    """h' = tanh(W x + b + U h + b)."""

    modules = ("RNNCell",)
    nodes = ("TanhBackward",)
    cell = Tanh()
    words = Words(
        (
            "Mixes the input with the state of the step before, and squeezes the sum by tanh: the new state.",
            "把输入与上一步的状态混合，再用 tanh 压缩，得到新的状态。",
        ),
        (
            "The gradient goes through tanh to the input, the weights and the state of the step before.",
            "梯度经过 tanh 传给输入、权重和上一步的状态。",
        ),
    )


@operation("rnn_relu_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None)")
class RnnReluCell(RecurrentCell):
    """h' = max(0, W x + b + U h + b)."""

    modules = ("RNNCell",)
    nodes = ("ReluBackward",)
    cell = Relu()
    words = Words(
        (
            "Mixes the input with the state of the step before, and cuts negative sums off: the new state.",
            "把输入与上一步的状态混合，负数截为 0，得到新的状态。",
        ),
        (
            "Where the new state is positive the gradient goes on to the input, the weights and the state before.",
            "新状态为正处，梯度继续传给输入、权重和上一步的状态；其余处被截断。",
        ),
    )


@operation("lstm_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None)")
class LstmCell(RecurrentCell):
    """c' = f c + i g, h' = o tanh(c')."""

    modules = ("LSTMCell",)
    nodes = ("MulBackward", "ThnnFusedLstmCellBackward")
    cell = Lstm()
    has_cell = True
    words = Words(
        (
            "Forgets a part of its memory, writes something new into it, and shows a part of it; "
            "three gates say how much.",
            "遗忘一部分记忆，写入新的内容，再输出其中一部分；三个门决定各占多少。",
        ),
        (
            "Through the memory the gradient is only multiplied by the forget gate, so it reaches far back in time.",
            "沿记忆单元，梯度只乘以遗忘门，因此能传到很久以前。",
        ),
    )


@operation("gru_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None)")
class GruCell(RecurrentCell):
    """h' = (1 - z) n + z h."""

    modules = ("GRUCell",)
    nodes = ("AddBackward", "ThnnFusedGruCellBackward")
    cell = Gru()
    words = Words(
        (
            "Keeps a part z of its state and takes the rest from a new proposal; the gate r says how much of the "
            "state the proposal looks at.",
            "保留状态的一部分 z，其余取自新的候选；门 r 决定候选参考多少旧状态。",
        ),
        (
            "The part z of the gradient goes straight to the state before, the rest through the proposal and gates.",
            "梯度的 z 部分直接传给上一步的状态，其余经由候选和各个门传回。",
        ),
    )
