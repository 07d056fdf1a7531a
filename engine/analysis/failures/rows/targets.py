"""Losses: labels out of range, of the wrong type or shape, predictions that are no probabilities."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..failure import Operand
from ..row import Row
from ..told import Told, told

_CLASS_LOSSES = frozenset({"cross_entropy", "nll_loss"})


def _pair(facts: Facts) -> tuple[Operand, Operand] | None:
    prediction, target = facts.operand("0", "input"), facts.operand("1", "target")
    return None if prediction is None or target is None else (prediction, target)


def _range(facts: Facts) -> Told | None:
    label, pair = int(facts.found[1]), _pair(facts)
    if pair is None:
        return None
    scores, target = pair
    classes = scores.shape[1] if len(scores.shape) > 1 else scores.shape[0]
    name = target.code("target")
    meaning = (
        f"{scores.en} {shape_text(scores.shape)} has scores for {classes} classes, numbered 0 to {classes - 1}, but "
        f"{target.en} contains the label {label}.",
        f"{scores.zh} {shape_text(scores.shape)} 给出 {classes} 个类别的得分，类别编号为 0 到 {classes - 1}，但"
        f" {target.zh} "
        f"中出现了标签 {label}。",
    )
    if label == classes:
        return told(
            (
                f"{meaning[0]} Labels start at 0.",
                f"{meaning[1]} 标签从 0 开始。",
            ),
            ("If the labels count from 1, move them down by one; else the last layer needs one more output.",
             "如果标签从 1 开始，就全部减 1；否则最后一层需要多一个输出。"),
            f"{name} = {name} - 1",
        )  # fmt: skip
    return told(
        meaning,
        (
            "Give the last layer one output for each class, or correct the labels.",
            "让最后一层对每个类别有一个输出，或者改正标签。",
        ),
        f"print({name}.min(), {name}.max())",
    )


def _labels_type(facts: Facts) -> Told | None:
    pair = _pair(facts)
    if pair is None:
        return None
    scores, target = pair
    name = target.code("target")
    return told(
        (
            f"Class labels are whole numbers (int64, torch.long), but {target.en} is {target.dtype}. Numbers with a "
            f"fraction are taken as probabilities, and would need the shape of {scores.en}, "
            f"{shape_text(scores.shape)}.",
            f"类别标签必须是整数（int64，即 torch.long），但 {target.zh} 是 {target.dtype}。小数会被当作概率，"
            "那时形状必须与 "
            f"{scores.zh} 相同：{shape_text(scores.shape)}。",
        ),
        ("Make the labels whole numbers.", "把标签转换成整数。"),
        f"{name} = {name}.long()",
    )


def _labels_column(facts: Facts) -> Told | None:
    pair = _pair(facts)
    if pair is None:
        return None
    scores, target = pair
    name = target.code("target")
    if len(target.shape) == 2 and target.shape[1] == 1:
        fix, code = ("Take away its dimension of size 1.", "去掉大小为 1 的那一维。"), f"{name} = {name}.squeeze(1)"
    elif target.shape == scores.shape:
        fix = ("It seems one-hot: take the number of the class.", "它看起来是 one-hot：改用类别编号。")
        code = f"{name} = {name}.argmax(1)"
    else:
        fix, code = ("Give one label a sample.", "每个样本只给一个标签。"), f"print({name}.shape)"
    return told(
        (
            f"One label a sample is wanted, shape [{scores.shape[0] if scores.shape else ''}], but {target.en} has the "
            f"shape {shape_text(target.shape)}.",
            f"每个样本需要一个标签，形状应为 [{scores.shape[0] if scores.shape else ''}]，但 {target.zh} 的形状是 "
            f"{shape_text(target.shape)}。",
        ),
        fix,
        code,
    )


def _different(facts: Facts) -> Told | None:
    pair = _pair(facts)
    if pair is None:
        return None
    prediction, target = pair
    name = target.code("target")
    meaning = (
        f"This loss compares element by element, so both shapes must be equal: {prediction.en} is "
        f"{shape_text(prediction.shape)}, {target.en} is {shape_text(target.shape)}.",
        f"这个损失逐元素比较，两者形状必须相同：{prediction.zh} 是 {shape_text(prediction.shape)}，{target.zh} 是 "
        f"{shape_text(target.shape)}。",
    )
    if prediction.shape == (*target.shape, 1):
        fix = ("Make the target a column too.", "让目标值也成为一列。")
        return told(meaning, fix, f"{name} = {name}.unsqueeze({len(target.shape)})")
    if target.shape == (*prediction.shape, 1):
        fix = ("Take away the target's last dimension.", "去掉目标值的最后一维。")
        return told(meaning, fix, f"{name} = {name}.squeeze({len(prediction.shape)})")
    fix = ("Make the two shapes equal.", "让两者形状相同。")
    return told(meaning, fix, f"print({prediction.code('prediction')}.shape, {name}.shape)")


def _no_probabilities(facts: Facts) -> Told | None:
    pair = _pair(facts)
    seen = ("", "")
    if pair is not None:
        held = facts.trace.value(pair[0].value).statistics
        if held is not None:
            seen = (
                f" Here it lies between {held.min:.4g} and {held.max:.4g}.",
                f"这里的范围是 {held.min:.4g} 到 {held.max:.4g}。",
            )
    names = ("prediction", "target") if pair is None else (pair[0].code("prediction"), pair[1].code("target"))
    return told(
        (
            f"Binary cross-entropy takes probabilities: its input must lie between 0 and 1.{seen[0]} What a linear "
            "layer puts out has no such limits.",
            f"二元交叉熵的输入是概率，必须在 0 和 1 之间。{seen[1]}线性层的输出没有这个限制。",
        ),
        (
            "Use the loss that takes raw scores and applies the sigmoid itself; it is also more exact.",
            "改用直接接受原始得分的损失，它内部做 sigmoid，数值上也更精确。",
        ),
        f"nn.BCEWithLogitsLoss()({names[0]}, {names[1]})",
    )


ROWS = (
    Row("label_range", r"Target (-?\d+) is out of bounds", _range),
    Row("label_type", r"expected target dtype to be Long|expected scalar type Long", _labels_type, _CLASS_LOSSES),
    Row("label_type", r"not implemented for '(?:Int|Float|Double|Short|Char)'", _labels_type, _CLASS_LOSSES),
    Row(
        "label_shape",
        r"0D or 1D target tensor expected|only batches of spatial targets|for target with class probabilities",
        _labels_column,
        _CLASS_LOSSES,
    ),
    Row("target_shape", r"Using a target size|Target size \(.*\) must be the same as input size", _different),
    Row("no_probabilities", r"all elements of input should be between 0 and 1", _no_probabilities),
)
