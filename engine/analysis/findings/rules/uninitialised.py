"""Numbers that nobody put there: tensors made without values, and read before anything was written to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
from ....events import Event, Kind
from ...families import is_in_place, is_view
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_MAKERS = frozenset({"empty", "empty_like", "new_empty", "empty_strided", "empty_permuted"})
_ARITHMETIC = ("add_", "sub_", "mul_", "div_", "pow_", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__")
"""In-place ops that read what they write over."""
_CLASSES = frozenset({"Tensor", "FloatTensor", "DoubleTensor"})


@rule(
    "uninitialised",
    title=("Numbers from memory that nobody has written to", "使用了没有人写过的内存里的数"),
    why=(
        "torch.empty(5, 3), and torch.Tensor(5, 3) likewise, reserves memory and leaves what lay there before: old "
        "numbers, huge ones or NaN, other ones in each run.",
        "torch.empty(5, 3)（以及 torch.Tensor(5, 3)）只是占用内存，里面还是先前留下的东西："
        "旧的数、极大的数或 NaN，每次运行都不一样。",
    ),
    attempt=(
        "Use torch.zeros, torch.rand or torch.randn, or fill the tensor first.",
        "使用 torch.zeros、torch.rand 或 torch.randn，或者先填好张量。",
    ),
)
def uninitialised(run: Run) -> Iterator[Seen]:
    """A tensor made without values is an operand before an in-place op has put some there."""
    unwritten: dict[int, Event] = {}
    named = _made_by_class(run)
    for event in run.events:
        if event.kind != Kind.OP:
            continue
        reads = not is_in_place(event) or event.name in _ARITHMETIC or event.function.endswith(_ARITHMETIC)
        for slot in event.inputs:
            if slot.value is None or slot.name == "out" or is_view(event):
                continue
            made = unwritten.pop(slot.value, None)
            line = named.get(run.names.argument(event, slot.name)) if slot.value not in run.makers else None
            if reads and (made is not None or line is not None):
                op = run.op(event)
                where = run.at(made) if made is not None else Bilingual(f"line {line}", f"第 {line} 行")
                yield Seen(
                    sentence(
                        f"{op.english} reads a tensor that was made at {where.english} without values.",
                        f"{op.chinese} 读取了在{where.chinese}创建、还没有填数的张量。",
                    ),
                    Sure.LIKELY,
                    (event.position,) if made is None else (event.position, made.position),
                    "x = torch.zeros(5, 3)",
                    Bilingual("The same run with torch.zeros there.", "其他不变，改用 torch.zeros，再运行一次。"),
                )
                return
        if event.name in _MAKERS:
            made_here = [slot.value for slot in event.outputs if slot.value is not None]
            unwritten.update((value, event) for value in made_here if run.values[value].numel)


def _made_by_class(run: Run) -> dict[str, int]:
    """Names that the script gives to `torch.Tensor(5, 3)` and nothing else, and never fills: name -> line."""
    assigned = run.script.assignments
    found = {one.name: one.line for one in assigned if _is_sizes_only(one.value)}
    filled = {call.receiver for call in run.script.calls if call.name.endswith("_")}
    again = [one.name for one in assigned]
    return {name: line for name, line in found.items() if name not in filled and again.count(name) == 1}


def _is_sizes_only(value: ast.expr) -> bool:
    """Whether an expression is `torch.Tensor(2, 3)`; `torch.Tensor([2, 3])` holds the numbers 2 and 3."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute) or value.keywords:
        return False
    is_size = [isinstance(argument, ast.Constant) and type(argument.value) is int for argument in value.args]
    return value.func.attr in _CLASSES and bool(is_size) and all(is_size)
