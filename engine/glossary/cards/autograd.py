"""Cards of autograd: tensors, the graph that is noted, and how one steps out of it."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.AUTOGRAD,
    card(
        "tensor",
        ("tensor", "张量"),
        ("A block of numbers of one type with a shape, on one device.", "一块同一类型的数，有形状，放在某一个设备上。"),
        (
            "It behaves like a NumPy array, and may besides remember how it was made (grad_fn) and keep a gradient "
            "(.grad).",
            "它用起来像 NumPy 数组，此外还能记住自己是怎么算出来的（grad_fn），并保存梯度（.grad）。",
        ),
        see="shape dtype leaf grad_fn",
        picture="tensor",
        said=("tensor|tensors", "张量"),
    ),
    card(
        "parameter",
        ("parameter", "参数"),
        (
            "A tensor that belongs to a module and that training changes: a weight or a bias.",
            "属于某个模块、会被训练改变的张量：权重或偏置。",
        ),
        (
            "A module finds it only as its attribute, or in a module that is its attribute. Layers in a plain list, or "
            "made anew in forward(), are never updated.",
            "模块只认作为属性的参数，或者属性里的子模块的参数。放在普通列表里、或在 forward() 里临时新建的层，永远不会"
            "被更新。",
        ),
        see="module leaf optimizer W b",
        picture="unit",
        belief="M20",
        said=("parameter|parameters", "参数"),
    ),
    card(
        "module",
        ("module", "模块"),
        (
            "A part of a network with its parameters and a forward(): a layer, or layers put together.",
            "网络的一部分，带着参数和 forward()：一个层，或由层组成的整体。",
        ),
        (
            "Call net(x), not net.forward(x): it computes the same, but hooks are passed over.",
            "要写 net(x)，而不是 net.forward(x)：算出来的一样，但钩子不会被调用。",
        ),
        see="parameter sequential train_mode",
        belief="M22",
        said=("module|modules", "模块"),
    ),
    card(
        "autograd",
        ("autograd", "自动微分"),
        (
            "The part of PyTorch that records operations and finds their gradients.",
            "PyTorch 中记录运算并求出梯度的那一部分。",
        ),
        (
            "It differentiates what really ran. Of an if, only the branch that was taken is recorded.",
            "它求导的是真正运行过的运算。对 if 来说，只记录走过的那个分支。",
        ),
        picture="graph",
        see="graph leaf backprop no_grad",
        belief="M29",
        said=("autograd", "自动微分"),
    ),
    card(
        "graph",
        ("computation graph", "计算图"),
        (
            "What autograd notes while the forward pass runs: each operation and what went into it.",
            "前向传播时自动微分记下的东西：每个运算，以及它用了什么。",
        ),
        (
            "It is made anew in every pass, and its saved values are freed by backward(). A second backward() needs "
            "retain_graph=True.",
            "每次前向都会重新建图，而 backward() 会释放其中保存的值。要再做一次 backward()，需要 retain_graph=True。",
        ),
        picture="graph",
        see="autograd leaf grad_fn saved_values",
        belief="M9",
        said=("computation graph|graph", "计算图"),
    ),
    card(
        "leaf",
        ("leaf", "叶子节点"),
        (
            "A tensor that no recorded operation made, such as a parameter; only leaves keep a gradient.",
            "不是由运算得到的张量，例如参数；只有叶子节点会保留梯度。",
        ),
        (
            "w = w - lr*w.grad makes w a result and no leaf any more: its .grad stays empty. For other tensors ask "
            "with retain_grad().",
            "w = w - lr*w.grad 会让 w 变成运算结果，不再是叶子节点，它的 .grad 一直是空的。其他张量要事先用 "
            "retain_grad() 要求。",
        ),
        picture="graph",
        see="parameter grad_box in_place",
        belief="M6",
        said=("leaf|leaves", "叶子节点"),
    ),
    card(
        "requires_grad",
        ("requires_grad", "requires_grad"),
        (
            "The mark by which autograd knows that it should follow a tensor; what is made from such a tensor has it "
            "too.",
            "告诉自动微分要跟踪这个张量的标记；由它算出来的张量也带有这个标记。",
        ),
        (
            "Only floating point and complex numbers can have it. Setting it to False freezes a layer.",
            "只有浮点数和复数才能有。设为 False，就把一层冻结了。",
        ),
        picture="graph",
        see="leaf no_grad dtype",
        belief="M24",
        said=("requires_grad", "requires_grad"),
    ),
    card(
        "grad_box",
        ("gradient box (.grad)", "梯度盒（.grad）"),
        (
            "Where a leaf keeps its gradient: None at first, then what the backward passes added up.",
            "叶子节点存放梯度的地方：起初是 None，之后是各次反向传播累加的结果。",
        ),
        (
            "None and zeros are not the same: optimizers skip None, while with zeros momentum and weight decay still "
            "act.",
            "None 和零不是一回事：遇到 None，优化器会跳过；遇到零，动量和权重衰减照样起作用。",
        ),
        symbol=".grad",
        shapes="w [*] → .grad [*]",
        picture="boxes",
        see="accumulation zero_grad leaf",
        belief="M28",
        said=("gradient box|gradient boxes|.grad", "梯度盒|.grad"),
    ),
    card(
        "grad_fn",
        ("grad_fn", "grad_fn"),
        (
            "The autograd node that made a tensor and knows how its gradient goes back; None for a leaf.",
            "产生这个张量的自动微分节点，知道梯度怎样往回传；叶子节点的是 None。",
        ),
        (
            "next_functions leads on to the nodes of what went in; for a linear layer in the order bias, input, "
            "transposed weight.",
            "next_functions 通向输入的节点；对线性层来说，次序是偏置、输入、转置的权重。",
        ),
        picture="graph",
        see="graph leaf twin",
        belief="M27",
        said=("grad_fn", "grad_fn"),
    ),
    card(
        "saved_values",
        ("saved values", "保存的值"),
        (
            "What the graph keeps of the forward pass because the backward pass needs it.",
            "前向传播中被计算图留下来、反向传播还要用到的值。",
        ),
        (
            "A product keeps both factors, exp keeps its result, + keeps nothing. They are freed by backward().",
            "乘法留下两个因子，exp 留下结果，加法什么也不留。backward() 之后它们就被释放。",
        ),
        formula=("y = u·v", "∂y/∂u = v", "∂y/∂v = u"),
        picture="graph",
        see="graph in_place",
        belief="M9",
        said=("saved values|saved value", "保存的值"),
    ),
    card(
        "in_place",
        ("in-place operation", "原地操作"),
        (
            "An operation that writes into the tensor it was given, as x += 1 or relu_.",
            "直接改写给它的张量的运算，例如 x += 1 或 relu_。",
        ),
        (
            "It harms only where the backward pass still needs the old value; autograd sees that by the tensor's "
            "version and raises. A leaf that requires grad may be written to only under no_grad().",
            "只有反向传播还要用旧值时才有害；自动微分靠张量的版本号发现这一点并报错。需要梯度的叶子节点只能在 "
            "no_grad() 里改写。",
        ),
        see="saved_values leaf no_grad",
        belief="M8",
        said=("in-place|in place", "原地"),
    ),
    card(
        "no_grad",
        ("no_grad", "no_grad"),
        (
            "In a block with torch.no_grad() nothing is recorded: results have no grad_fn.",
            "在 torch.no_grad() 里什么也不记录：结果没有 grad_fn。",
        ),
        (
            "It saves memory in evaluation, and lets you write to parameters. It is not eval(), which changes how "
            "dropout and batch norm behave.",
            "评估时能省内存，也允许你改写参数。它不是 eval()：后者改变的是 dropout 和批归一化的行为。",
        ),
        picture="cut",
        see="detach train_mode in_place",
        belief="M15",
        said=("no_grad", "no_grad"),
    ),
    card(
        "detach",
        ("detach", "detach"),
        (
            "The same numbers under a new name, without the graph: no gradient comes back through it.",
            "同样的数，换了名字，脱离了计算图：梯度不会从它那里传回来。",
        ),
        (
            "It shares memory with the original, as numpy() and .data do. item() gives a Python number. All four cut "
            "the graph; clone() copies without cutting.",
            "它和原来的张量共用内存，numpy() 和 .data 也一样；item() 给出 Python 的数。这四个都会切断计算图；clone() "
            "复制而不切断。",
        ),
        formula=("∂detach(x)/∂x = 0",),
        shapes="x [*] → y [*]",
        picture="cut",
        see="no_grad graph",
        belief="M10",
        ops="detach data item numpy",
        said=("detach|detached", "detach"),
    ),
    card(
        "starting_gradient",
        ("starting gradient", "起始梯度"),
        (
            "What backward() begins with: 1 for a single number, else a tensor that says how much each entry counts.",
            "backward() 的起点：对单个数来说是 1，否则要给出一个张量，说明每个元素算多少。",
        ),
        (
            "z.backward(v) finds the gradient of the sum of v·z, the vector-Jacobian product; the whole Jacobian is "
            "never built.",
            "z.backward(v) 求的是 v·z 之和的梯度，即向量与雅可比矩阵的乘积；整个雅可比矩阵从不建立。",
        ),
        formula=("∂C/∂x_j = Σ_i v_i·∂z_i/∂x_j",),
        shapes="v [*], z [*] → ∂C/∂x [*]",
        see="backprop chain_rule",
        belief="M30",
        said=("starting gradient|vector-Jacobian product", "起始梯度"),
    ),
    card(
        "custom_function",
        ("autograd.Function", "autograd.Function"),
        (
            "An operation of your own: forward() computes, backward() says how the gradient goes back.",
            "自己写的运算：forward() 负责计算，backward() 说明梯度怎样传回。",
        ),
        (
            "backward() gets one gradient for each result and returns one for each argument. gradstep check finds a "
            "backward that does not fit its forward.",
            "backward() 对每个结果收到一个梯度，对每个参数返回一个梯度。backward 与 forward 不符时，gradstep check 会"
            "发现。",
        ),
        formula=("∂C/∂x = ∂C/∂y·∂y/∂x",),
        see="grad_fn chain_rule",
        said=("autograd.Function", "autograd.Function"),
    ),
)
