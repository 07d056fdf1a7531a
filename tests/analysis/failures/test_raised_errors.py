"""Every raising case of a collection of learners' mistakes is explained where it happens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from .conftest import HEADER_LINES, Failed

GOLDEN = json.loads((Path(__file__).parents[2] / "goldens" / "raised_errors.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in GOLDEN["cases"]}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case must come to. kind: of error. event: name of the failing op or node, "" for none. line: of the
    case's code, from 1. shapes: of the operands. says: pieces of the meaning. code: a piece of the lines to try."""

    kind: str
    event: str
    line: int
    shapes: tuple[tuple[int, ...], ...]
    says: tuple[str, ...]
    code: str


WANTED = {
    "second_backward": Wanted(
        "backward_twice", "PowBackward0", 4, ((),), ("line 5 (y=x**2)",), "y.backward(retain_graph=True)"
    ),
    "non_scalar_backward": Wanted(
        "no_single_number", "backward", 2, ((3,),), ("x*2 has the shape [3]",), "(x*2).mean().backward()"
    ),
    "no_requires_grad": Wanted("no_path_to_parameters", "backward", 2, ((),), ("Nothing",), "x.requires_grad_()"),
    "integer_requires_grad": Wanted(
        "no_gradient_of_integers", "tensor", 1, (), ("whole",), "[1,2],dtype=torch.float32, requires_grad=True"
    ),
    "inplace_leaf": Wanted("write_to_leaf", "sub_", 3, ((), ()), ("w is trained",), "    w-=0.1*w.grad"),
    "inplace_saved": Wanted(
        "overwritten_value", "ExpBackward0", 4, ((1,), (1,)), ("exp in line 5", "Line 6 (y+=1)"), "y = y + 1"
    ),
    "numpy_of_graph_tensor": Wanted(
        "numpy_of_graph", "numpy", 1, ((2,),), ("requires grad",), "torch.ones(2,requires_grad=True).detach().numpy()"
    ),
    "item_of_many": Wanted("item_of_many", "item", 1, ((3,),), ("[3] has 3",), "torch.ones(3).mean().item()"),
    "legacy_data0": Wanted("index_of_number", "getitem", 1, ((),), ("shape []",), "requires_grad=True).item()"),
    "detach_cuts": Wanted(
        "no_path_to_parameters", "backward", 2, ((),), ("Line 5 cuts it off", "detach"), "(x*3).backward()"
    ),
    "no_grad_forward": Wanted(
        "no_path_to_parameters", "backward", 3, ((),), ("Line 5 computed mul inside torch.no_grad()",), "c=w*3  #"
    ),
    "bce_shape": Wanted(
        "target_shape", "binary_cross_entropy", 1, ((3, 1), (3,)), ("is [3, 1]", "is [3]"), ".unsqueeze(1)"
    ),
    "bce_range": Wanted(
        "no_probabilities", "binary_cross_entropy", 1, ((1,), (1,)), ("between 1.5 and 1.5",), "BCEWithLogitsLoss"
    ),
    "ce_float_labels": Wanted(
        "label_type", "cross_entropy", 1, ((2, 3), (2,)), ("torch.zeros(2) is float32",), "target.long()"
    ),
    "ce_label_range": Wanted(
        "label_range", "cross_entropy", 1, ((2, 3), (2,)), ("3 classes", "0 to 2", "label 3"), "target - 1"
    ),
    "ce_column_labels": Wanted("label_shape", "cross_entropy", 1, ((2, 3), (2, 1)), ("[2, 1]",), "squeeze(1)"),
    "mm_shape": Wanted(
        "inner_sizes", "mm", 1, ((3, 4), (3, 4)),
        ("left operand [3, 4] has 4 columns", "right operand [3, 4] has 3 rows"), "@ torch.zeros(3,4).T",
    ),
    "linear_shape": Wanted(
        "linear_features", "linear", 1, ((4, 3), (2, 4), (2,)),
        ("Linear wants 4 features (columns of torch.zeros(4,3))", "has 3"), "nn.Linear(3, 2)",
    ),
    "add_shape": Wanted(
        "broadcasting", "add", 1, ((5, 3), (5, 2)),
        ("Dimension 1 of torch.zeros(5,3) [5, 3] has size 3", "dimension 1 of torch.zeros(5,2) [5, 2] has size 2"),
        ".shape",
    ),
    "dtype_mismatch": Wanted(
        "types_differ", "linear", 1, ((1, 2), (1, 2), (1,)), ("is float64 and weight is float32",), ".float()"
    ),
    "view_noncontiguous": Wanted("view_of_scattered", "view", 1, ((3, 2),), ("in a row",), ".t().reshape(6)"),
    "unflattened": Wanted(
        "linear_features", "linear", 1, ((1, 16, 6, 6), (10, 576), (10,)),
        ("wants 576 features", "has 6", "3 last dimensions together have 576"), ".flatten(1)",
    ),
    "missing_super": Wanted("super_missing", "", 2, (), ("super().__init__()",), "    super().__init__()"),
    "empty_optimizer": Wanted(
        "optimizer_empty", "", 1, (), ("nothing to train",), "torch.optim.SGD(net.parameters(), lr=0.1)"
    ),
    "batchnorm_one_sample": Wanted(
        "one_sample", "batch_norm", 1, ((1, 3), (3,), (3,), (3,), (3,)), ("[1, 3] has one number a channel",), "eval()"
    ),
    "autograd_grad_unused": Wanted(
        "unused_input", "grad", 3, ((1,), (1,)), ("does not depend on b",), "(a*2,b, allow_unused=True)"
    ),
    "cuda_on_cpu_build": Wanted(
        "no_gpu", "cuda", 1, ((1,),), ("built without CUDA",), "torch.zeros(1).to(device)"
    ),
}  # fmt: skip


def script_of(case: dict[str, str]) -> str:
    """A case's code, one statement a line."""
    code = case["code"]
    return code if "\n" in code else code.replace("; ", "\n")


def test_each_case_has_its_expectation() -> None:
    assert set(WANTED) == set(CASES)
    assert len(CASES) == 27


@pytest.mark.parametrize("name", CASES)
def test_the_failure_is_found_and_explained(failed: Failed, name: str) -> None:
    if name == "cuda_on_cpu_build" and torch.version.cuda:
        pytest.skip("this torch has CUDA")
    case, wanted = CASES[name], WANTED[name]
    found = failed(script_of(case))
    assert (found.kind, found.type) == (wanted.kind, case["raises"])
    if torch.__version__.split("+")[0] == GOLDEN["torch"].split("+")[0]:
        assert found.message == case["message"]
    assert ("" if found.event is None else found.event.name) == wanted.event
    assert found.place is not None
    assert found.place.line == wanted.line + HEADER_LINES
    assert found.place.text == script_of(case).split("\n")[wanted.line - 1].strip()
    assert tuple(operand.shape for operand in found.operands) == wanted.shapes
    assert [piece for piece in wanted.says if piece not in found.told.meaning.english] == []
    assert wanted.code in "\n".join(found.told.code)


@pytest.mark.parametrize("name", CASES)
def test_both_languages_say_it_with_the_same_numbers(failed: Failed, name: str) -> None:
    if name == "cuda_on_cpu_build" and torch.version.cuda:
        pytest.skip("this torch has CUDA")
    told = failed(script_of(CASES[name])).told
    for text in (told.meaning, told.fix):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.chinese)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.english)
    shapes = [part.split("]")[0] for part in told.meaning.english.split("[")[1:]]
    assert [shape for shape in shapes if f"[{shape}]" not in told.meaning.chinese] == []


def test_the_operands_are_named_and_described(failed: Failed) -> None:
    x, weight, bias = failed("x = torch.zeros(4, 3)\nnet = nn.Linear(4, 2)\nnet(x)").operands
    assert (x.name, x.role.english, x.dtype, x.device, x.requires_grad) == ("x", "input", "float32", "cpu", False)
    assert (weight.name, weight.role.english, weight.role.chinese) == ("weight", "weight", "权重")
    assert (bias.shape, bias.requires_grad) == ((2,), True)
    assert x.origin.english == f"zeros, line {HEADER_LINES + 1}"


def test_a_run_that_did_not_fail_has_no_failure(traced) -> None:
    from engine.analysis.failures.finding import failure

    trace = traced("""
        try:
            torch.zeros(2) + torch.zeros(3)
        except RuntimeError:
            print("caught")
        """)
    assert any(event.error for event in trace.events())
    assert failure(trace) is None


def test_an_error_that_was_caught_is_not_blamed_for_a_later_one(failed: Failed) -> None:
    found = failed("""
        try:
            torch.zeros(2) + torch.zeros(3)
        except RuntimeError:
            pass
        raise RuntimeError("mine")
        """)
    assert (found.kind, found.event, found.message) == ("python", None, "mine")
    assert found.place is not None
    assert found.place.text == 'raise RuntimeError("mine")'
