"""Cards of layers for any data. Formulas and shapes: PyTorch's documentation of torch.nn."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.LAYERS,
    card(
        "linear",
        ("linear layer", "线性层"),
        (
            "Each unit adds up all inputs, each times its own weight, and a bias.",
            "每个神经元把所有输入各乘一个权重后相加，再加上偏置。",
        ),
        (
            "The weight is stored as [out, in]. nn.Linear wants the last dimension of its input to be in; images are "
            "flattened before it.",
            "权重按 [out, in] 存放。nn.Linear 要求输入的最后一维等于 in；图像要先展平。",
        ),
        formula=("y_{n,j} = Σ_k w_{j,k}·x_{n,k} + b_j",),
        derivative=(
            "∂C/∂x_{n,k} = Σ_j ∂C/∂y_{n,j}·w_{j,k}",
            "∂C/∂w_{j,k} = Σ_n ∂C/∂y_{n,j}·x_{n,k}",
            "∂C/∂b_j = Σ_n ∂C/∂y_{n,j}",
        ),
        shapes="x [N, in] → y [N, out]; w [out, in], b [out]",
        picture="matmul",
        see="z matmul flatten bilinear",
        belief="M23",
        ops="linear addmm Linear AddmmBackward LinearBackward",
        said=("linear layer|linear layers|nn.Linear", "线性层|全连接层"),
    ),
    card(
        "bilinear",
        ("bilinear layer", "双线性层"),
        (
            "Multiplies every number of one input with every number of another, each pair with its own weight.",
            "把一个输入的每个数与另一个输入的每个数相乘，每一对有自己的权重。",
        ),
        ("The weights grow with the product of both sizes.", "权重个数随两个输入大小的乘积增长。"),
        formula=("y_{n,j} = Σ_{k,m} u_{n,k}·w_{j,k,m}·v_{n,m} + b_j",),
        derivative=("∂y_{n,j}/∂u_{n,k} = Σ_m w_{j,k,m}·v_{n,m}", "∂y_{n,j}/∂v_{n,m} = Σ_k u_{n,k}·w_{j,k,m}"),
        shapes="u [N, K], v [N, M] → y [N, out]; w [out, K, M], b [out]",
        picture="bilinear",
        see="linear attention",
        ops="bilinear Bilinear",
    ),
    card(
        "embedding",
        ("embedding", "嵌入"),
        (
            "A table with a row of numbers for each word: it picks rows by their number.",
            "一张表，每个词占一行数：按编号取出对应的行。",
        ),
        (
            "The input is integers and has no gradient. Only rows that were picked get one; a row picked twice gets "
            "the sum.",
            "输入是整数，没有梯度。只有被取到的行才有梯度；取到两次的行得到两份之和。",
        ),
        formula=("y_{n,d} = w_{x_n,d}",),
        derivative=("∂C/∂w_{r,d} = Σ_n δ_{r,x_n}·∂C/∂y_{n,d}",),
        shapes="x [N] → y [N, dim]; w [words, dim]",
        picture="embedding",
        see="linear attention rnn",
        ops="embedding Embedding EmbeddingBackward",
        said=("embedding|embeddings", "嵌入"),
    ),
    card(
        "dropout",
        ("dropout", "dropout（随机失活）"),
        (
            "Sets each number to 0 by chance while training, and makes up for it by enlarging the rest.",
            "训练时按概率把一些数置 0，并放大其余的数来补偿。",
        ),
        (
            "p is the share that is dropped. Two calls in train mode differ; in eval mode it hands its input on. "
            "Dropout2d drops whole channels.",
            "p 是被丢弃的比例。训练模式下两次调用结果不同；评估模式下原样输出。Dropout2d 丢弃整个通道。",
        ),
        formula=("y_i = m_i·x_i/(1 - p)",),
        derivative=("∂y_i/∂x_i = m_i/(1 - p)",),
        shapes="x [*] → y [*]",
        picture="dropout",
        see="train_mode overfitting",
        belief="M16",
        ops="dropout Dropout dropout1d Dropout1d dropout2d Dropout2d dropout3d Dropout3d",
        said=("dropout", "dropout|随机失活"),
    ),
    card(
        "batch_norm",
        ("batch normalisation", "批归一化"),
        (
            "Gives each channel mean 0 and spread 1 over the batch, then scales and shifts it by two learned numbers.",
            "让每个通道在整批上均值为 0、标准差为 1，再用两个可学习的数缩放和平移。",
        ),
        (
            "In train mode a sample's result depends on the others of its batch, and running means are updated; in "
            "eval mode those are used. The gradient through the mean and the spread makes it longer than γ/σ.",
            "训练模式下，样本的结果受同一批其他样本影响，同时更新滑动平均；评估模式下改用滑动平均。梯度还要穿过均值和"
            "标准差，所以不只是 γ/σ。",
        ),
        formula=(
            "μ_c = 1/N·Σ_n x_{n,c}",
            "s_c = 1/N·Σ_n (x_{n,c} - μ_c)^2",
            "x̂_{n,c} = (x_{n,c} - μ_c)/√(s_c + ε)",
            "y_{n,c} = γ_c·x̂_{n,c} + β_c",
        ),
        derivative=("∂y_{n,c}/∂γ_c = x̂_{n,c}", "∂y_{n,c}/∂β_c = 1"),
        shapes="x [N, C, H, W] → y [N, C, H, W]; γ [C], β [C]",
        picture="norm:batch",
        see="layer_norm train_mode",
        belief="M16",
        ops="batch_norm BatchNorm1d BatchNorm2d BatchNorm3d NativeBatchNormBackward",
        said=("batch norm|batch normalisation|batch normalization", "批归一化"),
    ),
    card(
        "layer_norm",
        ("layer normalisation", "层归一化"),
        (
            "Gives the numbers of each sample mean 0 and spread 1, then scales and shifts them.",
            "让每个样本自己的数均值为 0、标准差为 1，再缩放和平移。",
        ),
        (
            "Samples do not touch each other, so train and eval mode are alike. Usual in Transformers.",
            "样本之间互不影响，所以训练和评估模式一样。Transformer 里常用。",
        ),
        formula=(
            "μ_n = 1/D·Σ_d x_{n,d}",
            "s_n = 1/D·Σ_d (x_{n,d} - μ_n)^2",
            "x̂_{n,d} = (x_{n,d} - μ_n)/√(s_n + ε)",
            "y_{n,d} = γ_d·x̂_{n,d} + β_d",
        ),
        derivative=("∂y_{n,d}/∂γ_d = x̂_{n,d}", "∂y_{n,d}/∂β_d = 1"),
        shapes="x [N, D] → y [N, D]; γ [D], β [D]",
        picture="norm:layer",
        see="batch_norm attention",
        ops="layer_norm LayerNorm NativeLayerNormBackward",
        said=("layer norm|layer normalisation|layer normalization", "层归一化"),
    ),
    card(
        "sequential",
        ("nn.Sequential", "nn.Sequential"),
        (
            "Modules one after the other: the output of each is the input of the next.",
            "一个接一个的模块：前一个的输出是后一个的输入。",
        ),
        (
            "Children are called by their place (0, 1, 2) or by the names of an OrderedDict.",
            "子模块按位置（0、1、2）命名，或用 OrderedDict 里的名字。",
        ),
        formula=("a_1 = f(x)", "a_2 = g(a_1)", "y = h(a_2)"),
        derivative=("∂y/∂x = ∂y/∂a_2·∂a_2/∂a_1·∂a_1/∂x",),
        picture="chain",
        see="module chain_rule",
        ops="Sequential",
        said=("nn.Sequential", "nn.Sequential"),
    ),
)
