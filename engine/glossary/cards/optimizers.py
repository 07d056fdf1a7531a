"""Cards of optimizers: the rule by which each moves a parameter. Formulas: PyTorch's documentation of torch.optim."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.OPTIMIZERS,
    card(
        "optimizer",
        ("optimizer", "优化器"),
        ("What reads the gradients and moves the parameters.", "读取梯度、移动参数的那一部分。"),
        (
            "It holds the tensors it was given. A parameter that is replaced or made later, it does not know.",
            "它只认当初交给它的张量。后来替换或新建的参数，它不认识。",
        ),
        formula=("w ← w - η·∂C/∂w",),
        picture="descent",
        see="sgd momentum adam lr zero_grad",
        belief="M21",
        said=("optimizer|optimizers", "优化器"),
    ),
    card(
        "sgd",
        ("SGD", "SGD（随机梯度下降）"),
        (
            "Stochastic gradient descent: one step against the gradient of each batch.",
            "随机梯度下降：每一批都沿着梯度的反方向走一步。",
        ),
        (
            "Its step is as long as the gradient: short on flat ground, long on steep ground.",
            "步长与梯度成正比：平地上短，陡坡上长。",
        ),
        formula=("w ← w - η·∂C/∂w",),
        shapes="w [*], ∂C/∂w [*] → w [*]",
        picture="descent",
        see="lr momentum weight_decay",
        ops="SGD",
        said=("SGD|gradient descent", "SGD|梯度下降"),
    ),
    card(
        "momentum",
        ("momentum", "动量"),
        (
            "A step that remembers the steps before: a running sum of gradients moves the weight.",
            "会记住之前方向的一步：用梯度的滑动累加来移动权重。",
        ),
        (
            "It gathers speed where gradients agree and damps zigzag. With μ = 0.9 a steady gradient moves the weight "
            "up to ten times as far.",
            "梯度方向一致时会加速，来回摆动时会抵消。μ = 0.9 时，稳定的梯度最多能走出十倍的距离。",
        ),
        symbol="μ",
        formula=("v ← μ·v + ∂C/∂w", "w ← w - η·v"),
        shapes="w [*], v [*] → w [*], v [*]",
        picture="descent:momentum",
        see="sgd nesterov adam",
        ops="",
        said=("momentum", "动量"),
    ),
    card(
        "nesterov",
        ("Nesterov momentum", "Nesterov 动量"),
        ("Momentum that looks one step ahead.", "向前多看一步的动量。"),
        (
            "In PyTorch's form the new gradient counts once more beside the running sum.",
            "在 PyTorch 的写法里，新的梯度除了进入滑动累加，还额外再算一次。",
        ),
        formula=("v ← μ·v + ∂C/∂w", "w ← w - η·(∂C/∂w + μ·v)"),
        picture="descent:momentum",
        see="momentum sgd",
        said=("Nesterov momentum|Nesterov", "Nesterov"),
    ),
    card(
        "rmsprop",
        ("RMSprop", "RMSprop"),
        (
            "Divides each gradient by the running size of its own past, so that all weights move about alike.",
            "每个梯度都除以自己过去大小的滑动平均，让所有权重的步子差不多大。",
        ),
        (
            "Its first step is η/√(1 - α), ten times η for α = 0.99, whatever the gradient: losses can jump.",
            "第一步的大小是 η/√(1 - α)，α = 0.99 时是 η 的十倍，与梯度无关：损失可能猛地一跳。",
        ),
        formula=("s ← α·s + (1 - α)·g^2", "w ← w - η·g/(√s + ε)"),
        picture="descent:momentum",
        see="adam lr",
        ops="RMSprop",
        said=("RMSprop", "RMSprop"),
    ),
    card(
        "adam",
        ("Adam", "Adam"),
        (
            "Momentum and RMSprop together: a mean of gradients over the root of a mean of their squares.",
            "动量和 RMSprop 的结合：梯度的平均，除以梯度平方的平均的根。",
        ),
        (
            "m̂ and v̂ undo that both means start from 0. The first step is about η for every weight, in the direction "
            "of the gradient's sign.",
            "m̂ 和 v̂ 用来修正两个平均都从 0 开始这件事。第一步对每个权重来说大约都是 η，方向取决于梯度的符号。",
        ),
        formula=(
            "m ← β_1·m + (1 - β_1)·g",
            "v ← β_2·v + (1 - β_2)·g^2",
            "m̂ = m/(1 - β_1^t)",
            "v̂ = v/(1 - β_2^t)",
            "w ← w - η·m̂/(√v̂ + ε)",
        ),
        shapes="w [*], m [*], v [*] → w [*], m [*], v [*]",
        picture="descent:momentum",
        see="momentum rmsprop adamw",
        ops="Adam",
        said=("Adam", "Adam"),
    ),
    card(
        "adamw",
        ("AdamW", "AdamW"),
        ("Adam with a weight decay that does not go through the means.", "权重衰减不经过两个平均的 Adam。"),
        (
            "Usual for Transformers. Biases and norms are mostly left out of the decay.",
            "训练 Transformer 时常用。偏置和归一化层的参数通常不衰减。",
        ),
        formula=("w ← w - η·λ·w", "w ← w - η·m̂/(√v̂ + ε)"),
        see="adam weight_decay",
        ops="AdamW",
        said=("AdamW", "AdamW"),
    ),
    card(
        "lbfgs",
        ("L-BFGS", "L-BFGS"),
        (
            "Guesses the curvature from the last few steps and searches along one direction.",
            "从最近几步猜出曲率，再沿一个方向搜索。",
        ),
        (
            "It asks for the loss several times in one step, so step() takes a closure. Made for full batches and few "
            "parameters.",
            "一步之内要多次求损失，所以 step() 需要一个闭包。适合整批数据、参数不多的情况。",
        ),
        see="optimizer sgd",
        ops="LBFGS",
        said=("L-BFGS|LBFGS", "L-BFGS|LBFGS"),
    ),
)
