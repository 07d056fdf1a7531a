"""Random expressions give what NumPy gives for the same text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.watches.numbers_by_name import answer, result, same

GENERATOR = np.random.default_rng(5)
NUMBERS: dict[str, Any] = {
    "z": GENERATOR.normal(size=(3, 4)),
    "w": GENERATOR.normal(size=(4, 4)),
    "v": np.array([0.5, -1.5, 0.0, 2.0]),
    "s": np.float64(1.25),
    "n": np.arange(12).reshape(3, 4),
}
IN_NUMPY: dict[str, Any] = {
    "norm": lambda x: np.sqrt(np.sum(np.abs(x) ** 2)),
    "abs": np.abs, "max": np.max, "min": np.min, "mean": np.mean, "std": np.std, "var": np.var, "sum": np.sum,
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sign": np.sign, "isnan": np.isnan, "isfinite": np.isfinite,
    "any": np.any, "all": np.all, "maximum": np.maximum, "minimum": np.minimum, "where": np.where, "clip": np.clip,
    "argmax": np.argmax, "argmin": np.argmin, "percentile": np.percentile, "shape": np.shape, "ndim": np.ndim,
}  # fmt: skip

LEAVES = st.sampled_from([*NUMBERS, "2", "0.5", "3.0", "z.T", "z[0]", "w[:, 1:3]", "n[-1, 2]", "w[::2]", "v[v > 0]"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(["abs", "max", "min", "mean", "std", "var", "sum", "sqrt", "exp", "sign", "norm", "argmax"])
    signs = st.sampled_from(["+", "-", "*", "/", "//", "%", "@"])
    orders = st.sampled_from(["<", ">=", "==", "!="])
    two = st.sampled_from(["maximum", "minimum"])
    return st.one_of(
        st.builds("({} {} {})".format, parts, signs, parts),
        # NumPy's sum of two truths is a truth, Python's and ours is a number; so they are made numbers here.
        st.builds("(({} {} {}) * 1.0)".format, parts, orders, parts),
        st.builds("{}({})".format, one, parts),
        st.builds("{}({}, {})".format, two, parts, parts),
        st.builds("where({} > 0, {}, {})".format, parts, parts, parts),
        st.builds("-{}".format, parts),
        st.builds("({})**2".format, parts),
        st.builds("({} if sum({}) > 0 else {})".format, parts, parts, parts),
    )


def by_numpy(text: str, **others: Any) -> Any:
    """The result of NumPy, None where it refuses. The text is this test's own. others: numbers in place of some."""
    with np.errstate(all="ignore"):
        try:
            return eval(text, {"__builtins__": {}}, {**NUMBERS, **others, **IN_NUMPY})
        except (ValueError, TypeError, ZeroDivisionError, IndexError):
            return None


@settings(max_examples=400)
@given(st.recursive(LEAVES, larger, max_leaves=8))
def test_random_expressions_agree_with_numpy(text: str) -> None:
    wanted = by_numpy(text)
    if wanted is None:
        return
    found = answer(text, **NUMBERS)
    assert found.result is not None, (text, found.reason)
    # NumPy says that a whole number divided by zero is 0; we say what it says of floats.
    assert same(found.result, wanted) or same(found.result, by_numpy(text, n=NUMBERS["n"] * 1.0)), text


@pytest.mark.parametrize(
    "text",
    [
        "z @ w", "w @ v", "v @ v", "z.T @ z", "sum(z, axis=0)", "max(w, axis=1)", "mean(z, axis=-1, keepdims=True)",
        "percentile(z, 95)", "percentile(z, (5, 50, 95))", "clip(z, -1, 1)", "z[1]", "z[:, 0]", "z[..., -1]",
        "z[z > 0]", "w[(0, 2)]", "n % 5", "n // 2", "2 ** 10", "7 // 2", "-7 % 3", "z.shape == (3, 4)", "ndim(z)",
        "(z > 0) & (z < 1)", "~(z > 0)", "abs(-3)", "0.1 + 0.2", "z ** 0.5", "n ** 2", "std(z, axis=1)", "n[1] - n[0]",
    ],
)  # fmt: skip
def test_chosen_expressions_agree_with_numpy(text: str) -> None:
    assert same(result(text, **NUMBERS), by_numpy(text))


def test_methods_and_prefixes_are_the_functions() -> None:
    assert result("z.abs().max()", **NUMBERS) == np.abs(NUMBERS["z"]).max()
    assert result("np.linalg.norm(v)", **NUMBERS) == pytest.approx(np.linalg.norm(NUMBERS["v"]))
    assert same(result("norm(w, 1, axis=0)", **NUMBERS), np.abs(NUMBERS["w"]).sum(axis=0))
    assert result("norm(v, inf)", **NUMBERS) == 2.0


def test_half_precision_is_added_up_in_double() -> None:
    many = np.full(4096, 30.0, np.float16)
    assert result("sum(x)", x=many) == 122_880.0
    assert result("norm(x)", x=many) == 1920.0


def test_whole_numbers_of_one_byte_do_not_run_over() -> None:
    assert result("x + x", x=np.array([200], np.uint8)).tolist() == [400]


def test_similarity_histogram_and_rounding() -> None:
    a, b = np.array([1.0, 0.0]), np.array([1.0, 1.0])
    assert result("cos(a, b)", a=a, b=b) == pytest.approx(0.5**0.5)
    counts = result("histogram(x, 2)", x=np.array([0.0, 1.0, 3.0, 4.0, 4.0, np.nan]))
    assert counts.tolist() == [2, 3]
    assert result("round(s, 1)", s=1.26) == 1.3
    assert result("int(2.9)") == 2
    assert result("len(v)", **NUMBERS) == 4


def test_chains_and_choices_go_as_in_python() -> None:
    assert result("1 < s < 2", **NUMBERS) is True
    assert result("1 < s < 1.2", **NUMBERS) is False
    assert result("0 < v <= 0.5", **NUMBERS).tolist() == [True, False, False, False]
    assert result("s > 1 and 7", **NUMBERS) == 7
    assert result("s > 2 or 8", **NUMBERS) == 8
    assert result("not s", **NUMBERS) is False
    assert result("1 if s > 1 else nowhere", **NUMBERS) == 1
    assert result("s > 2 and nowhere", **NUMBERS) is False


def test_a_float32_keeps_its_digits() -> None:
    assert answer("x * 2", x=np.float32(0.1)).text().english == "0.2"
    assert answer("x", x=np.array(0.1, np.float32)).text().english == "0.1"
