"""Cards of gradients: what they are, how they travel, and how they go wrong."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.GRADIENTS,
    card(
        "gradient",
        ("gradient", "梯度"),
        (
            "How much C changes if a number changes a little, for every number of a tensor.",
            "张量里每个数变一点点时，C 会变多少。",
        ),
        (
            "It has the shape of the tensor that it belongs to, and it points uphill: to lower the loss, go against "
            "it.",
            "它和所属的张量形状相同，并且指向上坡：要让损失下降，就得往反方向走。",
        ),
        symbol="∂C/∂",
        formula=("∂C/∂w ≈ (C(w + ε) - C(w - ε))/(2·ε)",),
        shapes="w [*] → ∂C/∂w [*]",
        picture="tangent",
        see="chain_rule backprop lr grad_box",
        belief="M4",
        said=("gradient|gradients", "梯度"),
    ),
    card(
        "grad_z",
        ("gradient of z", "对 z 的梯度"),
        ("How much C changes if z changes a little.", "z 变一点点时，C 会变多少。"),
        (
            "Textbooks call it δ, the error of a unit. All other gradients of the layer are made from it.",
            "教科书里叫 δ，即神经元的误差。这一层其他的梯度都由它算出。",
        ),
        symbol="∂C/∂z",
        formula=("∂C/∂z = ∂C/∂a·f′(z)",),
        shapes="∂C/∂a [N, out] → ∂C/∂z [N, out]",
        picture="chain",
        see="grad_a slope grad_W grad_b",
    ),
    card(
        "grad_a",
        ("gradient of a", "对 a 的梯度"),
        ("How much C changes if a changes a little.", "a 变一点点时，C 会变多少。"),
        (
            "Every unit of the next layer that used a sends a part; the parts are added.",
            "下一层每个用到 a 的神经元都传回一份，各份相加。",
        ),
        symbol="∂C/∂a",
        formula=("∂C/∂a^{(l)} = wᵀ·∂C/∂z^{(l+1)}",),
        shapes="∂C/∂z [N, out] → ∂C/∂a [N, in]; w [out, in]",
        picture="chain",
        see="grad_z fork chain_rule",
    ),
    card(
        "grad_W",
        ("gradient of w", "对 w 的梯度"),
        ("How much C changes if a weight changes a little.", "权重变一点点时，C 会变多少。"),
        (
            "What arrives at the unit times what went into it. If the input is 0, the weight gets no gradient.",
            "传到神经元的梯度，乘以当时送进去的输入。输入为 0，权重就得不到梯度。",
        ),
        symbol="∂C/∂w",
        formula=("∂C/∂w = ∂C/∂z·xᵀ",),
        shapes="∂C/∂z [N, out], x [N, in] → ∂C/∂w [out, in]",
        picture="chain",
        see="grad_z W update",
    ),
    card(
        "grad_b",
        ("gradient of b", "对 b 的梯度"),
        ("How much C changes if a bias changes a little.", "偏置变一点点时，C 会变多少。"),
        ("It is ∂C/∂z itself, summed over the batch.", "它就是 ∂C/∂z 本身，再对整批求和。"),
        symbol="∂C/∂b",
        formula=("∂C/∂b = ∂C/∂z",),
        shapes="∂C/∂z [N, out] → ∂C/∂b [out]",
        picture="chain",
        see="grad_z b broadcasting",
    ),
    card(
        "slope",
        ("local derivative", "局部导数"),
        (
            "How much an activation changes if its input changes a little; σ′ for the sigmoid.",
            "激活函数的输入变一点点时，输出会变多少；对 sigmoid 来说就是 σ′。",
        ),
        (
            "Mind what a helper function wants: σ′ written as a·(1 - a) takes the output a, written as σ(z)·(1 - σ(z)) "
            "it takes z.",
            "注意辅助函数要的是哪个参数：写成 a·(1 - a) 的 σ′ 要的是输出 a，写成 σ(z)·(1 - σ(z)) 的要的是 z。",
        ),
        symbol="f′(z)",
        formula=("f′(z) = ∂a/∂z", "σ′(z) = a·(1 - a)"),
        shapes="z [*] → f′(z) [*]",
        picture="curve:sigmoid",
        see="chain_rule sigmoid tanh relu",
        said=("local derivative", "局部导数"),
    ),
    card(
        "chain_rule",
        ("chain rule", "链式法则"),
        (
            "A gradient passes an operation by being multiplied by its local derivative.",
            "梯度穿过一个运算时，要乘上它的局部导数。",
        ),
        (
            "Along one path slopes are multiplied; where several paths meet, their products are added.",
            "同一条路径上的斜率相乘；几条路径汇合时，各自的乘积相加。",
        ),
        formula=("∂C/∂x = ∂C/∂y·∂y/∂x",),
        shapes="∂C/∂y [*] → ∂C/∂x [*]",
        picture="chain",
        see="slope backprop fork vanishing",
        said=("chain rule", "链式法则"),
    ),
    card(
        "backprop",
        ("backpropagation", "反向传播"),
        (
            "Going through the graph from the loss to the leaves, by the chain rule.",
            "按链式法则，从损失沿计算图走回叶子节点。",
        ),
        (
            "backward() only fills .grad; it moves no weight. step() only reads .grad and moves the weights.",
            "backward() 只填 .grad，不动权重；step() 只读 .grad，再去改权重。",
        ),
        formula=("∂C/∂z^{(l)} = wᵀ·∂C/∂z^{(l+1)} ⊙ f′(z^{(l)})",),
        picture="graph",
        belief="M3",
        see="graph chain_rule accumulation update",
        said=("backpropagation|backward pass", "反向传播"),
    ),
    card(
        "fork",
        ("fork", "分叉"),
        (
            "A value that several operations use: its gradient is the sum of what each of them sends back.",
            "被几个运算用到的值：它的梯度是各个运算传回来的梯度之和。",
        ),
        (
            "It is the value that was used twice that sums. At y = a + b nothing is added: a and b both get the "
            "gradient of y.",
            "求和发生在被用了两次的那个值上。在 y = a + b 这里什么也不加：a 和 b 得到的都是 y 的梯度。",
        ),
        formula=("∂C/∂x = ∂C/∂u·∂u/∂x + ∂C/∂v·∂v/∂x",),
        picture="fork",
        see="chain_rule accumulation grad_a",
    ),
    card(
        "accumulation",
        ("gradient accumulation", "梯度累加"),
        (
            "A backward pass adds to what .grad holds already, it does not replace it.",
            "反向传播把结果加到 .grad 里已有的数上，而不是覆盖它。",
        ),
        (
            "Forget zero_grad() and three equal passes leave 1, 2, 3 times the gradient. On purpose it makes a large "
            "batch of several small ones.",
            "忘了 zero_grad()，三次相同的反向传播会留下 1 倍、2 倍、3 倍的梯度。有意为之时，可以用几个小批凑成一个大"
            "批。",
        ),
        formula=('".grad" ← ".grad" + ∂C/∂w',),
        shapes=".grad [*], ∂C/∂w [*] → .grad [*]",
        picture="boxes",
        see="grad_box zero_grad fork",
        belief="M1",
        ops="AccumulateGrad",
        said=("gradient accumulation|gradients accumulate|gradients pile up", "梯度累加"),
    ),
    card(
        "vanishing",
        ("vanishing gradient", "梯度消失"),
        (
            "The gradient shrinks at each layer on its way back, until the first layers hardly learn.",
            "梯度往回每过一层就缩小一些，最前面的几层几乎学不到东西。",
        ),
        (
            "The slope of a sigmoid is at most 0.25; ten of them in a row leave less than a millionth. What helps: "
            "ReLU, good initial weights, normalisation, shortcuts around layers.",
            "sigmoid 的斜率最大只有 0.25，连乘十次就不到百万分之一。对策：ReLU、合适的初始权重、归一化、跨层的捷径连"
            "接。",
        ),
        formula=('∂C/∂x = ∂C/∂a^{(n)}·w^{(n)}·f′(z^{(n)})·"⋯"·w^{(1)}·f′(z^{(1)})',),
        picture="layers:vanishing",
        see="exploding saturation initialization batch_norm",
        belief="M17",
        said=("vanishing gradients|vanishing gradient|gradients vanish", "梯度消失"),
    ),
    card(
        "exploding",
        ("exploding gradient", "梯度爆炸"),
        (
            "The gradient grows at each layer on its way back, until one update throws the weights far away.",
            "梯度往回每过一层就变大一些，直到一次更新把权重甩得很远。",
        ),
        (
            "Look for losses that jump to huge numbers or NaN. What helps: clipping, smaller initial weights, a "
            "smaller learning rate.",
            "表现是损失突然变得极大，或者成为 NaN。对策：梯度裁剪、更小的初始权重、更小的学习率。",
        ),
        picture="layers:exploding",
        see="vanishing clipping lr",
        said=("exploding gradients|exploding gradient|gradients explode", "梯度爆炸"),
    ),
    card(
        "clipping",
        ("gradient clipping", "梯度裁剪"),
        (
            "Scaling all gradients down together when their common length is above a limit.",
            "所有梯度合起来的长度超过上限时，把它们按同一比例缩小。",
        ),
        (
            "The direction stays, only the step gets shorter. It must stand between backward() and step().",
            "方向不变，只是步子变短。它必须放在 backward() 和 step() 之间。",
        ),
        formula=('g ← g·min(1, c/"‖g‖")',),
        see="exploding update",
        ops="clip_grad_norm_ clip_grad_value_",
        said=("gradient clipping|clipping", "梯度裁剪"),
    ),
    card(
        "saturation",
        ("saturation", "饱和"),
        (
            "A unit whose input is so large or small that its curve is flat: its slope is almost 0.",
            "神经元的输入太大或太小，落在曲线平坦的地方：斜率几乎为 0。",
        ),
        (
            "Its output hardly changes and hardly any gradient passes, however wrong it is. Seen with sigmoid and "
            "tanh.",
            "它的输出几乎不变，也几乎不让梯度通过，哪怕错得离谱。sigmoid 和 tanh 会这样。",
        ),
        formula=("f′(z) ≈ 0",),
        picture="curve:sigmoid",
        see="vanishing sigmoid tanh dead_unit",
        said=("saturation|saturated|saturates", "饱和"),
    ),
    card(
        "dead_unit",
        ("dead unit", "死亡神经元"),
        (
            "A ReLU whose input is negative for every sample: it puts out 0 and gets no gradient.",
            "对每个样本输入都是负数的 ReLU：输出 0，也得不到梯度。",
        ),
        (
            "Without a gradient nothing moves its weights, so it does not recover by itself. A large step or a very "
            "negative bias kills units; LeakyReLU keeps them alive.",
            "没有梯度，权重就不会动，所以它自己恢复不了。步子太大、偏置太负都会造成死亡；LeakyReLU 能避免。",
        ),
        formula=("∂C/∂w = ∂C/∂a·0·x",),
        picture="curve:relu",
        see="relu leaky_relu saturation",
        belief="M18",
        said=("dead unit|dead units|dead ReLU|dying ReLU", "死亡神经元"),
    ),
)
