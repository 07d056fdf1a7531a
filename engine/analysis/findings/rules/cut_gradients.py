"""Parameters that no gradient reaches: a cut in the graph, or a layer that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
from ....events import Event, Kind, Phase
from ..boxes import Change
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_CUTS = frozenset({"detach", "data", "item", "numpy", "tolist", "detach_"})


@rule(
    "loss-cut-off",
    title=("The loss is not connected to the network", "损失与网络没有连接"),
    why=(
        "A number has no graph: backward() on a tensor made of it ends where it starts, and no parameter gets a "
        "gradient.",
        "数值本身没有计算图：对由它新建的张量调用 backward() 会立刻结束，没有参数能得到梯度。",
    ),
    attempt=(
        "Keep the loss a tensor: no .item(), no torch.tensor(...) around it.",
        "让损失保持为张量：不要用 .item()，也不要再包一层 torch.tensor(...)。",
    ),
)
def loss_cut_off(run: Run) -> Iterator[Seen]:
    """A new leaf that requires grad has the very number that a tracked op computed, whose node never ran."""
    ran = {event.node for event in run.events if event.kind == Kind.NODE}
    computed: dict[float, Event] = {}
    for event in run.events:
        if event.kind != Kind.OP or event.iteration < 0 or not event.outputs or event.outputs[0].value is None:
            continue
        number = run.number(event.outputs[0].value)
        if number is None or number in (0.0, 1.0):
            continue
        if event.outputs[0].node is not None:
            if event.outputs[0].node not in ran:
                computed[number] = event
        elif event.name == "tensor" and event.arguments.get("requires_grad") is True and number in computed:
            before = computed[number]
            at, op = run.at(event), run.op(before)
            yield Seen(
                sentence(
                    f"torch.tensor(...) at {at.english} makes a new leaf of the number {number:.6g} that {op.english} "
                    f"computed; no backward pass ever reached {before.name}.",
                    f"{at.chinese}的 torch.tensor(...) 用{op.chinese} 算出的数 {number:.6g} 新建了一个叶子节点；"
                    f"没有任何反向传播到达过 {before.name}。",
                ),
                Sure.CERTAIN,
                (event.position, before.position),
                "loss.backward()",
                Bilingual(
                    "The same run with backward() on the network's own output.",
                    "其他不变，直接对网络自己的输出调用 backward()，再运行一次。",
                ),
            )
            return


@rule(
    "cut-branch",
    title=("A used parameter gets no gradient", "某个用到的参数得不到梯度"),
    why=(
        "Between it and the loss the graph is cut, so it never learns.",
        "它与损失之间的计算图被切断了，因此它永远学不到东西。",
    ),
    attempt=(
        "Keep .detach(), .data, .item() and torch.no_grad() out of the way from it to the loss.",
        "在它到损失的路径上不要使用 .detach()、.data、.item() 和 torch.no_grad()。",
    ),
    explained_by=("loss-cut-off", "step-without-backward"),
)
def cut_branch(run: Run) -> Iterator[Seen]:
    """In the graph, in an iteration whose backward pass ran, and never reached by it."""
    if not run.losses or any(event.kind == Kind.OP and event.name == "grad" for event in run.events):
        return
    filled = {t for t, steps in run.boxes.items() if any(step.change == Change.FILL for step in steps)}
    passes = {loss.iteration for loss in run.losses}
    for number in run.samples:
        if number not in passes:
            continue
        last = max(loss.position for loss in run.losses if loss.iteration == number)
        in_graph = {node.tensor for node in run.trace.nodes(number) if node.tensor is not None}
        lost = [
            tensor
            for tensor in in_graph - filled
            if tensor in run.layer_tensors and tensor not in run.data and tensor not in run.updates
        ]
        for tensor in sorted(lost):
            use = _first_use(run, tensor, number)
            cut = None if use is None or use.position > last else _cut_after(run, use)
            if use is None or cut is None:
                continue
            name, used, cutting = run.name(tensor), run.op(use), run.op(cut)
            yield Seen(
                sentence(
                    f"{name.english} goes into {used.english}, {cutting.english} cuts the graph, and no backward pass "
                    "reached it.",
                    f"{name.chinese} 进入了{used.chinese}，而{cutting.chinese} 切断了计算图，反向传播从未到达它。",
                ),
                Sure.LIKELY if use.call is None or _root(run, use.call) in _trained_roots(run, number) else Sure.MAYBE,
                (cut.position, use.position),
                "",
                Bilingual(f"The same run without {cutting.english}.", f"其他不变，去掉{cutting.chinese}，再运行一次。"),
            )
            return


def _trained_roots(run: Run, number: int) -> set[int]:
    """Outermost modules of which some parameter gets a gradient; a teacher, used as a target only, is none of them."""
    found = set()
    for event in run.flow(number).ops:
        if event.call is not None and any(run.flow(number).leaves.get(s.value or 0) in run.boxes for s in event.inputs):
            found.add(_root(run, event.call))
    return found


def _first_use(run: Run, tensor: int, number: int) -> Event | None:
    flow = run.flow(number)
    values = {value for value, leaf in flow.leaves.items() if leaf == tensor}
    return next((event for event in flow.ops if any(slot.value in values for slot in event.inputs)), None)


def _cut_after(run: Run, use: Event) -> Event | None:
    """The op that cuts what was computed from an op's result, if every way from it is cut."""
    made = {slot.value for slot in use.outputs}
    cut: Event | None = None
    for event in run.flow(use.iteration).events:
        if event.position <= use.position or event.kind != Kind.OP or not any(s.value in made for s in event.inputs):
            continue
        if event.name in _CUTS:
            cut = cut or event
        elif any(slot.node is not None for slot in event.outputs):
            made.update(slot.value for slot in event.outputs)
    return cut


@rule(
    "no-grad-part",
    title=("Part of the network runs without autograd", "网络的一部分在没有自动微分的情况下运行"),
    why=(
        "Under torch.no_grad() nothing is recorded for backward, so these parameters never learn.",
        "在 torch.no_grad() 下不会为反向传播记录任何内容，因此这些参数学不到东西。",
    ),
    attempt=("Move it out of torch.no_grad().", "把它移出 torch.no_grad()。"),
)
def no_grad_part(run: Run) -> Iterator[Seen]:
    """Inside one outermost module call some layers with trainable weights are tracked, and others never are."""
    tracked: set[int] = set()
    untracked: dict[int, Event] = {}
    roots: dict[int, int] = {}
    for event in run.events:
        if event.kind != Kind.OP or event.phase != Phase.FORWARD or event.call is None or not event.outputs:
            continue
        tensors = [run.value(slot.value).tensor for slot in event.inputs if slot.value is not None]
        held = [t for t in tensors if t is not None and run.tensors[t].requires_grad and run.tensors[t].name]
        is_tracked = any(slot.node is not None for slot in event.outputs)
        for tensor in held:
            roots[tensor] = _root(run, event.call)
            if is_tracked:
                tracked.add(tensor)
            elif run.value(event.outputs[0].value or 0).dtype.startswith(("float", "bfloat")):
                untracked.setdefault(tensor, event)
    training = {roots[tensor] for tensor in tracked if tensor in run.updates}
    lost = [tensor for tensor in untracked if tensor not in tracked and roots[tensor] in training]
    if lost:
        event = untracked[lost[0]]
        op, names = run.op(event), run.listed(lost)
        yield Seen(
            sentence(
                f"{op.english} uses {names.english} with autograd off, while the rest of the same network is trained.",
                f"{op.chinese} 在关闭自动微分的情况下使用了 {names.chinese}，而同一网络的其余部分在接受训练。",
            ),
            Sure.LIKELY,
            (event.position,),
            "",
            Bilingual(
                "The same run with this part under autograd.", "其他不变，让这一部分也参与自动微分，再运行一次。"
            ),
        )


def _root(run: Run, call: int) -> int:
    found = run.trace.call(call)
    while found is not None and found.parent is not None:
        found = run.trace.call(found.parent)
    return 0 if found is None else hash((found.variable, found.class_name))


@rule(
    "unused-parameter",
    title=("A parameter is never used", "有参数从未被使用"),
    why=(
        "The forward pass leaves it out, so its .grad stays None and no optimizer moves it.",
        "前向传播没有用到它，所以它的 .grad 一直是 None，优化器也不会改变它。",
    ),
    attempt=("Use the layer in forward, or take it away.", "在 forward 中使用该层，或将其删除。"),
)
def unused_parameter(run: Run) -> Iterator[Seen]:
    """A named parameter of a module that is called, which no op of any iteration reads."""
    if not run.losses or any(event.arguments.get("opaque") for event in run.events if event.call is not None):
        return
    reading = [event for event in run.events if event.iteration >= 0 and event.kind in (Kind.OP, Kind.UPDATE)]
    used = {run.value(slot.value).tensor for e in reading for slot in e.inputs if slot.value is not None}
    used |= {tensor for number in run.samples for tensor in run.flow(number).leaves.values()} | set(run.boxes)
    lost = [
        tensor.id
        for tensor in run.tensors.values()
        if tensor.kind == "parameter" and tensor.requires_grad and tensor.name and tensor.id not in used
    ]
    if lost and used - {None}:
        names = run.listed(lost)
        whole = all("." in run.tensors[tensor].name for tensor in lost)
        yield Seen(
            sentence(
                f"No op of {len(run.numbers)} iterations reads {names.english}, and no gradient reaches it.",
                f"{len(run.numbers)} 次迭代中没有任何运算用到 {names.chinese}，也没有梯度到达。",
            ),
            Sure.LIKELY if whole else Sure.MAYBE,
            (run.losses[0].position,),
            "",
            Bilingual(
                "The same run with this layer in the forward pass.",
                "其他不变，让前向传播用上这一层，再运行一次。",
            ),
        )


@rule(
    "updated-but-unread",
    title=("A parameter is updated but never used", "有参数被更新却从未被使用"),
    why=(
        "The forward pass leaves it out: whatever is done to it cannot change the output.",
        "前向传播没有用到它：无论怎样改变它，输出都不会变化。",
    ),
    attempt=("Use it in the forward pass.", "在前向传播中使用它。"),
)
def updated_but_unread(run: Run) -> Iterator[Seen]:
    """Updates change it in several iterations, and no op reads any of its values."""
    read = {slot.value for event in run.events if event.kind == Kind.OP for slot in event.inputs}
    for tensor, events in run.updates.items():
        values = [slot.value for event in events for slot in (event.inputs[0], *event.outputs[:1])]
        if len(events) > 1 and not read.intersection(values) and tensor not in run.boxes:
            at, name = run.at(events[0]), run.name(tensor)
            yield Seen(
                sentence(
                    f"{len(events)} updates at {at.english} changed {name.english}, and no op ever read it.",
                    f"{at.chinese}的 {len(events)} 次更新改变了 {name.chinese}，但没有任何运算用到它。",
                ),
                Sure.LIKELY,
                tuple(event.position for event in events[:4]),
                "",
                sentence(
                    f"The same run with {name.english} in the forward pass.",
                    f"其他不变，在前向传播中用上 {name.chinese}，再运行一次。",
                ),
            )
            return
