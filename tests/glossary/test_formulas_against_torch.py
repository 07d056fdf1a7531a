"""What a card writes as formula and local derivative, worked out with numbers, is what torch computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from engine.analysis.notation.reading import read
from engine.glossary.card import Group
from engine.glossary.shelf import CARDS
from tests.helpers.evaluated import value_of, worked_out

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(autouse=True)
def _double() -> Any:
    torch.manual_seed(7)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def numbers(**tensors: torch.Tensor) -> dict[str, Any]:
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, requires_grad=True)


def sent_back(y: torch.Tensor, **inputs: torch.Tensor) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A drawn upstream gradient of y, and what torch sends to the inputs for it."""
    upstream = torch.randn_like(y)
    gradients = torch.autograd.grad(y, list(inputs.values()), upstream)
    return upstream.numpy(), {name: one.numpy() for name, one in zip(inputs, gradients, strict=True)}


# Activations: place by place

ACTIVATIONS: Mapping[str, tuple[Callable[[torch.Tensor], torch.Tensor], dict[str, float]]] = {
    "sigmoid": (torch.sigmoid, {}),
    "tanh": (torch.tanh, {}),
    "relu": (torch.relu, {}),
    "leaky_relu": (lambda z: F.leaky_relu(z, 0.2), {"α": 0.2}),
    "elu": (lambda z: F.elu(z, 1.3), {"α": 1.3}),
    "gelu": (F.gelu, {}),
    "silu": (F.silu, {}),
    "softplus": (F.softplus, {}),
}


def right_side(line: str, values: Mapping[str, Any]) -> float:
    return float(value_of(read(line).parts[-1], dict(values), {}))  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_activations(key: str) -> None:
    function, given = ACTIVATIONS[key]
    card = CARDS[key]
    for at in (-3.0, -1.1, -0.4, 0.0, 0.7, 1.9, 4.2):
        z = torch.tensor(at, requires_grad=True)
        a = function(z)
        (slope,) = torch.autograd.grad(a, z)
        values = {"z": at, **given, "Φ": lambda z: 0.5 * (1 + torch.erf(torch.tensor(z / 2**0.5)).item())}
        assert right_side(card.formula[0], values) == pytest.approx(a.item(), abs=1e-12)
        assert right_side(card.derivative[0], values) == pytest.approx(slope.item(), abs=1e-12)
    if key == "gelu":
        assert right_side(card.formula[1], {"z": 0.3}) == pytest.approx(
            torch.distributions.Normal(0.0, 1.0).cdf(torch.tensor(0.3)).item()
        )


@pytest.mark.parametrize(("key", "function"), [("softmax", torch.softmax), ("log_softmax", torch.log_softmax)])
def test_softmax_of_a_row(key: str, function: Callable[..., torch.Tensor]) -> None:
    z = drawn(5)
    made = worked_out(CARDS[key].formula + CARDS[key].derivative, numbers(z=z), {"i": 5, "j": 5, "k": 5})
    name = "p" if key == "softmax" else "y"
    np.testing.assert_allclose(made[name], function(z, 0).detach(), **CLOSE)
    jacobian = torch.autograd.functional.jacobian(lambda one: function(one, 0), z)
    np.testing.assert_allclose(made[f"∂{name}/∂z"], jacobian, **CLOSE)


# Losses: one number


@pytest.mark.parametrize(
    ("key", "function"),
    [
        ("mse", F.mse_loss),
        ("l1", F.l1_loss),
        ("huber", lambda a, t: F.huber_loss(a, t, delta=0.6)),
    ],
)
def test_losses_of_numbers(key: str, function: Callable[..., torch.Tensor]) -> None:
    a, t = drawn(6), torch.randn(6)
    loss = function(a, t)
    card = CARDS[key]
    lines = card.formula if key != "huber" else (card.formula[1], card.formula[2], card.formula[0])
    made = worked_out((*lines, *card.derivative), {**numbers(a=a, t=t), "n": 6, "δ": 0.6}, {"i": 6})
    assert made["C"] == pytest.approx(loss.item())
    np.testing.assert_allclose(made["∂C/∂a"], torch.autograd.grad(loss, a)[0], **CLOSE)


def test_cross_entropy_and_nll() -> None:
    z, t = drawn(4, 3), torch.tensor([2, 0, 1, 2])
    sizes = {"n": 4, "i": 3, "k": 3}
    loss = F.cross_entropy(z, t)
    card = CARDS["cross_entropy"]
    made = worked_out(card.formula + card.derivative, {**numbers(z=z), "t": t.numpy(), "N": 4}, sizes)
    assert made["C"] == pytest.approx(loss.item())
    np.testing.assert_allclose(made["∂C/∂z"], torch.autograd.grad(loss, z)[0], **CLOSE)
    y = torch.log_softmax(z, 1).detach().requires_grad_()
    loss = F.nll_loss(y, t)
    card = CARDS["nll"]
    made = worked_out(card.formula + card.derivative, {**numbers(y=y), "t": t.numpy(), "N": 4}, sizes)
    assert made["C"] == pytest.approx(loss.item())
    np.testing.assert_allclose(made["∂C/∂y"], torch.autograd.grad(loss, y)[0], **CLOSE)


@pytest.mark.parametrize("key", ["bce", "bce_with_logits"])
def test_losses_of_yes_and_no(key: str) -> None:
    z, t = drawn(5), torch.tensor([0.0, 1.0, 1.0, 0.0, 0.3])
    a = torch.sigmoid(z).detach().requires_grad_()
    asked, function, name = (a, F.binary_cross_entropy, "a") if key == "bce" else (
        z, F.binary_cross_entropy_with_logits, "z")  # fmt: skip
    loss = function(asked, t)
    made = worked_out(
        CARDS[key].formula + CARDS[key].derivative, {name: asked.detach().numpy(), "t": t.numpy(), "n": 5}, {"i": 5}
    )
    assert made["C"] == pytest.approx(loss.item())
    np.testing.assert_allclose(made[f"∂C/∂{name}"], torch.autograd.grad(loss, asked)[0], **CLOSE)


def test_sum_or_mean() -> None:
    c = drawn(4)
    card = CARDS["reduction"]
    made = worked_out(card.formula + card.derivative, {**numbers(c=c), "n": 4}, {"i": 4})
    assert made["C"] == pytest.approx(c.mean().item())
    np.testing.assert_allclose(made["∂C/∂c"], torch.autograd.grad(c.mean(), c)[0])


# Layers: y with indices, and what is sent back for a drawn gradient of y


def check_layer(
    key: str, y: torch.Tensor, inputs: dict[str, torch.Tensor], sizes: Mapping[str, int], **more: Any
) -> None:
    card = CARDS[key]
    upstream, wanted = sent_back(y, **inputs)
    formula = tuple(line for line in card.formula if not line.startswith("H′"))
    made = worked_out(formula, {**numbers(**inputs), **more}, sizes)
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    given = {**numbers(**inputs), **more, "∂C/∂y": upstream}
    told = worked_out(card.derivative, given, sizes)
    for name in wanted:
        np.testing.assert_allclose(told[f"∂C/∂{name}"], wanted[name], err_msg=f"{key}: {name}", **CLOSE)


def test_linear() -> None:
    x, w, b = drawn(4, 3), drawn(2, 3), drawn(2)
    check_layer("linear", F.linear(x, w, b), {"x": x, "w": w, "b": b}, {"n": 4, "k": 3, "j": 2})


def test_embedding() -> None:
    x, w = torch.tensor([2, 0, 2]), drawn(4, 5)
    check_layer("embedding", F.embedding(x, w), {"w": w}, {"n": 3, "d": 5, "r": 4}, x=x.numpy())


def test_broadcasting() -> None:
    a, b = drawn(3, 4), drawn(4)
    check_layer("broadcasting", a + b, {"b": b}, {"i": 3, "j": 4}, a=a.detach().numpy())


def test_flatten() -> None:
    x = drawn(2, 3, 2, 4)
    y = x.flatten(1)
    upstream, wanted = sent_back(y, x=x)
    made = worked_out(
        CARDS["flatten"].derivative, {"∂C/∂y": upstream, "H": 2, "W": 4}, {"n": 2, "c": 3, "i": 2, "j": 4}
    )
    np.testing.assert_array_equal(made["∂C/∂x"], wanted["x"])


def test_convolution() -> None:
    x, w, b = drawn(2, 2, 5, 4), drawn(3, 2, 2, 2), drawn(3)
    sizes = {"n": 2, "o": 3, "i": 4, "j": 3, "c": 2, "k": 2, "m": 2, "r": 5, "s": 4}
    check_layer("conv", F.conv2d(x, w, b), {"x": x, "w": w, "b": b}, sizes)
    size = CARDS["conv"].formula[1]
    for height, kernel, stride, padding in ((28, 5, 1, 0), (32, 3, 2, 1), (7, 2, 2, 0)):
        y = F.conv2d(torch.zeros(1, 1, height, 9), torch.zeros(1, 1, kernel, kernel), None, stride, padding)
        assert right_side(size, {"H": height, "K": kernel, "S": stride, "P": padding}) == y.shape[2]


def test_transposed_convolution() -> None:
    x, w, b = drawn(2, 2, 3, 4), drawn(2, 3, 2, 2), drawn(3)
    sizes = {"n": 2, "o": 3, "i": 3, "j": 4, "c": 2, "k": 2, "m": 2, "r": 4, "s": 5}
    y = F.conv_transpose2d(x, w, b)
    upstream, wanted = sent_back(y, x=x)
    card = CARDS["conv_transpose"]
    np.testing.assert_allclose(worked_out(card.formula, numbers(x=x, w=w, b=b), sizes)["y"], y.detach(), **CLOSE)
    told = worked_out(card.derivative, {**numbers(w=w), "∂C/∂y": upstream}, sizes)
    np.testing.assert_allclose(told["∂C/∂x"], wanted["x"], **CLOSE)


def test_average_pooling_shares_and_max_pooling_gives_to_the_winner() -> None:
    x = drawn(1, 2, 4, 6)
    sizes = {"n": 1, "c": 2, "i": 2, "j": 3, "k": 2, "m": 2}
    y = F.avg_pool2d(x, 2)
    made = worked_out(CARDS["avg_pool"].formula, {**numbers(x=x), "K": 2, "S": 2}, sizes)
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    share = right_side(CARDS["avg_pool"].derivative[0], {"K": 2})
    np.testing.assert_allclose(torch.autograd.grad(y.sum(), x)[0], np.full((1, 2, 4, 6), share))
    routed = torch.autograd.grad(F.max_pool2d(x, 2).sum(), x)[0]
    windows = x.detach().unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2)
    gradients = routed.unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2)
    winners = (windows == windows.max(-1, keepdim=True).values).double()
    assert torch.equal(gradients, winners)


@pytest.mark.parametrize("key", ["batch_norm", "layer_norm"])
def test_norms(key: str) -> None:
    x, g, b = drawn(5, 3), drawn(3), drawn(3)
    if key == "batch_norm":
        y = F.batch_norm(x, None, None, g, b, training=True, eps=1e-3)
        sizes, more = {"n": 5, "c": 3}, {"N": 5}
    else:
        y = F.layer_norm(x, (3,), g, b, eps=1e-3)
        sizes, more = {"n": 5, "d": 3}, {"D": 3}
    made = worked_out(CARDS[key].formula, {**numbers(x=x), "γ": g.detach().numpy(), "β": b.detach().numpy(),
                                           "ε": 1e-3, **more}, sizes)  # fmt: skip
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    upstream, wanted = sent_back(y, g=g, b=b)
    np.testing.assert_allclose((upstream * made["x\u0302"]).sum(0), wanted["g"], **CLOSE)
    np.testing.assert_allclose(upstream.sum(0), wanted["b"], **CLOSE)


def test_bilinear() -> None:
    u, v, w, b = drawn(4, 2), drawn(4, 3), drawn(5, 2, 3), drawn(5)
    y = F.bilinear(u, v, w, b)
    sizes = {"n": 4, "j": 5, "k": 2, "m": 3}
    card = CARDS["bilinear"]
    made = worked_out(card.formula + card.derivative, numbers(u=u, v=v, w=w, b=b), sizes)
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    upstream, wanted = sent_back(y, u=u, v=v)
    np.testing.assert_allclose(np.einsum("nj,njk->nk", upstream, made["∂y/∂u"]), wanted["u"], **CLOSE)
    np.testing.assert_allclose(np.einsum("nj,njm->nm", upstream, made["∂y/∂v"]), wanted["v"], **CLOSE)


def test_dropout() -> None:
    x = drawn(50)
    y = F.dropout(x, 0.25)
    kept = (y != 0).double().numpy()
    made = worked_out(CARDS["dropout"].formula, {**numbers(x=x), "m": kept, "p": 0.25}, {"i": 50})
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    slopes = [right_side(CARDS["dropout"].derivative[0], {"m_i": one, "p": 0.25}) for one in kept]
    np.testing.assert_allclose(torch.autograd.grad(y.sum(), x)[0], slopes, **CLOSE)


def test_matrix_product() -> None:
    a, b = drawn(2, 3), drawn(3, 4)
    y = a @ b
    upstream, wanted = sent_back(y, a=a, b=b)
    card = CARDS["matmul"]
    made = worked_out(card.formula, numbers(a=a, b=b), {"i": 2, "k": 3, "j": 4})
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    told = worked_out(card.derivative, {**numbers(a=a, b=b), "∂C/∂y": upstream}, {})
    np.testing.assert_allclose(told["∂C/∂a"], wanted["a"], **CLOSE)
    np.testing.assert_allclose(told["∂C/∂b"], wanted["b"], **CLOSE)


def test_attention() -> None:
    q, k, v = drawn(3, 4), drawn(5, 4), drawn(5, 2)
    y = F.scaled_dot_product_attention(q, k, v)
    card = CARDS["attention"]
    values = {**numbers(q=q, k=k, v=v), "d": 4}
    made = worked_out(card.formula, values, {"i": 3, "j": 5, "m": 5})
    np.testing.assert_allclose(made["y"], y.detach(), **CLOSE)
    upstream, wanted = sent_back(y, q=q, v=v)
    p = made["p"]
    told = worked_out(card.derivative[:2], {**made, "∂C/∂y": upstream}, {})
    np.testing.assert_allclose(told["∂C/∂v"], wanted["v"], **CLOSE)
    arrived = p * (told["∂C/∂p"] - (told["∂C/∂p"] * p).sum(1, keepdims=True))
    told = worked_out(card.derivative[2:], {**values, "∂C/∂s": arrived}, {})
    np.testing.assert_allclose(told["∂C/∂q"], wanted["q"], **CLOSE)


# Recurrent layers: one step of torch's cells


def test_rnn() -> None:
    cell = torch.nn.RNNCell(3, 2)
    x, h = torch.randn(3), drawn(2)
    after = cell(x, h)
    weights = numbers(w_x=cell.weight_ih, w_h=cell.weight_hh, b_x=cell.bias_ih, b_h=cell.bias_hh)
    card = CARDS["rnn"]
    values = {**weights, "x_t": x.numpy(), "h_t-1": h.detach().numpy()}
    made = value_of(read(card.formula[0]).parts[-1], values, {})  # type: ignore[union-attr]
    np.testing.assert_allclose(made, after.detach(), **CLOSE)
    slope = 1 - made**2
    jacobian = torch.autograd.functional.jacobian(lambda one: cell(x, one), h)
    np.testing.assert_allclose(slope[:, None] * weights["w_h"], jacobian, **CLOSE)


def gates(cell: torch.nn.RNNCellBase, letters: str) -> dict[str, np.ndarray]:
    """The weights of each gate: torch stacks them."""
    values: dict[str, np.ndarray] = {}
    parts = {"w": cell.weight_ih, "u": cell.weight_hh}
    for name, stacked in parts.items():
        for letter, block in zip(
            letters, stacked.detach().numpy().reshape(len(letters), -1, stacked.shape[1]), strict=True
        ):
            values[f"{name}_{letter}"] = block
    for letter, one, other in zip(letters, *(bias.detach().numpy().reshape(len(letters), -1)
                                             for bias in (cell.bias_ih, cell.bias_hh)), strict=True):  # fmt: skip
        values[f"b_{letter}"] = one + other
        values[f"b_{letter}·"] = one
        values[f"b_{letter}··"] = other
    return values


def test_lstm() -> None:
    cell = torch.nn.LSTMCell(3, 2)
    x, h, c = torch.randn(3), torch.randn(2), drawn(2)
    after_h, after_c = cell(x, (h, c))
    values = {**gates(cell, "ifgo"), **numbers(x=x, h=h, c=c)}
    made = worked_out(CARDS["lstm"].formula, values, {})
    np.testing.assert_allclose(made["c"], after_c.detach(), **CLOSE)
    np.testing.assert_allclose(made["h"], after_h.detach(), **CLOSE)
    (by_c,) = torch.autograd.grad(after_c.sum(), c, retain_graph=True)
    assert CARDS["lstm"].derivative[0].endswith("= f_t")
    np.testing.assert_allclose(made["f"], by_c, **CLOSE)
    at = {"o_t": made["o"], "c_t": made["c"]}
    slope = value_of(read(CARDS["lstm"].derivative[1]).parts[-1], at, {})  # type: ignore[union-attr]
    (whole,) = torch.autograd.grad(after_h.sum(), c)
    np.testing.assert_allclose(slope * made["f"], whole, **CLOSE)


def test_gru() -> None:
    cell = torch.nn.GRUCell(3, 2)
    x, h = torch.randn(3), torch.randn(2)
    values = {**gates(cell, "rzn"), **numbers(x=x, h=h)}
    values["b_n"], values["b_m"] = values["b_n·"], values["b_n··"]
    made = worked_out(CARDS["gru"].formula, values, {})
    np.testing.assert_allclose(made["h"], cell(x, h).detach(), **CLOSE)


# Optimizers: three steps of one weight


OPTIMIZERS: Mapping[str, tuple[Callable[[Any], torch.optim.Optimizer], dict[str, float]]] = {
    "sgd": (lambda w: torch.optim.SGD(w, 0.1), {}),
    "weight_decay": (lambda w: torch.optim.SGD(w, 0.1, weight_decay=0.3), {"λ": 0.3}),
    "momentum": (lambda w: torch.optim.SGD(w, 0.1, momentum=0.9), {"μ": 0.9, "v": 0.0}),
    "nesterov": (lambda w: torch.optim.SGD(w, 0.1, momentum=0.9, nesterov=True), {"μ": 0.9, "v": 0.0}),
    "rmsprop": (lambda w: torch.optim.RMSprop(w, 0.1, alpha=0.97, eps=1e-5), {"α": 0.97, "s": 0.0, "ε": 1e-5}),
    "adam": (
        lambda w: torch.optim.Adam(w, 0.1, (0.8, 0.97), eps=1e-5),
        {"β_1": 0.8, "β_2": 0.97, "m": 0.0, "v": 0.0, "ε": 1e-5},
    ),
}


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_optimizers(key: str) -> None:
    make, state = OPTIMIZERS[key]
    w = torch.tensor(1.5, requires_grad=True)
    optimizer = make([w])
    values: dict[str, Any] = {"w": 1.5, "η": 0.1, **state}
    for t in (1, 2, 3):
        optimizer.zero_grad()
        (w**3).backward()
        slope = 3 * values["w"] ** 2
        values = worked_out(CARDS[key].formula, {**values, "g": slope, "∂C/∂w": slope, "t": t}, {})
        optimizer.step()
        assert values["w"] == pytest.approx(w.item(), rel=1e-12)


def test_adamw_decays_before_adam_moves() -> None:
    w = torch.tensor(1.5, requires_grad=True)
    optimizer = torch.optim.AdamW([w], 0.1, (0.8, 0.97), eps=1e-5, weight_decay=0.3)
    (w**3).backward()
    optimizer.step()
    lines = (*CARDS["adam"].formula[:-1], *CARDS["adamw"].formula)
    given = {
        "w": 1.5,
        "η": 0.1,
        "λ": 0.3,
        "g": 3 * 1.5**2,
        "t": 1,
        "m": 0.0,
        "v": 0.0,
        "ε": 1e-5,
        "β_1": 0.8,
        "β_2": 0.97,
    }
    assert worked_out(lines, given, {})["w"] == pytest.approx(w.item(), rel=1e-12)


def test_rmsprops_first_step_is_as_the_card_says() -> None:
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.RMSprop([w], 0.01)
    (w * 123.0).backward()
    optimizer.step()
    assert w.item() == pytest.approx(-0.01 / (1 - 0.99) ** 0.5, rel=1e-6)


def test_every_formula_of_a_function_or_layer_is_checked_here() -> None:
    """A new card of these groups needs a test of its formula, unless it only restates another's."""
    groups = (Group.ACTIVATIONS, Group.LOSSES, Group.LAYERS, Group.IMAGES, Group.SEQUENCES, Group.OPTIMIZERS)
    restating = {"sequential", "max_pool", "optimizer", "lbfgs"}
    checked = {
        *ACTIVATIONS, *OPTIMIZERS, "softmax", "log_softmax", "mse", "l1", "huber", "cross_entropy", "nll", "bce",
        "bce_with_logits", "linear", "embedding", "conv", "conv_transpose", "avg_pool", "batch_norm", "layer_norm",
        "bilinear", "dropout", "attention", "rnn", "lstm", "gru", "adamw",
    }  # fmt: skip
    assert {key for key, card in CARDS.items() if card.group in groups} - restating <= checked
