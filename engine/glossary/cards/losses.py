"""Cards of losses. Formulas: PyTorch's documentation of torch.nn, with reduction="mean"."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.LOSSES,
    card(
        "mse",
        ("mean squared error", "均方误差"),
        ("The mean of the squared differences between answer and target.", "输出与目标之差的平方的平均。"),
        (
            "PyTorch's has no half in front, so the slope has a factor of 2. Shapes must be equal: [N] against [N, 1] "
            "broadcasts.",
            "PyTorch 的写法前面没有 ½，所以斜率带因子 2。形状必须相同：[N] 对 [N, 1] 会发生广播。",
        ),
        formula=("C = 1/n·Σ_i (a_i - t_i)^2",),
        derivative=("∂C/∂a_i = 2/n·(a_i - t_i)",),
        shapes="a [N, out], t [N, out] → C []",
        picture="loss:mse_loss",
        see="l1 reduction loss",
        belief="M11",
        ops="mse_loss MSELoss MseLossBackward",
        said=("mean squared error|MSE", "均方误差|MSE"),
    ),
    card(
        "l1",
        ("mean absolute error (L1)", "平均绝对误差（L1）"),
        ("The mean of the absolute differences between answer and target.", "输出与目标之差的绝对值的平均。"),
        (
            "Every sample pulls equally hard, however far off: outliers count less than with squares.",
            "不管差多少，每个样本的拉力一样大：比起平方，离群点的影响更小。",
        ),
        formula=("C = 1/n·Σ_i abs(a_i - t_i)",),
        derivative=("∂C/∂a_i = 1/n·sign(a_i - t_i)",),
        shapes="a [N, out], t [N, out] → C []",
        picture="loss:l1_loss",
        see="mse huber",
        ops="l1_loss L1Loss",
        said=("mean absolute error|L1Loss", "平均绝对误差"),
    ),
    card(
        "huber",
        ("Huber loss", "Huber 损失"),
        ("Squared for small differences, straight for those larger than δ.", "差小时取平方，大于 δ 时取直线。"),
        (
            "Smooth at 0 like the square, mild to outliers like the absolute value.",
            "在 0 处像平方一样光滑，对离群点像绝对值一样温和。",
        ),
        formula=(
            "C = 1/n·Σ_i c_i",
            "d_i = a_i - t_i",
            "c_i = {1/2·d_i^2 | abs(d_i) ≤ δ ; δ·(abs(d_i) - δ/2) | abs(d_i) > δ}",
        ),
        derivative=("∂C/∂a_i = 1/n·max(-δ, min(δ, a_i - t_i))",),
        shapes="a [N, out], t [N, out] → C []",
        picture="loss:huber_loss",
        see="mse l1",
        ops="huber_loss HuberLoss smooth_l1_loss SmoothL1Loss",
        said=("Huber loss", "Huber 损失"),
    ),
    card(
        "cross_entropy",
        ("cross entropy", "交叉熵"),
        (
            "Minus the logarithm of the probability that the network gives to the right class.",
            "网络给正确类别的概率，取对数再取负。",
        ),
        (
            "CrossEntropyLoss takes raw scores and class numbers (int64); softmax is inside. Its gradient is as simple "
            "as can be: the probability, minus 1 at the right class.",
            "CrossEntropyLoss 要原始得分和类别编号（int64），softmax 在它里面。它的梯度非常简单：概率，在正确类别处减 "
            "1。",
        ),
        formula=("p_{n,i} = e^(z_{n,i})/(Σ_k e^(z_{n,k}))", "C = -1/N·Σ_n ln(p_{n,t_n})"),
        derivative=("∂C/∂z_{n,i} = 1/N·(p_{n,i} - δ_{i,t_n})",),
        shapes="z [N, classes], t [N] → C []",
        picture="loss:cross_entropy",
        see="logits softmax nll",
        belief="M12",
        ops="cross_entropy CrossEntropyLoss",
        said=("cross entropy|cross-entropy|CrossEntropyLoss", "交叉熵"),
    ),
    card(
        "nll",
        ("negative log likelihood", "负对数似然"),
        (
            "Picks the logarithm of the right class's probability and turns its sign.",
            "取出正确类别的对数概率，再变号。",
        ),
        (
            "It wants log_softmax before it. log_softmax and NLLLoss together are CrossEntropyLoss.",
            "前面需要 log_softmax。log_softmax 加 NLLLoss 就是 CrossEntropyLoss。",
        ),
        formula=("C = -1/N·Σ_n y_{n,t_n}",),
        derivative=("∂C/∂y_{n,i} = -1/N·δ_{i,t_n}",),
        shapes="y [N, classes], t [N] → C []",
        picture="loss:nll_loss",
        see="cross_entropy log_softmax",
        ops="nll_loss NLLLoss NllLossBackward",
        said=("negative log likelihood|NLLLoss", "负对数似然"),
    ),
    card(
        "bce",
        ("binary cross entropy", "二元交叉熵"),
        (
            "Cross entropy of a yes or no: how surprised one is by the target, given the probability a.",
            "“是或否”的交叉熵：给定概率 a，看到目标有多意外。",
        ),
        (
            "a must lie between 0 and 1, so a sigmoid stands before it. torch keeps the logarithms above -100.",
            "a 必须在 0 与 1 之间，所以前面要有 sigmoid。torch 把对数限制在 -100 以上。",
        ),
        formula=("C = -1/n·Σ_i (t_i·ln(a_i) + (1 - t_i)·ln(1 - a_i))",),
        derivative=("∂C/∂a_i = 1/n·(a_i - t_i)/(a_i·(1 - a_i))",),
        shapes="a [N, out], t [N, out] → C []",
        picture="loss:binary_cross_entropy",
        see="bce_with_logits sigmoid cross_entropy",
        ops="binary_cross_entropy BCELoss BinaryCrossEntropyBackward",
        said=("binary cross entropy|BCELoss", "二元交叉熵"),
    ),
    card(
        "bce_with_logits",
        ("binary cross entropy with logits", "带 logits 的二元交叉熵"),
        ("Sigmoid and binary cross entropy in one, on raw scores.", "sigmoid 和二元交叉熵合在一起，作用于原始得分。"),
        (
            "Safer than the two apart, as nothing overflows. A sigmoid before it would be one too many.",
            "比分开算更稳，不会溢出。前面再放一个 sigmoid 就多余了。",
        ),
        formula=("C = 1/n·Σ_i (ln(1 + e^(z_i)) - t_i·z_i)",),
        derivative=("∂C/∂z_i = 1/n·(σ(z_i) - t_i)",),
        shapes="z [N, out], t [N, out] → C []",
        picture="loss:binary_cross_entropy_with_logits",
        see="bce logits sigmoid",
        belief="M12",
        ops="binary_cross_entropy_with_logits BCEWithLogitsLoss",
        said=("BCEWithLogitsLoss", "BCEWithLogitsLoss"),
    ),
)
