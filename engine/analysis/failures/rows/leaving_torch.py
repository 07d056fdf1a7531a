"""From tensors to Python and NumPy: numpy(), item(), truth values, a number with an index."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _rewritten(facts: Facts, old: str, new: str) -> str:
    """The script's line with a call replaced, "" where it is not there."""
    return facts.line.replace(old, new, 1) if old in facts.line else ""


def _numpy(facts: Facts) -> Told | None:
    x = facts.operand("0", "self")
    name, en, zh = ("x", "The tensor", "这个张量") if x is None else (x.code("x"), x.en, x.zh)
    return told(
        (
            f"{en} is part of a graph (it requires grad); NumPy would share its memory and could change it behind "
            "autograd's back.",
            f"{zh} 在计算图中（需要梯度）；NumPy 会与它共享内存，可能绕过 autograd 改动它。",
        ),
        ("Take the numbers without the graph.", "先脱离计算图再取数值。"),
        _rewritten(facts, ".numpy()", ".detach().numpy()") or f"{name}.detach().numpy()",
    )


def _item(facts: Facts) -> Told | None:
    x = facts.operand("0", "self")
    name, en, zh = ("x", "the tensor", "这个张量") if x is None else (x.code("loss"), x.en, x.zh)
    shape = "" if x is None else f" {shape_text(x.shape)}"
    count = facts.found[1] if facts.found.groups() and facts.found[1] else "several"
    many = "多个" if count == "several" else f" {count} 个"
    return told(
        (
            f"Only a tensor with one element is a Python number; {en}{shape} has {count}.",
            f"只有一个元素的张量才能变成 Python 数字；{zh}{shape} 有{many}元素。",
        ),
        ("Reduce it to one number, or take all of them as a list.", "先归约成一个数，或者取出整个列表。"),
        _rewritten(facts, ".item()", ".mean().item()") or f"{name}.mean().item()",
        _rewritten(facts, ".item()", ".tolist()") or f"{name}.tolist()",
    )


def _truth(facts: Facts) -> Told | None:
    x = facts.operand("0", "self")
    shape = "" if x is None else f" Here it is a tensor of shape {shape_text(x.shape)}."
    shape_zh = "" if x is None else f"这里是形状为 {shape_text(x.shape)} 的张量。"
    condition = facts.line.removeprefix("el").removeprefix("if ").removeprefix("while ").rstrip(":").strip()
    code = f"if ({condition}).all():" if facts.line.lstrip("el").startswith("if ") and " and " not in condition else ""
    return told(
        (
            "`if`, `and`, `or` and `not` want one truth value, and a comparison of tensors gives one an "
            f"element.{shape}",
            f"if、and、or、not 需要一个真假值，而张量的比较对每个元素给出一个。{shape_zh}",
        ),
        (
            "Say whether all or any must hold; use & and | between tensors, torch.where to choose element by element.",
            "说明是全部（all）还是任意（any）成立；张量之间用 & 和 |，逐元素选择用 torch.where。",
        ),
        code or "if (x > 0).all(): ...",
    )


def _index_of_number(facts: Facts) -> Told | None:
    x = facts.operand("0", "self")
    en, zh, name = ("It", "它", "loss") if x is None else (x.name or "It", x.name or "它", x.code("loss"))
    return told(
        (
            f"{en} is a single number (shape []), which has no elements to index. loss.data[0] is from before "
            "PyTorch 0.4.",
            f"{zh} 是单个数（形状 []），没有可以索引的元素。loss.data[0] 是 PyTorch 0.4 之前的写法。",
        ),
        ("Take the number itself.", "直接取出这个数。"),
        _rewritten(facts, ".data[0]", ".item()") or f"{name}.item()",
    )


def _iterate(facts: Facts) -> Told | None:
    return told(
        (
            "A tensor of a single number (shape []) is not a sequence: it has neither a length nor elements to "
            "go through.",
            "单个数的张量（形状 []）不是序列，没有长度，也不能遍历。",
        ),
        ("Take the number itself, or give it a dimension.", "直接取出这个数，或给它加一维。"),
        "x.item()",
        "x.unsqueeze(0)",
    )


ROWS = (
    Row("numpy_of_graph", r"Can't call numpy\(\) on Tensor that requires grad", _numpy),
    Row("item_of_many", r"a Tensor with (\d+) elements cannot be converted to Scalar", _item),
    Row("item_of_many", r"only (?:one element|integer) tensors .*(?:converted|single element)", _item),
    Row("truth_of_many", r"Boolean value of Tensor with more than one value is ambiguous", _truth),
    Row("truth_of_many", r"truth value of an array with more than one element is ambiguous", _truth),
    Row(
        "index_of_number",
        r"invalid index of a 0-dim tensor|cannot be indexed|slice\(\) cannot be applied to a 0-dim",
        _index_of_number,
    ),
    Row("sequence_of_number", r"iteration over a 0-d tensor|len\(\) of a 0-d tensor", _iterate),
)
