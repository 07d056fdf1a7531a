"""The terms of the field, defined once: labels, tooltips, the glossary and lessons read them here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_LANGUAGE = "en"
LANGUAGES = (DEFAULT_LANGUAGE, "zh_CN")


@dataclass(frozen=True, slots=True)
class Term:
    """One concept. key: its name in code ("grad_z"). symbol: as the window writes it ("∂C/∂z"), "" if it has none.

    names, sentences: by language ("en"): what it is called, and one sentence of what it means. formula: as one line of
    text, the same in every language, "" if it has none.
    """

    key: str
    symbol: str
    names: Mapping[str, str]
    sentences: Mapping[str, str]
    formula: str = ""

    def name(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What it is called; in English where the language has no word for it yet."""
        return self.names.get(language, self.names[DEFAULT_LANGUAGE])

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What it means; in English where the language has no sentence for it yet."""
        return self.sentences.get(language, self.sentences[DEFAULT_LANGUAGE])


def _term(key: str, symbol: str, names: tuple[str, str], sentences: tuple[str, str], formula: str = "") -> Term:
    """A row. names, sentences: in English, in Simplified Chinese."""
    return Term(
        key, symbol, dict(zip(LANGUAGES, names, strict=True)), dict(zip(LANGUAGES, sentences, strict=True)), formula
    )


_ROWS = (
    _term("x", "x", ("input", "输入"), ("The data that goes into the network.", "送进网络的数据。")),
    _term(
        "W",
        "w",
        ("weights", "权重"),
        (
            "The numbers that a layer multiplies its input by; training changes them.",
            "一层用来乘输入的数，训练会改变它们。",
        ),
    ),
    _term(
        "b",
        "b",
        ("bias", "偏置"),
        (
            "The number that a unit adds to its weighted sum; training changes it.",
            "神经元在加权和上再加的数，训练会改变它。",
        ),
    ),
    _term("t", "t", ("target", "目标"), ("What the network should have answered.", "网络本来应该给出的回答。")),
    _term(
        "z",
        "z⁽ˡ⁾",
        ("weighted input", "加权输入"),
        ("What layer l makes of its input before the activation.", "第 l 层在激活函数之前算出的值。"),
        "z = w·x + b",
    ),
    _term(
        "a",
        "a⁽ˡ⁾",
        ("activation", "激活值"),
        ("The output of layer l: a function of its weighted input.", "第 l 层的输出，是加权输入的函数。"),
        "a = f(z)",
    ),
    _term(
        "loss",
        "C",
        ("loss", "损失"),
        (
            "One number for how wrong the network's answer is; also called cost.",
            "用一个数表示网络的回答错了多少，也叫代价。",
        ),
        "C = C(a, t)",
    ),
    _term(
        "gradient",
        "∂C/∂",
        ("gradient", "梯度"),
        (
            "How much C changes if a number changes a little, for every number of a tensor.",
            "张量里每个数变一点点时，C 会变多少。",
        ),
    ),
    _term(
        "grad_z",
        "∂C/∂z",
        ("gradient of z", "对 z 的梯度"),
        ("How much C changes if z changes a little.", "z 变一点点时，C 会变多少。"),
        "∂C/∂z = ∂C/∂a·f′(z)",
    ),
    _term(
        "grad_a",
        "∂C/∂a",
        ("gradient of a", "对 a 的梯度"),
        ("How much C changes if a changes a little.", "a 变一点点时，C 会变多少。"),
        "∂C/∂a⁽ˡ⁾ = wᵀ·∂C/∂z⁽ˡ⁺¹⁾",
    ),
    _term(
        "grad_W",
        "∂C/∂w",
        ("gradient of w", "对 w 的梯度"),
        ("How much C changes if a weight changes a little.", "权重变一点点时，C 会变多少。"),
        "∂C/∂w = ∂C/∂z·xᵀ",
    ),
    _term(
        "grad_b",
        "∂C/∂b",
        ("gradient of b", "对 b 的梯度"),
        ("How much C changes if a bias changes a little.", "偏置变一点点时，C 会变多少。"),
        "∂C/∂b = ∂C/∂z",
    ),
    _term(
        "slope",
        "f′(z)",
        ("local derivative", "局部导数"),
        (
            "How much an activation changes if its input changes a little; σ′ for the sigmoid.",
            "激活函数的输入变一点点时，输出会变多少；对 sigmoid 来说就是 σ′。",
        ),
        "σ′(z) = a·(1 - a)",
    ),
    _term(
        "chain_rule",
        "",
        ("chain rule", "链式法则"),
        (
            "A gradient passes an operation by being multiplied by its local derivative.",
            "梯度穿过一个运算时，要乘上它的局部导数。",
        ),
        "∂C/∂x = ∂C/∂y·∂y/∂x",
    ),
    _term(
        "lr", "η", ("learning rate", "学习率"), ("How far an update goes along the gradient.", "一次更新沿梯度走多远。")
    ),
    _term(
        "optimizer",
        "",
        ("optimizer", "优化器"),
        ("What reads the gradients and moves the parameters.", "读取梯度、移动参数的那一部分。"),
        "w ← w - η·∂C/∂w",
    ),
    _term(
        "autograd",
        "",
        ("autograd", "自动微分"),
        (
            "The part of PyTorch that records operations and finds their gradients.",
            "PyTorch 中记录运算并求出梯度的那一部分。",
        ),
    ),
    _term(
        "graph",
        "",
        ("graph", "计算图"),
        (
            "What autograd notes while the forward pass runs: each operation and what went into it.",
            "前向传播时自动微分记下的东西：每个运算，以及它用了什么。",
        ),
    ),
    _term(
        "leaf",
        "",
        ("leaf", "叶子节点"),
        (
            "A tensor that no recorded operation made, such as a parameter; only leaves keep a gradient.",
            "不是由运算得到的张量，例如参数；只有叶子节点会保留梯度。",
        ),
    ),
    _term(
        "backprop",
        "",
        ("backpropagation", "反向传播"),
        (
            "Going through the graph from the loss to the leaves, by the chain rule.",
            "按链式法则，从损失沿计算图走回叶子节点。",
        ),
    ),
    _term(
        "accumulation",
        "",
        ("gradient accumulation", "梯度累加"),
        (
            "A backward pass adds to what .grad holds already, it does not replace it.",
            "反向传播把结果加到 .grad 里已有的数上，而不是覆盖它。",
        ),
    ),
    _term(
        "event",
        "",
        ("step", "步"),
        (
            "One recorded happening: an op, an autograd node, an update.",
            "记录下来的一件事：一个运算、一个自动微分节点或一次更新。",
        ),
    ),
    _term(
        "position",
        "",
        ("position", "位置"),
        ("A place in the trace: the number of events that are completed.", "轨迹中的一个地方：已经完成了多少步。"),
    ),
    _term(
        "iteration",
        "",
        ("iteration", "迭代"),
        ("One pass of the training loop: forward, backward, update.", "训练循环的一遍：前向、反向、更新。"),
    ),
    _term(
        "update",
        "",
        ("update", "更新"),
        (
            "A change of a parameter, by an optimizer or by the script itself.",
            "参数的一次改变，由优化器或脚本自己完成。",
        ),
        "w ← w - η·∂C/∂w",
    ),
    _term(
        "phase",
        "",
        ("phase", "阶段"),
        ("A part of an iteration: forward, backward or update.", "一次迭代的一部分：前向、反向或更新。"),
    ),
    _term(
        "quantity",
        "",
        ("quantity", "量"),
        (
            "A value that has a name in the textbook: z, a, C, a gradient, a new weight.",
            "教科书里有名字的值：z、a、C、某个梯度、新的权重。",
        ),
    ),
    _term(
        "twin",
        "",
        ("twin", "孪生节点"),
        (
            "A forward op and the autograd nodes that it made belong together.",
            "一个前向运算和它产生的自动微分节点是一对。",
        ),
    ),
    _term("run", "", ("run", "运行"), ("One execution of a script.", "脚本的一次执行。")),
    _term("trace", "", ("trace", "轨迹"), ("What is stored of a run.", "一次运行留下的记录。")),
    _term("script", "", ("script", "脚本"), ("The learner's own program.", "学习者自己的程序。")),
    _term(
        "child",
        "",
        ("script's process", "脚本的进程"),
        ("The process in which the script runs.", "运行脚本的那个进程。"),
    ),
    _term("value", "", ("value", "值"), ("What a tensor held at one moment.", "某一时刻张量里的内容。")),
)

TERMS: Mapping[str, Term] = {term.key: term for term in _ROWS}
"""All terms by key, in the order of the glossary."""


def term(key: str) -> Term:
    """The term with this key. Raises KeyError for an unknown one."""
    return TERMS[key]
