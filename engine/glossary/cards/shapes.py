"""Cards of shapes and types, and of the operations that only change those."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.SHAPES,
    card(
        "shape",
        ("shape", "形状"),
        (
            "How many numbers a tensor has in each dimension, as [32, 10].",
            "张量在每个维度上有多少个数，例如 [32, 10]。",
        ),
        (
            "[N], [N, 1] and [1, N] are three shapes. [] is a single number. The batch comes first.",
            "[N]、[N, 1]、[1, N] 是三种不同的形状。[] 是单个数。批总是第一维。",
        ),
        picture="tensor",
        see="broadcasting view matmul",
        belief="M11",
        said=("shape|shapes", "形状"),
    ),
    card(
        "dtype",
        ("number type (dtype)", "数据类型（dtype）"),
        (
            "How a tensor's numbers are stored: float32, float64, int64, bool and others.",
            "张量里的数怎样存储：float32、float64、int64、bool 等等。",
        ),
        (
            "Weights are float32, NumPy makes float64, class labels are int64. A float32 has about 7 digits: 1.124 "
            "shows up as 1.1240000725.",
            "权重是 float32，NumPy 默认 float64，类别标签是 int64。float32 大约有 7 位有效数字：1.124 会显示成 "
            "1.1240000725。",
        ),
        see="tensor requires_grad",
        belief="M24",
        said=("dtype|number type", "dtype|数据类型"),
    ),
    card(
        "broadcasting",
        ("broadcasting", "广播"),
        (
            "Shapes are lined up from the right; a dimension that is 1 or missing is used again at every place.",
            "形状从右边对齐；长度为 1 或缺少的维度，在每个位置上重复使用。",
        ),
        (
            "On the way back, the gradient is summed over the places where a number was used again. A [N] minus a [N, "
            "1] gives N×N numbers without a word.",
            "反向时，同一个数用了几处，就把那几处的梯度加起来。[N] 减 [N, 1] 会悄悄得到 N×N 个数。",
        ),
        formula=("y_{i,j} = a_{i,j} + b_j",),
        derivative=("∂C/∂b_j = Σ_i ∂C/∂y_{i,j}",),
        shapes="a [N, M], b [M] → y [N, M]",
        picture="broadcast",
        see="shape b reduction",
        belief="M11",
        ops="expand",
        said=("broadcasting|broadcast|broadcasts", "广播"),
    ),
    card(
        "matmul",
        ("matrix product", "矩阵乘法"),
        (
            "Each row of the left matrix times each column of the right one, summed.",
            "左边矩阵的每一行，与右边矩阵的每一列对应相乘再求和。",
        ),
        (
            "The inner sizes must be equal. * is not this: it multiplies place by place.",
            "内侧的大小必须相等。* 不是矩阵乘法，而是逐个位置相乘。",
        ),
        formula=("y_{i,j} = Σ_k a_{i,k}·b_{k,j}",),
        derivative=("∂C/∂a = ∂C/∂y·bᵀ", "∂C/∂b = aᵀ·∂C/∂y"),
        shapes="a [N, K], b [K, M] → y [N, M]",
        picture="matmul",
        see="linear shape",
        belief="M23",
        ops="matmul mm bmm MmBackward",
        said=("matrix product|matrix multiplication", "矩阵乘法"),
    ),
    card(
        "view",
        ("view and reshape", "改变形状（view）"),
        ("The same numbers in the same order under another shape.", "同样的数，次序不变，只换一个形状。"),
        (
            "It is not a transpose: view reorders nothing. The gradient goes back in the old shape.",
            "它不是转置：view 不改变数的次序。梯度按原来的形状传回去。",
        ),
        shapes="x [N, C, H, W] → y [N, C*H*W]",
        picture="view",
        see="flatten shape",
        belief="M23",
        ops="view reshape unsqueeze squeeze ViewBackward",
        said=("view|reshape", "view|reshape"),
    ),
    card(
        "flatten",
        ("flatten", "展平"),
        (
            "Puts all dimensions but the batch into one row a sample, before a linear layer.",
            "除批以外，把其余维度排成一行，每个样本一行，然后交给线性层。",
        ),
        (
            "C·H·W numbers a sample: the linear layer behind it needs exactly so many inputs.",
            "每个样本有 C·H·W 个数：后面的线性层要恰好这么多输入。",
        ),
        formula=("y_{n,(c·H+i)·W+j} = x_{n,c,i,j}",),
        derivative=("∂C/∂x_{n,c,i,j} = ∂C/∂y_{n,(c·H+i)·W+j}",),
        shapes="x [N, C, H, W] → y [N, C*H*W]",
        picture="view",
        see="view linear conv",
        belief="M23",
        ops="flatten Flatten",
        said=("flatten|flattened", "展平"),
    ),
    card(
        "reduction",
        ("sum or mean", "求和或求平均"),
        (
            'How a loss makes one number of many: reduction="mean" (the default) or "sum".',
            '损失怎样把许多数变成一个：reduction="mean"（默认）或 "sum"。',
        ),
        (
            "Not only the printed loss differs: with the sum every gradient is n times as large, and so is every step.",
            "不只是打印出来的损失不同：求和时每个梯度都大 n 倍，每一步也大 n 倍。",
        ),
        formula=("C = 1/n·Σ_i c_i",),
        derivative=("∂C/∂c_i = 1/n",),
        shapes="c [*] → C []",
        see="loss batch lr",
        belief="M14",
        ops="mean sum MeanBackward SumBackward",
    ),
)
