"""Cards of Gradstep's own words. They have no `said`: in texts these words mostly mean what they always mean."""

from __future__ import annotations

from ..card import Group, card, grouped

CARDS = grouped(
    Group.TRACING,
    card(
        "event",
        ("step", "步"),
        (
            "One recorded happening: an op, an autograd node, an update.",
            "记录下来的一件事：一个运算、一个自动微分节点或一次更新。",
        ),
        (
            "Step into (F11) goes from event to event; the usual step goes from quantity to quantity.",
            "“单步进入”（F11）逐个事件地走；平常的一步是从一个量到下一个量。",
        ),
        see="quantity position phase",
    ),
    card(
        "position",
        ("position", "位置"),
        ("A place in the trace: the number of events that are completed.", "轨迹中的一个地方：已经完成了多少步。"),
        (
            "Position 12 stands between the twelfth event and the next, so stepping back only moves this number.",
            "位置 12 在第十二个事件之后、下一个之前，所以倒退只是改变这个数。",
        ),
        see="event trace",
    ),
    card(
        "iteration",
        ("iteration", "迭代"),
        ("One pass of the training loop: forward, backward, update.", "训练循环的一遍：前向、反向、更新。"),
        (
            "What runs before the first one, as making the network, is the set-up.",
            "第一遍之前运行的，例如建网络，叫准备阶段。",
        ),
        picture="loop",
        see="phase epoch batch",
    ),
    card(
        "quantity",
        ("quantity", "量"),
        (
            "A value that has a name in the textbook: z, a, C, a gradient, a new weight.",
            "教科书里有名字的值：z、a、C、某个梯度、新的权重。",
        ),
        (
            "The default steps go through these in textbook order, though PyTorch may compute several at once.",
            "默认的步子按教科书的次序逐个经过它们，尽管 PyTorch 可能一次算出几个。",
        ),
        see="z a loss gradient event",
    ),
    card(
        "twin",
        ("twin", "孪生节点"),
        (
            "A forward op and the autograd nodes that it made belong together.",
            "一个前向运算和它产生的自动微分节点是一对。",
        ),
        ("Ctrl+J jumps from one to the other.", "按 Ctrl+J 在两者之间跳转。"),
        picture="graph",
        see="grad_fn graph",
    ),
    card(
        "run",
        ("run", "运行"),
        ("One execution of a script.", "脚本的一次执行。"),
        ("The same script with the same seed gives the same run.", "同样的脚本、同样的种子，得到同样的运行。"),
        see="trace script",
    ),
    card(
        "trace",
        ("trace", "轨迹"),
        ("What is stored of a run.", "一次运行留下的记录。"),
        (
            "A file that holds numbers and text. Opening it runs no code.",
            "一个存放数和文字的文件。打开它不会运行任何代码。",
        ),
        see="run event position",
    ),
    card(
        "script",
        ("script", "脚本"),
        ("The learner's own program.", "学习者自己的程序。"),
        (
            "It is run unchanged; recorded, stepped or bare, its numbers are the same to the last bit.",
            "原样运行；无论记录、单步还是直接运行，数值逐位相同。",
        ),
        see="run child",
    ),
    card(
        "child",
        ("script's process", "脚本的进程"),
        ("The process in which the script runs.", "运行脚本的那个进程。"),
        ("If the script crashes, the window and what was recorded stay.", "脚本崩溃时，窗口和已经记录的内容都还在。"),
        see="script run",
    ),
    card(
        "value",
        ("value", "值"),
        ("What a tensor held at one moment.", "某一时刻张量里的内容。"),
        (
            "A tensor that is written to in place has several values, one after the other.",
            "被原地改写的张量先后有好几个值。",
        ),
        picture="tensor",
        see="tensor in_place",
    ),
)
