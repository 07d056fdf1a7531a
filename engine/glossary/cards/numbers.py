"""Cards of the numbers that go through a network."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.NUMBERS,
    card(
        "x",
        ("input", "输入"),
        ("The data that goes into the network.", "送进网络的数据。"),
        (
            "It has one row for each sample of the batch. Nothing trains it, so it usually has no gradient; with "
            "requires_grad=True you see how the loss would change with the data.",
            "批里的每个样本占一行。它不参与训练，通常没有梯度；设 requires_grad=True，就能看到数据变化时损失怎样变。",
        ),
        symbol="x",
        shapes="x [N, in]",
        picture="unit",
        see="batch W z",
    ),
    card(
        "W",
        ("weights", "权重"),
        (
            "The numbers that a layer multiplies its input by; training changes them.",
            "一层用来乘输入的数，训练会改变它们。",
        ),
        (
            "nn.Linear keeps them as [out, in]: one row for each unit. Writing before = layer.weight copies nothing: "
            "it is a second name for the same tensor.",
            "nn.Linear 把它存成 [out, in]：每个神经元一行。写 before = layer.weight 并没有复制，只是同一个张量的另一个"
            "名字。",
        ),
        symbol="w",
        shapes="w [out, in]",
        picture="unit",
        see="parameter b z grad_W initialization",
        belief="M26",
        said=("weights|weight", "权重"),
    ),
    card(
        "b",
        ("bias", "偏置"),
        (
            "The number that a unit adds to its weighted sum; training changes it.",
            "神经元在加权和上再加的数，训练会改变它。",
        ),
        (
            "It moves the activation's curve to the left or right. It is used once for each sample, so its gradient is "
            "the sum over the batch.",
            "它把激活函数的曲线左右移动。批里每个样本都用到它，所以它的梯度要对整批求和。",
        ),
        symbol="b",
        shapes="b [out]",
        picture="unit",
        see="parameter W z grad_b broadcasting",
        said=("bias|biases", "偏置"),
    ),
    card(
        "t",
        ("target", "目标"),
        ("What the network should have answered.", "网络本来应该给出的回答。"),
        (
            "Its shape must be the output's. [N] against [N, 1] is not an error: every answer is compared with every "
            "target, and the loss means nothing.",
            "它的形状必须和输出相同。[N] 对 [N, 1] 并不报错：每个输出都会和每个目标比较一遍，损失就没有意义了。",
        ),
        symbol="t",
        shapes="t [N, out]",
        see="loss broadcasting cross_entropy",
        belief="M11",
    ),
    card(
        "z",
        ("weighted input", "加权输入"),
        ("What layer l makes of its input before the activation.", "第 l 层在激活函数之前算出的值。"),
        (
            "Keep it apart from a: a slope is taken at z, though for σ and tanh it can be written with a alone.",
            "别和 a 混起来：斜率是在 z 处取的，尽管 σ 和 tanh 的斜率只用 a 就能写出来。",
        ),
        symbol="z⁽ˡ⁾",
        formula=("z = w·x + b",),
        derivative=("∂z/∂w = x", "∂z/∂x = w", "∂z/∂b = 1"),
        shapes="x [N, in] → z [N, out]; w [out, in], b [out]",
        picture="unit",
        see="a slope linear grad_z",
    ),
    card(
        "a",
        ("activation", "激活值"),
        ("The output of layer l: a function of its weighted input.", "第 l 层的输出，是加权输入的函数。"),
        (
            "Without a function between them, two linear layers are no more than one: w₂·(w₁·x) is linear again.",
            "两个线性层之间若没有函数，就只相当于一层：w₂·(w₁·x) 仍然是线性的。",
        ),
        symbol="a⁽ˡ⁾",
        formula=("a = f(z)",),
        derivative=("∂a/∂z = f′(z)",),
        shapes="z [N, out] → a [N, out]",
        picture="unit",
        see="z slope sigmoid relu",
        said=("activation|activations", "激活值"),
    ),
    card(
        "loss",
        ("loss", "损失"),
        (
            "One number for how wrong the network's answer is; also called cost.",
            "用一个数表示网络的回答错了多少，也叫代价。",
        ),
        (
            "A backward pass starts here. A falling loss does not prove that the code is right: look at the numbers. "
            "Keep loss.item() in a list, not loss, which keeps its whole graph alive.",
            "反向传播从这里出发。损失在下降并不证明代码正确，要看具体的数。存进列表的应是 loss.item()，而不是 loss，后"
            "者会把整张计算图留在内存里。",
        ),
        symbol="C",
        formula=("C = C(a, t)",),
        shapes="a [N, out], t [N, out] → C []",
        picture="loss:mse_loss",
        see="mse cross_entropy reduction backprop",
        belief="M31",
        said=("loss|losses|cost", "损失|代价"),
    ),
    card(
        "logits",
        ("logits", "logits（原始得分）"),
        (
            "Raw scores of the classes, before softmax or sigmoid makes probabilities of them.",
            "各类别的原始得分，还没有经过 softmax 或 sigmoid 变成概率。",
        ),
        (
            "Any number is allowed; only their differences count. CrossEntropyLoss and BCEWithLogitsLoss want these, "
            "not probabilities: a softmax before them makes a confident mistake almost gradient-free.",
            "可以是任意实数，起作用的只是它们之间的差。CrossEntropyLoss 和 BCEWithLogitsLoss 要的正是它，而不是概率："
            "前面多做一次 softmax，自信的错误几乎就得不到梯度。",
        ),
        shapes="z [N, classes]",
        picture="softmax",
        see="softmax cross_entropy bce_with_logits",
        belief="M12",
        said=("logits|logit|raw scores", "logits|原始得分"),
    ),
)
