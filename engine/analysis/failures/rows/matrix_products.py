"""Matrix products whose inner sizes differ: nn.Linear, @, mm, bmm, mv, dot."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..facts import Facts, shape_text
from ..failure import Operand
from ..row import Row
from ..told import Told, told


def _linear(facts: Facts) -> Told | None:
    """`linear` multiplies the last dimension of x by the columns of W, (out, in)."""
    x, weight = facts.operand("0", "input"), facts.operand("1", "weight")
    if x is None or weight is None or len(weight.shape) != 2 or not x.shape or x.shape[-1] == weight.shape[1]:
        return None
    wanted, got = weight.shape[1], x.shape[-1]
    layer = facts.layer or "linear"
    where = ("columns of ", "的列数") if len(x.shape) == 2 else ("the last dimension of ", "的最后一维")
    meaning = (
        f"{layer} wants {wanted} features ({where[0]}{x.en}), but {x.en} has {got}: its shape is "
        f"{shape_text(x.shape)}.",
        f"{layer} 需要 {wanted} 个特征（{x.zh} {where[1]}），但 {x.zh} 给出 {got} 个：它的形状是 "
        f"{shape_text(x.shape)}。",
    )
    return _linear_fix(facts, x, wanted, got, weight.shape[0], meaning)


def _linear_fix(facts: Facts, x: Operand, wanted: int, got: int, out: int, meaning: tuple[str, str]) -> Told:
    name = x.code("x")
    if len(x.shape) > 2 and prod(x.shape[1:]) == wanted:
        return told(
            (
                f"{meaning[0]} Its {len(x.shape) - 1} last dimensions together have {wanted} numbers.",
                f"{meaning[1]} 它后面的 {len(x.shape) - 1} 维合起来恰好有 {wanted} 个数。",
            ),
            (
                "Flatten each sample to one row first; the batch dimension stays.",
                "先把每个样本展平成一行，批次维保留。",
            ),
            f"{name} = {name}.flatten(1)",
        )
    if len(x.shape) == 2 and x.shape[0] == wanted:
        return told(
            (
                f"{meaning[0]} Samples are rows and features are columns; its {wanted} rows count as samples.",
                f"{meaning[1]} 每行是一个样本，每列是一个特征；它的 {wanted} 行被当作样本。",
            ),
            (
                f"Make the layer for {got} features, or turn {x.en} if its rows are the features.",
                f"让这一层接受 {got} 个特征；如果 {x.zh} 的行才是特征，就把它转置。",
            ),
            f"{facts.layer_assignment}nn.Linear({got}, {out})",
            f"{name} = {name}.T  # if its rows are the features",
        )
    return told(
        meaning,
        (
            f"Make the layer for {got} features, or give it data with {wanted}.",
            f"让这一层接受 {got} 个特征，或者给它 {wanted} 个特征的数据。",
        ),
        f"{facts.layer_assignment}nn.Linear({got}, {out})",
    )


def _product(facts: Facts) -> Told | None:
    """left @ right: the last dimension of left against the last but one of right (the only one of a vector)."""
    left, right = facts.operand("0", "input", "self"), facts.operand("1", "other", "mat2", "vec", "tensor")
    if left is None or right is None or not left.shape or not right.shape:
        return None
    inner = right.shape[-2] if len(right.shape) > 1 else right.shape[0]
    if left.shape[-1] == inner:
        return None
    names = (left, right) if left.name != right.name else (replace(left, name=""), replace(right, name=""))
    a, b = left.expression("a"), right.expression("b")
    left_en, left_zh = ("columns", "列") if len(left.shape) > 1 else ("elements", "个元素")
    right_en, right_zh = ("rows", "行") if len(right.shape) > 1 else ("elements", "个元素")
    meaning = (
        f"A matrix product needs as many {left_en} on the left as {right_en} on the right, but {names[0].en} "
        f"{shape_text(left.shape)} has {left.shape[-1]} {left_en} and {names[1].en} {shape_text(right.shape)} has "
        f"{inner} {right_en}.",
        f"矩阵乘法要求左边的{left_zh}数等于右边的{right_zh}数，但 {names[0].zh} {shape_text(left.shape)} 有 "
        f"{left.shape[-1]} "
        f"{left_zh}，{names[1].zh} {shape_text(right.shape)} 有 {inner} {right_zh}。",
    )
    if len(right.shape) > 1 and right.shape[-1] == left.shape[-1]:
        turned = "T" if len(right.shape) == 2 else "mT"
        fix = ("Turn the right one, so that its columns become rows.", "把右边的矩阵转置，让它的列变成行。")
        return told(meaning, fix, f"{a} @ {b}.{turned}")
    if len(left.shape) > 1 and left.shape[-2] == inner:
        turned = "T" if len(left.shape) == 2 else "mT"
        fix = ("Turn the left one, so that its rows become columns.", "把左边的矩阵转置，让它的行变成列。")
        return told(meaning, fix, f"{a}.{turned} @ {b}")
    return told(
        meaning,
        (
            "Print both shapes where they are made, and make the inner sizes equal.",
            "打印两者的形状，让相乘的两维相等。",
        ),
        f"print({a}.shape, {b}.shape)",
    )


def _ranks(facts: Facts) -> Told | None:
    left, right = facts.operand("0", "input", "self"), facts.operand("1", "mat2", "other", "vec")
    if left is None or right is None:
        return None
    return told(
        (
            f"{facts.op} takes tensors of fixed dimensions (mm: two matrices, bmm: two batches of matrices, dot: two "
            f"vectors), but {left.en} has {len(left.shape)} dimensions and {right.en} has {len(right.shape)}.",
            f"{facts.op} 只接受固定维数的张量（mm：两个矩阵，bmm：两批矩阵，dot：两个向量），但 {left.zh} 有 "
            f"{len(left.shape)} 维，{right.zh} 有 {len(right.shape)} 维。",
        ),
        ("matmul, written @, takes vectors, matrices and batches alike.", "matmul（写作 @）对向量、矩阵和批次都适用。"),
        f"{left.code('a')} @ {right.code('b')}",
    )


_CLASH = (
    r"shapes cannot be multiplied|size mismatch, got|inconsistent tensor size|Expected size for first two dimensions|"
    r"must match the existing size|vector \+ matrix|mat1 dim 1 must match|must match the size of tensor b"
)
_PRODUCTS = frozenset({"matmul", "mm", "bmm", "mv", "dot", "inner", "spmm"})

ROWS = (
    Row("linear_features", _CLASH, _linear, frozenset({"linear"})),
    Row("inner_sizes", _CLASH, _product, _PRODUCTS),
    Row(
        "product_dimensions",
        r"must be a matrix|must be a 3D tensor|1D tensors expected|vector and matrix expected|both arguments to matmul",
        _ranks,
        _PRODUCTS,
    ),
)
