"""Losses that are given more predictions than targets, or less."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _batch(facts: Facts) -> Told | None:
    have, want = facts.found.groups()
    prediction, target = facts.operand("0", "input"), facts.operand("1", "target")
    if prediction is None or target is None:
        return None
    return told(
        (
            f"{prediction.en} {shape_text(prediction.shape)} has {have} samples (dimension 0), {target.en} "
            f"{shape_text(target.shape)} has {want}; each prediction needs one target.",
            f"{prediction.zh} {shape_text(prediction.shape)} 有 {have} 个样本（第 0 维），{target.zh} "
            f"{shape_text(target.shape)} 有 {want} 个；每个预测都要有一个目标。",
        ),
        (
            "Look for a view or flatten that swallowed the batch dimension; flatten(1) keeps it.",
            "检查是否有 view 或 flatten 把批次维合并掉了；flatten(1) 会保留批次维。",
        ),
        f"print({prediction.code('prediction')}.shape, {target.code('target')}.shape)",
    )


ROWS = (Row("batch_sizes", r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)", _batch),)
