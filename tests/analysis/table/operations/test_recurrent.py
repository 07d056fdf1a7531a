"""Recurrent cells and layers: each row against torch, through time; each equation against the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import fresh
from tests.helpers.equations import equations_hold

pytestmark = [
    pytest.mark.usefixtures("double"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN"),
]
Record = Callable[..., Trace]
SIZES = st.integers(1, 3)

CELLS: dict[str, Callable[..., nn.Module]] = {
    "rnn_tanh": lambda *sizes, **options: nn.RNNCell(*sizes, **options),
    "rnn_relu": lambda *sizes, **options: nn.RNNCell(*sizes, nonlinearity="relu", **options),
    "lstm": nn.LSTMCell,
    "gru": nn.GRUCell,
}
LAYERS: dict[str, Callable[..., nn.Module]] = {
    "rnn_tanh": nn.RNN,
    "rnn_relu": lambda *sizes, **options: nn.RNN(*sizes, nonlinearity="relu", **options),
    "lstm": nn.LSTM,
    "gru": nn.GRU,
}


@pytest.mark.parametrize("kind", CELLS)
@settings(max_examples=15, deadline=None)
@given(SIZES, SIZES, SIZES, st.booleans())
def test_cells(kind: str, rows: int, features: int, units: int, bias: bool) -> None:
    function = getattr(torch, f"{kind}_cell")
    cell = CELLS[kind](features, units, bias=bias)
    states: Any = (fresh(rows, units), fresh(rows, units)) if kind == "lstm" else fresh(rows, units)
    biases = (cell.bias_ih, cell.bias_hh) if bias else ()
    agree(function, fresh(rows, features), states, cell.weight_ih, cell.weight_hh, *biases)


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=20, deadline=None)
@given(SIZES, SIZES, st.integers(1, 2), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_sequences(
    kind: str, steps: int, rows: int, layers: int, two: bool, bias: bool, first: bool, short: bool
) -> None:
    options: dict[str, Any] = {"proj_size": 2} if kind == "lstm" and short else {}
    layer = LAYERS[kind](3, 4, layers, bias=bias, batch_first=first, bidirectional=two, **options)
    h = fresh(layers * (1 + two), rows, 2 if options else 4)
    x = fresh(rows, steps, 3) if first else fresh(steps, rows, 3)
    run(layer, x, (h, fresh(layers * (1 + two), rows, 4)) if kind == "lstm" else h)


def run(layer: nn.Module, x: Any, states: Any) -> None:
    """Compares the op that a layer calls, not what the layer does with its results."""
    name = {"RNN_TANH": "rnn_tanh", "RNN_RELU": "rnn_relu"}.get(layer.mode, layer.mode.lower())  # type: ignore[union-attr, operator]
    flags = (layer.bias, layer.num_layers, 0.0, True, layer.bidirectional)
    if isinstance(x, torch.nn.utils.rnn.PackedSequence):
        agree(getattr(torch, name), x.data, x.batch_sizes, states, list(layer._flat_weights), *flags)  # type: ignore[arg-type]
    else:
        agree(getattr(torch, name), x, states, list(layer._flat_weights), *flags, layer.batch_first)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.booleans(), st.integers(1, 2))
def test_packed_sequences(kind: str, lengths: list[int], two: bool, layers: int) -> None:
    lengths = sorted(lengths, reverse=True)
    layer = LAYERS[kind](3, 2, layers, bidirectional=two)
    with torch.no_grad():
        packed = pack_padded_sequence(torch.randn(lengths[0], len(lengths), 3), lengths)
    packed.data.requires_grad_()
    h = fresh(layers * (1 + two), len(lengths), 2)
    run(layer, packed, (h, torch.randn_like(h).requires_grad_()) if kind == "lstm" else h)


def test_dropout_between_layers_cannot_be_checked() -> None:
    layer = nn.LSTM(3, 2, 2, dropout=0.5)
    x = fresh(2, 1, 3)
    with pytest.raises(UnfitError, match="dropout"):
        agree(torch.lstm, x, (torch.zeros(2, 1, 2),) * 2, list(layer._flat_weights), True, 2, 0.5, True, False, False)
    agree(torch.lstm, x, (torch.zeros(2, 1, 2),) * 2, list(layer._flat_weights), True, 2, 0.5, False, False, False)


SCRIPTS = {
    "rnn_tanh_cell": "nn.RNNCell(3, 2)(x[0], h)",
    "rnn_relu_cell": "nn.RNNCell(3, 2, nonlinearity='relu', bias=False)(x[0], h)",
    "lstm_cell": "nn.LSTMCell(3, 2)(x[0], (h, c))",
    "gru_cell": "nn.GRUCell(3, 2)(x[0], h)",
    "gru_cell without bias": "nn.GRUCell(3, 2, bias=False)(x[0], h)",
    "rnn_tanh": "nn.RNN(3, 2)(x)",
    "rnn_relu": "nn.RNN(3, 2, nonlinearity='relu', batch_first=True)(x)",
    "lstm": "nn.LSTM(3, 2)(x)",
    "lstm layers": "nn.LSTM(3, 2, num_layers=2, batch_first=True)(x)",
    "lstm both ways": "nn.LSTM(3, 2, bidirectional=True)(x)",
    "lstm projected": "nn.LSTM(3, 3, proj_size=2)(x)",
    "gru": "nn.GRU(3, 2)(x)",
    "gru with a state": "nn.GRU(3, 2)(x, h[None])",
    "gru both ways": "nn.GRU(3, 2, num_layers=2, bidirectional=True)(x)",
    "gru packed": "nn.GRU(3, 2, bidirectional=True)(nn.utils.rnn.pack_padded_sequence(x, [4, 4, 3, 1, 1]))",
}


@pytest.mark.parametrize(("label", "expression"), SCRIPTS.items(), ids=SCRIPTS.keys())
def test_equations_come_to_the_recorded_numbers(recorded: Record, label: str, expression: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            from torch import nn
            torch.set_default_dtype(torch.float32)
            torch.manual_seed(2)
            x = torch.randn(4, 5, 3, requires_grad=True)
            h, c = torch.randn(5, 2, requires_grad=True), torch.randn(5, 2, requires_grad=True)
            made = {expression}
            tensors = [made] if isinstance(made, torch.Tensor) else [made[0]]
            if isinstance(made, tuple) and isinstance(made[1], torch.Tensor):
                tensors.append(made[1])
            if isinstance(tensors[0], tuple):
                tensors = [tensors[0].data]
            loss = sum((part * torch.randn(part.shape)).sum() for part in tensors)
            loss.backward()
        """
    )
    assert equations_hold(trace, label.partition(" ")[0]).gradients.total() >= 10


def test_the_page_of_an_lstm_shows_its_gates(recorded: Record) -> None:
    trace = recorded(
        source="""
            import torch
            cell = torch.nn.LSTMCell(1, 1)
            for parameter in cell.parameters():
                torch.nn.init.constant_(parameter, 0.5)
            h, c = cell(torch.ones(1, 1), (torch.zeros(1, 1), torch.ones(1, 1)))
        """
    )
    event = next(event for event in trace.events() if event.kind == Kind.OP and event.name == "lstm_cell")
    texts = [to_text(line.expression) for line in explain(trace, event.position).lines]
    assert len(texts) == 6
    assert texts[0] == "i = σ(Wᵢᵢ x + bᵢᵢ + Wₕᵢ h + bₕᵢ) = σ(0.5 + 0.5 + 0 + 0.5) = 0.8175745"
    # By hand: i = f = o = 1 / (1 + exp(-1.5)), g = tanh(1.5).
    assert texts[4] == "c′ = f·c + i·g = 0.8175745·1 + 0.8175745·0.9051483 = 1.557601"
    assert texts[5] == "h = o·tanh(c′) = 0.8175745·tanh(1.557601) = 0.7481058951"
