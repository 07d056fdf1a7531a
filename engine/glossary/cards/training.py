"""Cards of training: what happens in which order, and what it is called."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.TRAINING,
    card(
        "phase",
        ("phase", "阶段"),
        ("A part of an iteration: forward, backward or update.", "一次迭代的一部分：前向、反向或更新。"),
        (
            "Forward computes values, backward fills .grad, the update moves the parameters, and zero_grad() empties "
            ".grad. What is read before the update and after it are different weights.",
            "前向算出值，反向填 .grad，更新移动参数，zero_grad() 清空 .grad。更新之前读到的和之后读到的不是同样的权"
            "重。",
        ),
        picture="loop",
        see="forward_pass backprop update zero_grad",
    ),
    card(
        "forward_pass",
        ("forward pass", "前向传播"),
        ("Computing every z and a from the input to the loss.", "从输入到损失，依次算出每个 z 和 a。"),
        ("With autograd the graph of the pass is noted by the way.", "有自动微分时，会顺便记下这一遍的计算图。"),
        formula=("a^{(l)} = f(w^{(l)}·a^{(l-1)} + b^{(l)})",),
        picture="loop",
        see="graph backprop z a",
        said=("forward pass", "前向传播"),
    ),
    card(
        "batch",
        ("batch", "批"),
        ("The samples that go through the network together, one a row.", "一起送进网络的样本，每行一个。"),
        (
            "The gradient of a batch is the mean (or sum) over its samples, so a small batch gives a noisy one. The "
            "last batch may be smaller.",
            "一批的梯度是各样本梯度的平均（或总和），所以批越小噪声越大。最后一批可能不满。",
        ),
        symbol="N",
        formula=("∂C/∂w = 1/N·Σ_{n=1}^N ∂C_n/∂w",),
        shapes="x [N, in]",
        picture="epoch",
        see="epoch reduction",
        said=("batch|batches|minibatch|minibatches", "小批量|一批"),
    ),
    card(
        "epoch",
        ("epoch", "轮（epoch）"),
        ("One pass over the whole training set, batch by batch.", "把整个训练集一批一批地过一遍。"),
        (
            "Batches that are drawn with replacement see some rows twice and others never: so many iterations, but no "
            "true pass.",
            "有放回地抽批，有的样本会出现两次，有的一次也没有：迭代次数够了，却不是真正的一轮。",
        ),
        formula=('"iterations" = "samples"/N',),
        picture="epoch",
        see="batch iteration",
        said=("epoch|epochs", "轮"),
    ),
    card(
        "zero_grad",
        ("zero_grad", "zero_grad"),
        (
            "Empties the .grad of every parameter, so that the next backward pass starts afresh.",
            "清空每个参数的 .grad，让下一次反向传播从头开始。",
        ),
        (
            "Between backward() and step() it throws the new gradients away, and nothing moves. By default it sets "
            "None, not zeros.",
            "放在 backward() 和 step() 之间，就把刚求出的梯度丢掉了，参数一动不动。默认设成 None，而不是零。",
        ),
        formula=('".grad" ← "None"',),
        picture="loop",
        see="accumulation grad_box phase",
        belief="M2",
        said=("zero_grad", "zero_grad"),
    ),
    card(
        "update",
        ("update", "更新"),
        (
            "A change of a parameter, by an optimizer or by the script itself.",
            "参数的一次改变，由优化器或脚本自己完成。",
        ),
        (
            "Minus, because the gradient points uphill. By hand it belongs under no_grad().",
            "用减号，因为梯度指向上坡。手写时要放在 no_grad() 里。",
        ),
        formula=("w ← w - η·∂C/∂w",),
        shapes="w [*], ∂C/∂w [*] → w [*]",
        picture="descent",
        see="optimizer lr sgd",
        belief="M4",
    ),
    card(
        "lr",
        ("learning rate", "学习率"),
        ("How far an update goes along the gradient.", "一次更新沿梯度走多远。"),
        (
            "Too small, and nothing seems to happen; too large, and each step overshoots by more than it gained.",
            "太小，看起来毫无进展；太大，每一步都冲过头，比原来更远。",
        ),
        symbol="η",
        formula=("w ← w - η·∂C/∂w",),
        picture="descent",
        see="update scheduler optimizer",
        belief="M19",
        said=("learning rate|learning rates", "学习率"),
    ),
    card(
        "scheduler",
        ("learning-rate scheduler", "学习率调度器"),
        ("Changes the learning rate by a plan while the training goes on.", "训练过程中按计划改变学习率。"),
        (
            "Its step() comes after that of the optimizer, once an epoch or once an iteration as the plan wants.",
            "它的 step() 放在优化器的 step() 之后，按计划每轮一次或每次迭代一次。",
        ),
        formula=("η_t = η_0·γ^t",),
        see="lr optimizer",
        said=("scheduler|schedulers", "调度器"),
    ),
    card(
        "initialization",
        ("initial weights", "初始权重"),
        ("The random numbers that weights start from.", "权重开始时的随机数。"),
        (
            "All zeros, and all units of a layer stay alike; too large, and units saturate. The spread should fit the "
            "number of inputs.",
            "全为零，同一层的神经元就永远一样；太大，神经元会饱和。散布程度应当和输入个数相配。",
        ),
        formula=('"std(w)" = √(2/n)',),
        see="vanishing saturation W",
        said=("initial weights|initialisation|initialization", "初始权重|初始化"),
    ),
    card(
        "train_mode",
        ("train and eval mode", "训练与评估模式"),
        (
            "A switch of modules: in train mode dropout drops and batch norm uses the batch, in eval mode neither "
            "does.",
            "模块的开关：训练模式下 dropout 随机丢弃、批归一化用当前批的统计量，评估模式下都不会。",
        ),
        (
            "Forget eval() and a test result depends on the other rows of its batch. It does not stop gradients: that "
            "is no_grad().",
            "忘了 eval()，测试结果就会受同一批其他样本影响。它并不停止求梯度，那是 no_grad() 的事。",
        ),
        picture="dropout",
        see="dropout batch_norm no_grad",
        belief="M16",
        said=("eval mode|train mode|training mode", "评估模式|训练模式"),
    ),
    card(
        "overfitting",
        ("overfitting", "过拟合"),
        (
            "The network learns the training samples by heart: its loss there falls while that on new data rises.",
            "网络把训练样本背了下来：训练损失在降，新数据上的损失却在升。",
        ),
        (
            "Only data that was never trained on can show it. What helps: more data, dropout, weight decay, stopping "
            "early.",
            "只有从没训练过的数据才能看出来。对策：更多数据、dropout、权重衰减、提早停止。",
        ),
        picture="overfitting",
        see="dropout weight_decay loss",
        said=("overfitting|overfits", "过拟合"),
    ),
    card(
        "weight_decay",
        ("weight decay", "权重衰减"),
        ("Pulls every weight a little towards 0 at each update.", "每次更新都把权重往 0 拉一点。"),
        (
            "With SGD it is the same as adding λ/2·w² to the loss. With Adam it is not; AdamW pulls apart from the "
            "gradient.",
            "对 SGD 来说，等于在损失里加上 λ/2·w²。对 Adam 则不然；AdamW 把它和梯度分开处理。",
        ),
        formula=("w ← w - η·(∂C/∂w + λ·w)",),
        picture="descent",
        see="sgd adamw overfitting",
        said=("weight decay", "权重衰减"),
    ),
)
