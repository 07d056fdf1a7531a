"""The numbers that lessons ask for and quote are those that were worked out without PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.analysis.watches.watch import parse, value


def answers(played: Any) -> dict[str, Any]:
    """The right answers of a lesson by question."""
    return {question.id: played.truth(stop, question).answer for stop, question in played.lesson.questions}


def test_tensors(play, golden) -> None:
    found = answers(play("tensors"))
    cubic = golden["seed002"]["autograd"]["cubic"]
    assert (found["y"], found["da"], found["db"]) == (cubic["y"], cubic["dy_da"], cubic["dy_db"])
    assert (found["after-two"], found["adds-up"]) == (2 * cubic["dy_da"], 2 * cubic["dy_da"])
    assert found["box-untouched"] == "no"
    column = golden["seed001"]["autograd_basics"]["broadcast"]
    assert found["column-sum"] == np.ravel(column["grad_b_for_ones"])[0]
    assert (found["cut"], found["whole"]) == (6.0, 12.0)
    assert (found["total-shape"], found["column-shape"]) == ((2, 3), (2, 1))
    # (p p)' = 2 p = 4 once, (p + 1)' = 1 twice; exp's pass fails, (10 p)' = 10; only 4 q was run.
    assert found["walks-twice"] == "yes"
    assert (found["branch-node"], found["branch-grad"]) == ("MulBackward0", 4.0)


def test_by_hand(play, golden) -> None:
    found = answers(play("by-hand"))
    net = golden["seed001"]["net_4_3_1"]
    first, buggy = net["first_pass"], net["seed_bug_variant"]
    assert found["z2"] == pytest.approx(first["z_out"][0][0], rel=1e-10)
    assert found["delta2"] == pytest.approx(first["delta_out"][0][0], rel=1e-10)
    assert found["bh-step"] == pytest.approx(-0.1 * first["dC_dbh"][0][0], rel=1e-10)
    assert found["E-sign"] == "-"
    assert found["error1-shape"] == np.shape(first["err_hidden"])
    a = buggy["first_a_out"][0][0]
    assert found["bug-size"] == pytest.approx(np.log(a / (1 - a)), rel=1e-10)
    right = net["checkpoints_before_step"]["100"]["C_half_sse"]
    wrong = buggy["checkpoints_before_step"]["100"]["C_half_sse"]
    assert wrong < right
    assert found["loss-shows"] == "smaller"
    played = play("by-hand")
    stop = next(stop for stop in played.lesson.stops if stop.id == "which-is-lower")
    assert f"{wrong:.5g}" in played.words(stop)
    assert f"{right:.5g}" in played.words(stop)


def test_line(play, golden) -> None:
    found = answers(play("line"))
    line = golden["seed001"]["linear_regression"]
    first = line["first_pass"]
    assert found["C"] == pytest.approx(first["loss_sum"])
    assert (found["dw"], found["db"]) == pytest.approx((first["dC_dw"], first["dC_db"]))
    assert found["new-w"] == pytest.approx(line["w0"] - 0.01 * first["dC_dw"])
    played = play("line")
    stops = {stop.id: stop for stop in played.lesson.stops}
    forgotten = line["no_zero_grad_variant"]["99"]["loss_before_step"]
    assert f"{forgotten:.4g}" in played.why(stops["swings"], stops["swings"].questions[1])


def test_neuron(play, golden) -> None:
    found = answers(play("neuron"))
    alive = golden["seed002"]["autograd"]["relu_neuron"]
    assert (found["z"], found["a"]) == (alive["z"], alive["out"])
    w, b, x, lr = 2.0, 1.0, 3.0, 0.02
    history = []
    for target in [6.0] * 4 + [-60.0] + [6.0] * 4:
        z = w * x + b
        slope = 1.0 if z > 0 else 0.0
        dz = 2 * (max(z, 0.0) - target) * slope
        history.append((z, dz, w))
        w, b = w - lr * dz * x, b - lr * dz
    assert found["dw"] == pytest.approx(history[0][1] * x)
    assert found["new-w"] == pytest.approx(history[1][2])
    assert found["passes"] == history[5][1] == 0.0
    assert history[5][0] == history[8][0] < 0
    assert found["forever"] == "same"
    played = play("neuron")
    stop = next(stop for stop in played.lesson.stops if stop.id == "dead")
    assert f"{history[5][0]:.4g}".replace("-", "−") in played.words(stop)


def test_minibatches(play, golden) -> None:
    found = answers(play("minibatches"))
    first = golden["seed002"]["linear_net"]["first_batch"]
    assert found["C"] == pytest.approx(first["loss"])
    assert found["db"] == pytest.approx(first["dC_db"])
    assert (found["updates"], found["fewer"]) == (16, 10)
    played = play("minibatches")
    stop = next(stop for stop in played.lesson.stops if stop.id == "useless")
    for weight in golden["seed002"]["linear_net"]["final_w"]:
        assert f"{weight:.4g}".replace("-", "−") in played.words(stop)


def test_two_layers(play, golden) -> None:
    found = answers(play("two-layers"))
    classifier = golden["seed003"]["classifier_5_8_4_1"]
    four = classifier["four_sample_pass"]
    assert found["untrained"] == pytest.approx(four["loss"], rel=1e-10)
    assert found["a3"] == pytest.approx(four["prob"][0][0], rel=1e-10)
    assert found["dz3"] == pytest.approx(four["dC_dz3"][0][0], rel=1e-10)
    assert (found["dead-weight"], found["masked"]) == (0.0, four["dC_dz2"][0][1])
    assert found["z1-shape"] == np.shape(four["z1"])
    played = play("two-layers")
    stop = next(stop for stop in played.lesson.stops if stop.id == "apart")
    why = played.why(stop, stop.questions[0])
    apart = classifier["separation"]["100"]
    assert f"{apart['mean_prob_class0']:.4g}" in why
    assert f"{apart['mean_prob_class1']:.4g}" in why


def test_lenet(play, golden) -> None:
    found = answers(play("lenet"))
    net = golden["seed004_convnet"]
    pooled = net["stages"]["pool1"]
    assert found["pool"] == pytest.approx(pooled["entries"]["0"], rel=1e-10)
    assert found["conv"] == pytest.approx(net["stages"]["conv1"]["entries"]["0"], rel=1e-10)
    assert list(found["z1-shape"]) == net["stages"]["conv1"]["shape"]
    assert list(found["pool-shape"]) == pooled["shape"]
    assert found["flat"] == net["stages"]["flat"]["shape"][-1]
    assert found["routed"] == 0.0
    assert "AccumulateGrad" in net["addmm_next_functions"][0]
    played = play("lenet")
    stops = {stop.id: stop for stop in played.lesson.stops}
    assert f"{net['loss']:.4g}" in played.words(stops["console"])
    bias = stops["bias"]
    assert f"{net['conv1.bias.grad'][0]:.4g}".replace("-", "−") in played.why(bias, bias.questions[0])


def test_digits(play, golden) -> None:
    played = play("digits")
    found = answers(played)
    losses = golden["seed001"]["mlp_784_500_10"]["loss_before_step"]
    assert found["untrained"] == pytest.approx(losses[0], rel=1e-4)
    gradient = float(played.moment(played.lesson.stops[0]).ask("dC/db2[0] | iteration 0", revealed=True).result)
    assert found["m"] == pytest.approx(0.1 * gradient, rel=1e-5)
    assert found["first-step"] == pytest.approx(-np.sign(gradient) * 0.001, rel=1e-3)
    assert (found["own-class"], found["z1-shape"], found["labels"]) == ("-", (128, 500), (128,))


def test_optimizers(play) -> None:
    """Each first step, worked out here from the optimizer's definition."""
    found = answers(play("optimizers"))
    w, steepness = np.array([0.3, 4.0]), np.array([20.0, 1.0])
    g = steepness * w
    assert found["across"] == pytest.approx(g[0])
    sgd = w - 0.04 * g
    assert (found["sgd-across"], found["sgd-along"]) == pytest.approx(tuple(sgd))
    buffer = 0.9 * g + steepness * sgd
    assert found["buffer"] == pytest.approx(buffer[0])
    assert found["overshoots"] == ("-" if sgd[0] - 0.04 * buffer[0] < 0 else "+")
    assert found["nesterov"] == pytest.approx(w[0] - 0.04 * 1.9 * g[0])
    v = 0.01 * g**2
    rms = w - 0.1 * g / (np.sqrt(v) + 1e-8)
    assert (found["rms-memory"], found["rms-along"]) == pytest.approx((v[0], rms[1]))
    assert 0.5 * (steepness * rms**2).sum() > 0.5 * (steepness * w**2).sum()
    assert (found["jump"], found["rms-across"]) == ("bigger", "-")
    assert found["adam-along"] == pytest.approx(w[1] - 0.1)


def test_mistakes(play) -> None:
    """The two that end in other losses by plain arithmetic, worked out here; the others are shown by their findings."""
    played = play("mistakes")
    found = answers(played)
    first = played.traces["seven"]
    X, y = (np.asarray(numbers_of(first, name)) for name in ("X", "y"))

    def losses(rate: float, passes: int) -> list[float]:
        w, found = np.zeros((3, 1)), []
        for _ in range(passes):
            error = X @ w - y
            found.append(float((error**2).mean()))
            w = w - rate * 2 * X.T @ error / len(X)
        return found

    up, wild, mended = losses(-0.1, 4), losses(4.0, 8), losses(0.1, 4)
    stops = {stop.id: stop for stop in played.lesson.stops}
    assert f"{up[3]:.4g}" in played.why(stops["seven"], stops["seven"].questions[0])
    assert wild[7] > 1000 * wild[0]
    assert (found["seven"], found["nine"], found["four"]) == ("bigger", "bigger", 256)
    assert mended[3] < mended[0] < up[3]
    runs = {run.id for run in played.lesson.runs if run.findings}
    assert len(runs) == 10


def test_vanishing(play) -> None:
    """Ten sigmoids and both modes of batch norm by their definitions."""
    played = play("vanishing")
    found = answers(played)
    a, slopes = 0.5, []
    for _ in range(10):
        a = 1 / (1 + np.exp(-a))
        slopes.append(a * (1 - a))
    assert found["slope"] == pytest.approx(slopes[-1])
    assert found["second"] == pytest.approx(np.prod(slopes[-2:]))
    stops = {stop.id: stop for stop in played.lesson.stops}
    assert np.prod(slopes) == pytest.approx(3.483115609785163e-07)
    assert "3.48×10⁻⁷" in played.words(stops["console"])
    assert (found["relus"], found["steepest"], found["spread"]) == (1.0, 0.25, 0.25)
    assert (found["lower"], found["small-back"], found["small-learns"]) == ("smaller", "smaller", "bigger")
    assert (found["still-there"], found["large"], found["dead"]) == ("bigger", "bigger", "0")

    x, wanted = np.array([1.0, 3.0, 5.0, 11.0]), np.array([0.0, 0.0, 1.0, 2.0])
    weight, bias, mean, variance, losses = 1.0, 0.0, 0.0, 1.0, []
    standard = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    for _ in range(2):
        error = weight * standard + bias - wanted
        losses.append((error**2).sum())
        weight, bias = weight - 0.1 * 2 * (error * standard).sum(), bias - 0.1 * 2 * error.sum()
        mean, variance = 0.9 * mean + 0.1 * x.mean(), 0.9 * variance + 0.1 * x.var(ddof=1)
    asked = weight * (x - mean) / np.sqrt(variance + 1e-5) + bias
    losses.append(((asked - wanted) ** 2).sum())
    assert found["normed"] == pytest.approx(standard[0])
    assert found["running"] == pytest.approx(0.1 * x.mean())
    assert found["eval"] == pytest.approx(asked[0])
    assert losses[2] > 10 * losses[1]
    why = played.why(stops["eval"], stops["eval"].questions[1])
    assert all(f"{loss:.4g}" in why for loss in losses[1:])
    assert (found["kept"], found["eval-dropout"]) == (2.0, 8.0)


def test_lstm(play) -> None:
    """Four steps forward and back by hand; the gradients by central differences of that same forward pass."""

    def sigma(z: float) -> float:
        return 1 / (1 + np.exp(-z))

    def forward(forget: float, moved: int = 0, by: float = 0.0) -> dict[str, Any]:
        """moved: the step whose cell state is moved by a little before anything reads it."""
        h, c, found = 0.0, 0.0, {"f": [], "i": [], "c": [], "h": []}
        for step, x in enumerate((1.0, 0.0, 0.0, 0.0), 1):
            i, f = sigma(4 * x - 2 + 0.5 * h), sigma(forget + 0.25 * h)
            c = f * c + i * np.tanh(1.5 * x + 0.5 * h) + (by if step == moved else 0.0)
            h = sigma(1.0) * np.tanh(c)
            for name, number in (("f", f), ("i", i), ("c", c), ("h", h)):
                found[name].append(number)
        return {**found, "C": (h - 0.8) ** 2}

    def by_cell(forget: float, step: int) -> float:
        return (forward(forget, step, 1e-6)["C"] - forward(forget, step, -1e-6)["C"]) / 2e-6

    played = play("lstm")
    found = answers(played)
    once = forward(3.0)
    assert found["i"] == pytest.approx(sigma(2.0))
    assert found["g"] == pytest.approx(np.tanh(1.5))
    assert (found["c1"], found["c2"]) == pytest.approx((once["c"][0], once["c"][1]))
    assert (found["h1"], found["C"]) == pytest.approx((once["h"][0], once["C"]))
    assert found["dh4"] == pytest.approx(2 * (once["h"][3] - 0.8))
    assert found["dc4"] == pytest.approx(by_cell(3.0, 4), rel=1e-6)
    assert found["along"] == pytest.approx(by_cell(3.0, 4) * once["f"][3], rel=1e-6)
    assert found["product"] == pytest.approx(np.prod(once["f"][1:]))
    stops = {stop.id: stop for stop in played.lesson.stops}
    for run, forget, stop in (("first", 3.0, stops["first"]), ("shut", -2.0, stops["shut"])):
        told = f"{by_cell(forget, 1):.4g}".replace("-", "−")
        assert any(told in played.why(stop, question) for question in stop.questions), run
    assert abs(by_cell(3.0, 1)) > 0.9 * abs(by_cell(3.0, 4))
    assert abs(by_cell(-2.0, 1)) < abs(by_cell(-2.0, 4)) / 100
    assert (found["arrives"], found["shut"], found["df"], found["forget-row"]) == ("bigger", "smaller", "0", "0")


def test_attention(play) -> None:
    """The head by its definition; its gradients by central differences of that definition."""
    given = {
        "q": np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]),
        "k": np.array([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]]),
        "v": np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]),
        "scaled": np.zeros((3, 3)),
        "weights": np.zeros((3, 3)),
        "out": np.zeros((3, 2)),
    }
    target = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])

    def head(moved: str = "q", row: int = 0, column: int = 0, by: float = 0.0) -> dict[str, Any]:
        """moved: what is moved a little at one place, an input or something on the way."""
        nudge = {name: np.zeros_like(array) for name, array in given.items()}
        nudge[moved][row, column] = by
        scores = (given["q"] + nudge["q"]) @ (given["k"] + nudge["k"]).T
        scaled = scores / np.sqrt(2) + nudge["scaled"]
        weights = np.exp(scaled) / np.exp(scaled).sum(axis=1, keepdims=True) + nudge["weights"]
        out = weights @ (given["v"] + nudge["v"]) + nudge["out"]
        return {"scores": scores, "scaled": scaled, "weights": weights, "out": out, "C": ((out - target) ** 2).sum()}

    def slope(moved: str, row: int, column: int) -> float:
        return (head(moved, row, column, 1e-6)["C"] - head(moved, row, column, -1e-6)["C"]) / 2e-6

    played = play("attention")
    found = answers(played)
    once = head()
    assert (found["score"], found["scores-shape"]) == (once["scores"][1, 0], (3, 3))
    assert found["scaled"] == pytest.approx(once["scaled"][0, 2])
    assert (found["weight"], found["out"]) == pytest.approx((once["weights"][0, 2], once["out"][0, 0]))
    assert found["undecided"] == pytest.approx(given["v"][:, 1].mean())
    assert found["dout"] == pytest.approx(slope("out", 0, 0), rel=1e-6)
    assert found["dv"] == pytest.approx(slope("v", 0, 0), rel=1e-6)
    assert found["dweight"] == pytest.approx(slope("weights", 0, 2), rel=1e-6)
    assert found["dscaled"] == pytest.approx(slope("scaled", 0, 2), rel=1e-6)
    assert found["dq"] == pytest.approx(slope("q", 0, 0), rel=1e-6)
    assert found["dk"] == ("+" if slope("k", 2, 0) > 0 else "-")
    two = np.exp(once["scaled"][1, :2])
    assert (found["first-sees"], found["second-sees"]) == pytest.approx((1.0, two[1] / two.sum()))
    assert (found["column"], found["wide"], found["around"]) == ("smaller", "smaller", "smaller")
    assert found["mixed-shape"] == (3, 4)
    stop = next(stop for stop in played.lesson.stops if stop.id == "trained")
    asked = played.moment(stop)
    losses = [float(asked.ask(f"C | iteration {number}", revealed=True).result) for number in (0, 59)]
    assert losses[1] < losses[0] / 100, "the text says that it is solved"
    assert f"{losses[1]:.4g}" in played.words(stop)


def numbers_of(trace: Any, name: str) -> Any:
    """What a variable of the script holds in the first pass."""
    return value(parse(name), trace, trace.iteration(0).end, 0).result
