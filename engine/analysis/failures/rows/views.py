"""view and reshape: the number of elements, and memory that is not in a row."""

from __future__ import annotations

from math import prod

from ....events import Kind
from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _noncontiguous(facts: Facts) -> Told | None:
    x = facts.operand("0", "input", "self")
    name, en, zh = ("x", "the tensor", "张量") if x is None else (x.code("x"), x.en, x.zh)
    shape = ""
    if facts.event is not None:
        wanted = [held for key, held in facts.event.arguments.items() if key != "0"]
        wanted = wanted[0] if len(wanted) == 1 and isinstance(wanted[0], list) else wanted
        shape = ", ".join(map(str, wanted))
    call = facts.line.replace(".view(", ".reshape(", 1) if ".view(" in facts.line else f"{name}.reshape({shape})"
    return told(
        (
            f"view shows the same memory in another shape, but the elements of {en} do not lie in a row: t(), "
            "transpose or permute changed their order without moving them.",
            f"view 只能换一种形状看同一块内存，但 {zh} 的元素在内存中不连续：t()、transpose 或 permute 改变了顺"
            "序却没有移动数据。",
        ),
        ("reshape copies where it must.", "reshape 会在需要时复制数据。"),
        call,
    )


def _count(facts: Facts) -> Told | None:
    wanted = [int(size) for size in facts.found[1].split(",") if size.strip()]
    have = int(facts.found[2])
    called = facts.event is not None and facts.event.kind is Kind.OP
    # A node of the script's own Function shows what arrived, which need not be what its `backward` reshapes.
    x = facts.operand("0", "input", "self") if called else None
    name, en, zh = ("x", "the tensor", "张量") if x is None else (x.code("x"), x.en, x.zh)
    known = "" if x is None else f" {shape_text(x.shape)}"
    if -1 in wanted:
        rest = prod(size for size in wanted if size != -1)
        need = (
            f"The sizes that are given make {rest}, which does not divide {have}.",
            f"给定的各维乘积为 {rest}，不能整除 {have}。",
        )
    else:
        total = " x ".join(map(str, wanted)) or "1"
        need = (f"The new shape has {total} = {prod(wanted)}.", f"新形状需要 {total} = {prod(wanted)} 个。")
    batch = wanted[0] if wanted else -1
    first = x.shape[0] if x is not None and x.shape else batch
    fix = (
        "Keep the number of elements. Keep the batch dimension and let -1 stand for the rest.",
        "元素个数必须不变。保留批次维，用 -1 代表其余。",
    )
    return told(
        (
            f"A new shape must hold exactly the elements that are there. {en[:1].upper()}{en[1:]}{known} has "
            f"{have}. {need[0]}"
            if x is None or not x.name
            else f"A new shape must hold exactly the elements that are there: {en}{known} has {have}. {need[0]}",
            f"新形状必须正好容纳原有的元素。{zh}{known} 有 {have} 个元素。{need[1]}",
        ),
        fix,
        f"{name}.{facts.op if called else 'reshape'}({name}.shape[0], -1)"
        + (f"  # {first} rows of {have // first if first > 0 else have}" if called else ""),
    )


ROWS = (
    Row("view_of_scattered", r"view size is not compatible with input tensor's size and stride", _noncontiguous),
    Row("view_elements", r"shape '\[(.*?)\]' is invalid for input of size (\d+)", _count),
)
