"""What learners often believe, and what is true: the M-numbers that questions and reviews point to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .languages import Words


@dataclass(frozen=True, slots=True)
class Belief:
    """key: "M1". belief: as a learner would say it. truth: what is so."""

    key: str
    belief: Words
    truth: Words


def _row(key: str, belief: str, truth: str, chinese_belief: str, chinese_truth: str) -> Belief:
    return Belief(key, Words(belief, chinese_belief), Words(truth, chinese_truth))


_ROWS = (
    _row(
        "M1",
        "Each backward() replaces what is in .grad.",
        "It adds to it, until somebody empties the box.",
        "每次 backward() 都会覆盖 .grad。",
        "它是累加上去的，要等人来清空。",
    ),
    _row(
        "M2",
        "zero_grad() may stand anywhere in the loop.",
        "Between backward() and step() it throws the gradients away, and nothing moves.",
        "zero_grad() 放在循环里哪儿都行。",
        "放在 backward() 和 step() 之间，梯度就被丢掉，参数一动不动。",
    ),
    _row(
        "M3",
        "backward() changes the weights, or step() finds the gradients.",
        "backward() only fills .grad; step() only reads it and changes the weights.",
        "backward() 会改权重，或者梯度是 step() 求出来的。",
        "backward() 只填 .grad；step() 只读它，再去改权重。",
    ),
    _row(
        "M4",
        "One adds the gradient to go down.",
        "The gradient points uphill; going down means subtracting it.",
        "加上梯度就会下降。",
        "梯度指向上坡，要下降就得减去它。",
    ),
    _row(
        "M5",
        "Every tensor keeps its .grad.",
        "Only leaves do; for others ask with retain_grad().",
        "每个张量都会保留 .grad。",
        "只有叶子节点会；其他张量要用 retain_grad() 事先要求。",
    ),
    _row(
        "M6",
        "After w = w - lr*w.grad, w can still be trained.",
        "The new w is a result, no leaf; its .grad stays empty.",
        "执行 w = w - lr*w.grad 以后，w 还能继续训练。",
        "新的 w 是计算结果，不再是叶子节点，它的 .grad 一直是空的。",
    ),
    _row(
        "M7",
        "w -= ... may be written anywhere.",
        "A leaf that requires grad may be written to only under no_grad().",
        "w -= ... 写在哪里都行。",
        "需要梯度的叶子节点只能在 no_grad() 里原地修改。",
    ),
    _row(
        "M8",
        "In-place operations are always harmless, or always fatal.",
        "They harm where backward needs the value that was overwritten, and only there.",
        "原地操作总是无害的，或者总是致命的。",
        "只有反向传播还要用到被覆盖的值时才有害。",
    ),
    _row(
        "M9",
        "The graph survives backward().",
        "Its saved values are freed, unless one asks for retain_graph=True.",
        "计算图在 backward() 之后还在。",
        "它保存的值会被释放，除非写 retain_graph=True。",
    ),
    _row(
        "M10",
        "detach(), item(), .data and numpy() are just copies.",
        "They step out of the graph: no gradient comes back through them.",
        "detach()、item()、.data、numpy() 只是复制。",
        "它们离开了计算图，梯度不会从那里传回来。",
    ),
    _row(
        "M11",
        "The shapes [N] and [N, 1] are the same.",
        "Their difference is N by N: every answer meets every target.",
        "形状 [N] 和 [N, 1] 是一回事。",
        "两者相减得到 N×N：每个输出都和每个目标配了一遍。",
    ),
    _row(
        "M12",
        "CrossEntropyLoss wants probabilities.",
        "It takes raw scores and does the softmax itself.",
        "CrossEntropyLoss 要的是概率。",
        "它要的是原始得分，softmax 由它自己做。",
    ),
    _row(
        "M13",
        "softmax may go over any dimension.",
        "It must go over the classes, so that each row adds up to 1.",
        "softmax 沿哪个维度都一样。",
        "必须沿类别那一维，这样每一行的和才是 1。",
    ),
    _row(
        "M14",
        "Sum and mean differ only in what is printed.",
        "The gradients differ too, by the number of terms.",
        "求和与求平均只是打印出来不一样。",
        "梯度也不一样，差的倍数就是项数。",
    ),
    _row(
        "M15",
        "eval() stops gradients, and no_grad() is like eval().",
        "eval() changes how layers behave; no_grad() stops recording. Neither does the other's work.",
        "eval() 会停止求梯度，no_grad() 和 eval() 差不多。",
        "eval() 改变层的行为；no_grad() 停止记录。两者互不代替。",
    ),
    _row(
        "M16",
        "Dropout and batch norm do the same in both modes.",
        "In training mode they draw at random or use the batch; in eval mode they do not.",
        "dropout 和批归一化在两种模式下一样。",
        "训练模式下会随机丢弃、用当前批的统计量；评估模式下不会。",
    ),
    _row(
        "M17",
        "Gradients reach every layer alike.",
        "Each layer multiplies them by its slope; many small slopes leave little.",
        "梯度传到每一层都差不多大。",
        "每一层都要乘上自己的斜率；许多小斜率连乘就所剩无几。",
    ),
    _row(
        "M18",
        "A dead ReLU recovers by itself.",
        "Its slope is 0, so no gradient reaches its weights; nothing changes.",
        "死掉的 ReLU 自己会恢复。",
        "它的斜率是 0，梯度到不了它的权重，什么也不会变。",
    ),
    _row(
        "M19",
        "A bigger step learns faster.",
        "Past a certain size each step overshoots by more than it gained.",
        "步子越大学得越快。",
        "超过一定大小，每一步都会冲过头，越走越远。",
    ),
    _row(
        "M20",
        "Layers in a plain list, or made in forward(), learn.",
        "A module finds only what is its attribute or in a ModuleList; the rest is never updated.",
        "放在普通列表里或在 forward() 里新建的层也会学习。",
        "模块只认属性和 ModuleList 里的层，其余的永远不会被更新。",
    ),
    _row(
        "M21",
        "The optimizer follows a parameter that is replaced.",
        "It holds the tensors that it was given; a new one it does not know.",
        "参数换成新的，优化器会跟着走。",
        "优化器只认当初交给它的张量，新的它不认识。",
    ),
    _row(
        "M22",
        "net.forward(x) is the same as net(x).",
        "It computes the same, but hooks are passed over.",
        "net.forward(x) 和 net(x) 一样。",
        "算出来的一样，但钩子不会被调用。",
    ),
    _row(
        "M23",
        "Shapes sort themselves out.",
        "A product needs equal inner sizes; a view reorders nothing.",
        "形状会自己对上。",
        "矩阵相乘要求内侧大小相等；view 不会改变数的次序。",
    ),
    _row(
        "M24",
        "Number types sort themselves out.",
        "Weights are float32, class labels int64, and integers cannot have gradients.",
        "数据类型会自己对上。",
        "权重是 float32，类别标签是 int64，整数不能求梯度。",
    ),
    _row(
        "M25",
        "losses.append(loss) keeps a number.",
        "It keeps the whole graph alive; keep loss.item().",
        "losses.append(loss) 只存了一个数。",
        "它把整张计算图都留住了；应当存 loss.item()。",
    ),
    _row(
        "M26",
        "before = net.weight keeps the old values.",
        "It is the same tensor; clone() keeps old values.",
        "before = net.weight 记住了旧值。",
        "那是同一个张量；要用 clone() 才能留住旧值。",
    ),
    _row(
        "M27",
        "next_functions stand in the order of the drawing.",
        "For a linear layer they are bias, input, transposed weight.",
        "next_functions 的次序和图上画的一样。",
        "对线性层来说依次是偏置、输入、转置的权重。",
    ),
    _row(
        "M28",
        "A gradient of zero and no gradient are the same.",
        "Optimizers skip None; with zero they still act.",
        "梯度为零和没有梯度是一回事。",
        "遇到 None 优化器会跳过；遇到零它照样更新。",
    ),
    _row(
        "M29",
        "An if puts both branches into the graph.",
        "Only the branch that ran is recorded.",
        "if 的两个分支都会进入计算图。",
        "只记录真正运行的那个分支。",
    ),
    _row(
        "M30",
        "Only a single number has gradients, so backward() needs one.",
        "backward() starts from any tensor if it is told how much each entry counts.",
        "只有一个数才有梯度，所以 backward() 只能从一个数开始。",
        "只要说明每个元素算多少，backward() 可以从任何张量开始。",
    ),
    _row(
        "M31",
        "The loss curve shows whether the code is right.",
        "Wrong code can end with a lower loss; look at values.",
        "看损失曲线就知道代码对不对。",
        "错的代码也可能得到更低的损失；要看具体的数值。",
    ),
)

BELIEFS: Mapping[str, Belief] = {row.key: row for row in _ROWS}
"""All beliefs by key."""
