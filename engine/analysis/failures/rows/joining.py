"""cat and stack of tensors that do not fit."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _shapes(facts: Facts) -> str:
    return ", ".join(f"{x.name or x.role.english} {shape_text(x.shape)}" for x in facts.operands[:6])


def _cat(facts: Facts) -> Told | None:
    along, expected, got, number = facts.found.groups()
    first, other = facts.operand("0.0"), facts.operand(f"0.{number}")
    clash = ""
    if first is not None and other is not None and len(first.shape) == len(other.shape):
        at = [i for i in range(len(first.shape)) if first.shape[i] != other.shape[i] and i != int(along)]
        clash = str(at[0]) if at else ""
    where = (f"dimension {clash}", f"第 {clash} 维") if clash else ("another dimension", "另一维")
    names = ", ".join(x.code(f"x{i}") for i, x in enumerate(facts.operands))
    return told(
        (
            f"cat joins along dimension {along}; all other dimensions must be equal. In {where[0]} item 0 has "
            f"{expected} "
            f"and item {number} has {got} ({_shapes(facts)}).",
            f"cat 沿第 {along} 维拼接，其余各维必须相等。在{where[1]}上第 0 项大小为 {expected}，第 {number} 项为 {got}"
            f"（{_shapes(facts)}）。",
        ),
        (
            "Join along the dimension in which they differ, or make them equal.",
            "沿大小不同的那一维拼接，或先使它们相等。",
        ),
        f"torch.cat([{names}], dim={clash})" if clash else "",
    )


def _ranks(facts: Facts) -> Told | None:
    return told(
        (
            f"cat joins tensors that have the same number of dimensions; these have not ({_shapes(facts)}).",
            f"cat 只能拼接维数相同的张量，而这些张量维数不同（{_shapes(facts)}）。",
        ),
        ("Give the smaller one the missing dimension.", "给维数少的补上缺少的一维。"),
        f"{(min(facts.operands, key=lambda x: len(x.shape)).code('x') if facts.operands else 'x')}.unsqueeze(0)",
    )


def _stack(facts: Facts) -> Told | None:
    one, at, other, number = facts.found.groups()
    names = ", ".join(x.code(f"x{i}") for i, x in enumerate(facts.operands))
    return told(
        (
            f"stack lays tensors of equal shape on one another, but item {at} is [{one}] and item {number} is "
            f"[{other}].",
            f"stack 要求所有张量形状相同，但第 {at} 项是 [{one}]，第 {number} 项是 [{other}]。",
        ),
        (
            "Pad or cut them to one shape, or join them end to end with cat.",
            "把它们填充或裁剪成同一形状，或者用 cat 首尾相接。",
        ),
        f"torch.cat([{names}])" if names else "torch.nn.utils.rnn.pad_sequence(items, batch_first=True)",
    )


ROWS = (
    Row(
        "cat_sizes",
        r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+) for tensor "
        r"number (\d+)",
        _cat,
    ),
    Row("cat_dimensions", r"Tensors must have same number of dimensions", _ranks),
    Row(
        "stack_sizes",
        r"stack expects each tensor to be equal size, but got \[(.*?)\] at entry (\d+) and \[(.*?)\] at entry (\d+)",
        _stack,
    ),
)
