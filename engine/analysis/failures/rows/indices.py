"""Indices and dimensions that are not there."""

from __future__ import annotations

from math import isnan

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _embedding(facts: Facts) -> Told | None:
    indices, weight = facts.operand("0", "input"), facts.operand("1", "weight")
    if indices is None or weight is None or not weight.shape:
        return None
    held = facts.trace.value(indices.value).statistics
    if held is not None and isnan(held.min):
        held = None
    low, high = (0, 0) if held is None else (int(held.min), int(held.max))
    rows, columns = weight.shape[0], weight.shape[1] if len(weight.shape) > 1 else 1
    seen = f" {indices.en} goes from {low} to {high}." if held is not None else ""
    seen_zh = f"{indices.zh} 的范围是 {low} 到 {high}。" if held is not None else ""
    layer = facts.layer or "embedding"
    needed = max(high + 1, rows)
    return told(
        (
            f"{layer} has {rows} rows, numbered 0 to {rows - 1}.{seen}",
            f"{layer} 有 {rows} 行，编号为 0 到 {rows - 1}。{seen_zh}",
        ),
        (
            "Make the table as large as the vocabulary (largest index + 1), or correct the indices.",
            "让表的行数等于词表大小（最大索引 + 1），或改正索引。",
        ),
        f"{facts.layer_assignment}nn.Embedding({needed}, {columns})"
        if low >= 0
        else f"print({indices.code('index')}.min())",
    )


def _out_of_range(facts: Facts) -> Told | None:
    index, dimension, size = (int(group) for group in facts.found.groups())
    x = facts.operand("0", "self", "input")
    en, zh, shape = ("the tensor", "张量", "") if x is None else (x.en, x.zh, f" {shape_text(x.shape)}")
    off = index == size
    return told(
        (
            f"Dimension {dimension} of {en}{shape} has size {size}: its indices go from 0 to {size - 1} (or "
            f"-{size} to -1), "
            f"but {index} was asked for." + (" Counting starts at 0." if off else ""),
            f"{zh}{shape} 的第 {dimension} 维大小为 {size}，索引从 0 到 {size - 1}（或 -{size} 到 -1），但要取"
            f"的是 {index}。" + ("计数从 0 开始。" if off else ""),
        ),
        ("Ask for an index that is there; -1 is the last.", "使用存在的索引；-1 是最后一个。"),
        f"{x.code('x') if x is not None else 'x'}.shape[{dimension}]  # {size}",
    )


def _too_many(facts: Facts) -> Told | None:
    x = facts.operand("0", "self", "input")
    en, zh, shape = ("the tensor", "张量", "") if x is None else (x.en, x.zh, f" {shape_text(x.shape)}")
    have = facts.found[1]
    return told(
        (
            f"More indices are given than {en}{shape} has dimensions ({have}).",
            f"给出的索引个数多于 {zh}{shape} 的维数（{have}）。",
        ),
        ("Give one index a dimension at most.", "每一维最多给一个索引。"),
        f"print({x.code('x') if x is not None else 'x'}.shape)",
    )


def _dimension(facts: Facts) -> Told | None:
    low, high, got = facts.found.groups()
    x = facts.operand("0", "self", "input", "0.0")
    en, zh, shape = ("the tensor", "张量", "") if x is None else (x.en, x.zh, f" {shape_text(x.shape)}")
    count = int(high) + 1
    return told(
        (
            f"{facts.op or 'The op'} was asked for dimension {got}, but {en}{shape} has {count}, numbered "
            f"{low} to {high}.",
            f"{facts.op or '这个操作'} 要用第 {got} 维，但 {zh}{shape} 只有 {count} 维，编号为 {low} 到 {high}。",
        ),
        (
            "Use a dimension that is there, or put in the missing one (often the batch).",
            "使用存在的维，或补上缺少的维（常常是批次维）。",
        ),
        f"{x.code('x') if x is not None else 'x'}.unsqueeze(0)  # adds a dimension in front",
    )


ROWS = (
    Row("embedding_range", r"index out of range in self", _embedding, frozenset({"embedding", "embedding_bag"})),
    Row("index_range", r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)", _out_of_range),
    Row("too_many_indices", r"too many indices for tensor of dimension (\d+)", _too_many),
    Row(
        "no_such_dimension",
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        _dimension,
    ),
)
