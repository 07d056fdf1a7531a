"""What is no expression is refused with its column, what would run code or never end is refused at once."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.watches.answers import WatchError
from engine.analysis.watches.bounds import MOST_CHARACTERS
from engine.analysis.watches.parsing import parse
from engine.values import statistics
from tests.analysis.watches.numbers_by_name import Dropped, answer


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 0, "no expression"),
        ("nrm(z1)", 0, "no function nrm"),
        ("1 + nrm(z1)", 4, "no function nrm"),
        ("∂C/∂w⁽¹⁾ + nrm(z1)", 11, "no function nrm"),
        ("z1.abs().mux()", 9, "no function mux"),
        ("z1.abs().Q", 9, "no .Q"),
        ("norm(z1", 4, "not closed"),
        ("norm(z1) +", 10, "not complete"),
        ("z1 = 2", 3, "cannot set"),
        ("'z1", 0, "quote is not closed"),
        ("z1 + 0x10", 5, "is not a number"),
        ("2z1", 0, "is not a number"),
        ("max(z1, 0)", 0, "does not take 2 values"),
        ("norm(z1, foo=1)", 0, "no setting foo"),
        ("a; b", 1, "no meaning"),
        ("z1 $ 2", 3, "no meaning"),
        ("9" * 30, 0, "too large"),
        ("-" * 100 + "1", 61, "nested too deeply"),
        ("[" + "1, " * 150 + "1]", 1 + 3 * 149, "too long"),
        ("x" * (MOST_CHARACTERS + 1), MOST_CHARACTERS, "characters"),
    ],
)
def test_errors_say_where(text: str, column: int, said: str) -> None:
    with pytest.raises(WatchError, match=said) as refused:
        parse(text)
    assert refused.value.column == column
    assert refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "().__class__.__bases__[0].__subclasses__()", "open('/etc/passwd').read()",
        "(lambda: 1)()", "[x for x in z1]", "{1: 2}", "{1}", "f'{z1}'", "(y := 1)", "eval('1')", "exec('1')",
        "norm(*z1)", "norm(**z1)", "await z1", "getattr(z1, 'T')", "z1.__class__()", "z1.tofile('x')",
        "print(1)", "z1.T.data.tobytes()", "z1 is z1", "None", "'a' 'b'", "b'a'", "z1\n+1", "\x00", "# nothing", "1j",
        "np.load('x')", "torch.load('x')", "norm(z1)(1)", "(1, 2)(3)", "del z1", "import os", "z1 if 1", "yield 1",
    ],
)  # fmt: skip
def test_what_could_run_code_is_no_expression(text: str) -> None:
    with pytest.raises(WatchError):
        parse(text)


@pytest.mark.parametrize(
    "name", ["z1.__class__", "(z1).__class__", "z1.__array_interface__", "`__builtins__`", "z1.tofile", "z1.dtype"]
)
def test_names_are_only_what_the_lookup_has(name: str) -> None:
    found = answer(name, z1=np.ones(3))
    assert found.result is None
    assert "no" in found.reason.english


BIG = np.ones((4096, 1))
HOSTILE = [
    "9**9**9**9", "2**2**2**2**2**2**2", "1e300**1e300", "-2**0.5**99999999",
    "x @ x.T @ x @ x.T @ x @ x.T", "x + (x.T + x).T * (x @ x.T) ** (x.T @ x)", "x - y.T - z", "(x * y.T)[:, :, ]",
    "x[where(x > 0, 0, 1)][0]", "histogram(x, 999999999)", "round(x, 999999)", "percentile(x, x)", "norm(x, 1e-300)",
    "k[k]", "x @ y.T + x @ y.T + x @ y.T + x @ y.T + x @ y.T + x @ y.T + x @ y.T + x @ y.T + x @ y.T",
    "exp(exp(exp(exp(x @ y.T))))",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_expressions_end_soon_and_small(text: str) -> None:
    k = np.zeros(5000, np.int64)
    tracemalloc.start()
    begin = time.process_time()
    answer(text, patience_s=2.0, x=BIG, y=BIG, z=np.ones((4096, 4096, 1))[:, :1], k=k)
    took_s = time.process_time() - begin
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took_s < 8.0
    assert peak_bytes < 1.5e9


def test_what_is_too_large_is_said() -> None:
    wide = np.zeros((1, 8192))
    assert "at most 16,777,216" in answer("x + x.T + 0", x=wide, y=wide).reason.english
    assert "at most 16,777,216" in answer("x.T @ x", x=wide).reason.english
    rows, places = np.zeros((4, 8192)), np.zeros(4096, np.int64)
    assert "at most 16,777,216" in answer("r[p]", r=rows, p=places).reason.english


def test_time_is_bounded() -> None:
    assert "takes longer than 0 s" in answer("x + x", patience_s=0.0, x=np.ones(3)).reason.english


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    refused_or_answered(text)


_WORDS = "z1 w ( ) [ ] , . : + - * ** @ == < and or not if else in norm max 'a' ` 1 2.5 ... dC/dw1 T"
WORDS = st.sampled_from(_WORDS.split(" "))


@given(st.lists(WORDS, max_size=25))
def test_any_row_of_words_is_an_expression_or_refused(words: list[str]) -> None:
    refused_or_answered(" ".join(words))
    refused_or_answered("".join(words))


def refused_or_answered(text: str) -> None:
    column = 0
    try:
        watch = parse(text)
    except WatchError as error:
        column = error.column
        watch = parse("1")
    assert 0 <= column <= max(len(text), 1)
    found = answer(watch.text, z1=np.ones((2, 3)), w=np.ones(3))
    assert (found.result is None) == bool(found.reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("z + v", "The shapes (2×3) and (2) do not go together with +: dimension -1 has 3 and 2."),
        ("z @ v", "The shapes (2×3) and (2) do not go together with @: the inner sizes are 3 and 2."),
        ("vv", "There is no vv here. Did you mean v?"),
        ("z.max", "max is a function: write z.max()."),
        ("z[5]", "The index is out of range: the shape is (2×3)."),
        ("z[0, 0, 0]", "There are 3 indices, and the shape is (2×3)."),
        ("1 if z else 2", "(2×3) is not one truth: write any(...) or all(...), or & and | for each element."),
        ("max(z, axis=2)", "There is no axis 2: the shape is (2×3)."),
        ("float(z)", "(2×3) is not one number: take an element, a mean or a norm."),
        ("max(z[:0])", "(0×3) has no elements to take max of."),
        ("op + 1", "'relu' is a text; it can be compared with == and !=."),
    ],
)
def test_reasons_say_what_does_not_fit(text: str, reason: str) -> None:
    found = answer(text, z=np.ones((2, 3)), v=np.ones(2), op="relu")
    assert found.result is None
    assert found.reason.english == reason


def test_texts_are_compared_and_no_more() -> None:
    assert answer("op == 'relu'", op="relu").result is True
    assert answer("'rel' in op", op="relu").result is True
    assert answer("op != 'relu'", op="relu").result is False
    assert answer("'v' > 1", v=np.ones(1)).result.tolist() == [False]


def test_statistics_serve_where_the_numbers_are_gone() -> None:
    numbers = np.array([[1.0, -2.0], [3.0, 4.0]])
    gone, known = Dropped(numbers), statistics(numbers)
    for text, wanted in [
        ("norm(x)", known.norm),
        ("max(x)", 4.0),
        ("min(x)", -2.0),
        ("x.mean()", 1.5),
        ("x.shape", (2, 2)),
    ]:
        assert answer(text, x=gone).result == pytest.approx(wanted)
    assert answer("std(x)", x=gone).result == pytest.approx(numbers.std())
    assert "not in the trace" in answer("x + 1", x=gone).reason.english
    assert "not in the trace" in answer("max(x)", x=Dropped(np.array([1.0, np.nan]))).reason.english
