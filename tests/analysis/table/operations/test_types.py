"""Changes of type: each row beside torch, bit by bit, and its equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import LastCall, a_row, agree
from tests.helpers.drawn_tensors import filled, special, tensor, whole
from tests.helpers.equations import calls_hold, english

Record = Callable[..., Trace]

FLOATS = [torch.float16, torch.float32, torch.float64, torch.bfloat16]
INTEGERS = [torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64]
numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-70000, 70000),
    st.floats(-1e-4, 1e-4),
    st.floats(width=16),
    st.integers(-300, 300).map(lambda n: n / 256 + 1),
)


def converted(function: Callable[[Tensor], Tensor], x: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """What the row makes of a call, and what torch does, in the widest type of its kind."""
    with LastCall() as last:
        function(x)
    found = a_row(last.name)
    made = found[0].forward(bind(found[1], last.function, last.tensors, last.plain))
    assert isinstance(made, np.ndarray)
    result = last.results[0].detach()
    return made, (result.double() if result.is_floating_point() else result).numpy()


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@settings(max_examples=40, deadline=None)
@given(values=st.lists(numbers, max_size=20))
def test_rounding_to_floats_is_exact(dtype: torch.dtype, values: list[float]) -> None:
    made, theirs = converted(lambda x: x.to(dtype), torch.tensor(values, dtype=torch.float64))
    np.testing.assert_array_equal(made, theirs)


@pytest.mark.parametrize("name", ["half", "float", "double", "bfloat16"])
def test_types_by_their_own_names(name: str) -> None:
    numbers = [1 / 3, 64751.998046875, 65519.9, 65520.0, 1e-8, 1 + 2**-8, 1 + 3 * 2**-8, 1e39, -0.0, np.inf, np.nan]
    x = torch.tensor(numbers, dtype=torch.float64)
    made, theirs = converted(lambda x: getattr(x, name)(), x)
    np.testing.assert_array_equal(made, theirs)


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.floats(-128, 127), max_size=8), integers=st.lists(st.integers(-(2**40), 2**40), max_size=8))
def test_whole_numbers(dtype: torch.dtype, values: list[float], integers: list[int]) -> None:
    low = 0 if dtype == torch.uint8 else -128
    agree(lambda: torch.tensor([max(x, low) for x in values], dtype=torch.float64).to(dtype))
    agree(lambda: torch.tensor(integers, dtype=torch.int64).to(dtype))


@pytest.mark.parametrize("name", ["long", "int", "short", "char", "byte", "bool"])
def test_whole_numbers_by_their_own_names(name: str) -> None:
    agree(lambda: getattr(torch.tensor([0.0, 0.9, 1.5, 100.99], dtype=torch.float64), name)())
    agree(lambda: getattr(torch.tensor([-1, 300, 2**33]), name)())
    agree(lambda: getattr(torch.tensor([True, False]), name)())


def test_numbers_without_room_are_not_defined() -> None:
    for value in (300.0, -129.0, float("nan"), float("inf")):
        with pytest.raises(UnfitError, match="not defined"):
            agree(lambda value=value: torch.tensor([value], dtype=torch.float64).to(torch.int8))
    with LastCall() as last:
        filled(0, (2,)).detach().to(torch.float8_e4m3fn)
    found = a_row(last.name)
    with pytest.raises(UnfitError, match="not known"):
        found[0].forward(bind(found[1], last.function, last.tensors, last.plain))


@settings(max_examples=20, deadline=None)
@given(x=tensor())
def test_gradients_pass(x: Tensor) -> None:
    agree(lambda: x.to(torch.float64, copy=True))
    agree(lambda: x.to("cpu", copy=True))
    agree(lambda: x.cpu())
    agree(lambda: x.to(torch.complex128))
    agree(lambda: x.cdouble())
    agree(lambda: x.to(dtype=torch.complex128, device=torch.device("cpu")))
    agree(lambda: x.to(filled(0, (1,)).detach().to(torch.complex128)))
    agree(lambda: x.type_as(torch.zeros(1, dtype=torch.complex128)))
    agree(lambda: x.type_as(torch.zeros(1, dtype=torch.bool)))
    agree(lambda: x.detach().to(whole(0, (2,))))
    agree(lambda: whole(0, tuple(x.shape)).type_as(x))
    agree(lambda: x.to(torch.float32).detach().to(x))


def test_special_numbers() -> None:
    agree(lambda: special().bool())
    agree(lambda: torch.complex(special().detach(), special().detach()).to(torch.complex128, copy=True))


def test_each_place_is_explained(recorded: Record) -> None:
    calls_hold(recorded, {
        "double": "x.double()", "to": "(x / 3).to(torch.float64)", "type_as": "x.type_as(c.detach().double())",
        "cpu": "x.cpu()", "half": "(x / 3).half().float()", "bfloat16": "(x / 3).bfloat16().float()",
        "long": "x.long().float()", "bool": "x.bool().float()",
    }, without_gradient=("cpu", "long", "bool"))  # fmt: skip


def test_rounding_is_shown(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        x = torch.tensor([0.1, 1.0])
        h = x.bfloat16()
    """
    )
    event = next(event for event in trace.events() if event.name == "bfloat16")
    page = explain(trace, event.position, (0,))
    assert english(page.notes) == ("As bfloat16 holds it.",)
    assert float(page.checks[0].computed) == 0.10009765625
    assert to_text(page.lines[0].expression).endswith("= bfloat16(0.1) = 0.1000977")
    assert english(explain(trace, event.position, (1,)).notes) == ("The same number.",)


def test_a_type_by_its_name() -> None:
    x = torch.linspace(-3, 3, 7, dtype=torch.float64, requires_grad=True)
    agree(lambda: x.type(torch.float32))
    agree(lambda: x.type(torch.int64))
