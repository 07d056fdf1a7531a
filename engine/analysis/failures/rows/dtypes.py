"""Number types that do not go together."""

from __future__ import annotations

from ..facts import Facts
from ..failure import Operand
from ..row import Row
from ..told import Told, told

_CONVERSIONS = {"float32": "float", "float64": "double", "float16": "half", "int64": "long", "bfloat16": "bfloat16"}
_FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})


def _odd_one(facts: Facts) -> tuple[Operand, Operand] | None:
    """(the operand to convert, the one to follow): data follows the parameters."""
    for one in facts.operands:
        for other in facts.operands:
            if one.dtype != other.dtype and (other.requires_grad or not one.requires_grad):
                return one, other
    return None


def _differ(facts: Facts) -> Told | None:
    pair = _odd_one(facts)
    if pair is None:
        return None
    one, other = pair
    name = one.code("x")
    method = _CONVERSIONS.get(other.dtype, f"to(torch.{other.dtype})").removesuffix("()")
    call = f"{name}.{method}" + ("" if method.endswith(")") else "()")
    numpy = one.dtype == "float64" and other.dtype == "float32"
    layer = facts.layer or facts.op
    why = (" NumPy's numbers are float64, torch's layers are float32.", "NumPy 的数是 float64，torch 的层是 float32。")
    return told(
        (
            f"{layer} needs numbers of one type, but {one.en} is {one.dtype} and {other.en} is {other.dtype}."
            + (why[0] if numpy else ""),
            f"{layer} 要求数据类型相同，但 {one.zh} 是 {one.dtype}，{other.zh} 是 {other.dtype}。"
            + (why[1] if numpy else ""),
        ),
        (f"Convert {one.en} before this line.", f"在这一行之前转换 {one.zh}。"),
        f"{name} = {call}",
    )


def _in_backward(facts: Facts) -> Told | None:
    """A loss whose target has whole numbers fails in its backward pass only, or in its forward."""
    got, wanted = facts.found.groups()
    return told(
        (
            f"Numbers of type {got} came where {wanted} is needed; a target of whole numbers in a loss that computes "
            "differences does this.",
            f"需要 {wanted} 类型的数，却得到 {got}；在计算差值的损失里使用整数目标就会这样。",
        ),
        ("Convert the target to the prediction's type.", "把目标值转换成预测值的类型。"),
        "target = target.float()",
    )


def _mean_of_integers(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    name, en, zh, dtype = ("x", "the tensor", "张量", "int64") if x is None else (x.code("x"), x.en, x.zh, x.dtype)
    return told(
        (
            f"{facts.op or 'mean'} is not defined for whole numbers, and {en} is {dtype}.",
            f"{facts.op or 'mean'} 不适用于整数，而 {zh} 是 {dtype}。",
        ),
        ("Convert it first.", "先转换类型。"),
        f"{name}.float().{facts.op or 'mean'}()",
    )


def _cast_in_place(facts: Facts) -> Told | None:
    x = facts.operand("0")
    name, en, zh = ("x", "the tensor", "张量") if x is None else (x.code("x"), x.en, x.zh)
    return told(
        (
            f"The result is {facts.found[1]}, but it is written into {en}, whose type is {facts.found[2]}: the "
            "fraction "
            "would be lost.",
            f"结果是 {facts.found[1]} 类型，却要写进 {facts.found[2]} 类型的 {zh}：小数部分会丢失。",
        ),
        (
            "Convert it, or make a new tensor instead of writing in place.",
            "先转换类型，或者不要原地写入而是得到新张量。",
        ),
        f"{name} = {name}.float()",
    )


def _no_gradient(facts: Facts) -> Told | None:
    return told(
        (
            "Only numbers with a fraction can have a gradient; here they are whole, because they were written without "
            "a decimal point or come from whole numbers.",
            "只有浮点数才能有梯度；这里是整数，因为书写时没有小数点，或由整数得来。",
        ),
        ("Make the tensor of floating point numbers.", "用浮点数创建张量。"),
        "torch.tensor([1.0, 2.0], requires_grad=True)"
        if "tensor(" not in facts.line
        else facts.line.replace("requires_grad", "dtype=torch.float32, requires_grad", 1),
    )


def _expected(facts: Facts) -> Told | None:
    return _differ(facts) or told(
        (
            f"This op wants {facts.found[1]} numbers and got {facts.found[2]}.",
            f"这个操作需要 {facts.found[1]} 类型，却得到 {facts.found[2]}。",
        ),
        ("Convert the operand before this line.", "在这一行之前转换类型。"),
        f"x = x.{facts.found[1].lower()}()",
    )


def _indices(facts: Facts) -> Told | None:
    x = facts.operand("0", "1") if facts.op == "embedding" else facts.operand("1", "0")
    name, en, zh, dtype = ("index", "the index", "索引", "") if x is None else (x.code("index"), x.en, x.zh, x.dtype)
    is_what = f", and {en} is {dtype}" if dtype in _FLOATS else ""
    is_zh = f"，而 {zh} 是 {dtype}" if dtype in _FLOATS else ""
    return told(
        (
            f"Indices are whole numbers{is_what}.",
            f"索引必须是整数{is_zh}。",
        ),
        ("Convert the indices.", "转换索引的类型。"),
        f"{name} = {name}.long()",
    )


ROWS = (
    Row("no_gradient_of_integers", r"Only Tensors of floating point and complex dtype can require grad", _no_gradient),
    Row("no_gradient_of_integers", r"only Tensors of floating point dtype can require grad", _no_gradient),
    Row(
        "index_type",
        r"tensors used as indices must be|Expected tensor for argument #1 'indices'|expected to have dtype int64 for "
        r"index|Expected dtype int64 for index",
        _indices,
    ),
    Row("types_differ", r"same dtype|Input type .* and (?:bias|weight) type .* should be the same", _differ),
    Row("types_differ", r"expected scalar type (\w+) but found (\w+)", _expected),
    Row(
        "types_differ", r"[Ff]ound dtype (\w+) but expected (\w+)", lambda facts: _differ(facts) or _in_backward(facts)
    ),
    Row("cast_in_place", r"result type (\w+) can't be cast to the desired output type (\w+)", _cast_in_place),
    Row(
        "mean_of_integers",
        r"could not infer output dtype|input dtype should be either floating point",
        _mean_of_integers,
    ),
)
