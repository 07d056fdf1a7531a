"""Only what does nothing but compute may be worked out twice."""

from __future__ import annotations

import ast
import math
import random

import numpy as np
import pytest

from engine.child.pure import PureExpressions

SCRIPT = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def twice(z):
    return sigmoid(sigmoid(z))

def loud(z):
    print(z)
    return z

def deep(z):
    return loud(z)

def counting(z):
    global n
    n += 1
    return z

def keeping(z):
    cache[0] = z
    return z
"""


def names() -> dict[str, object]:
    known: dict[str, object] = {"np": np, "math": math, "random": random, "x": np.ones(3), "n": 0, "cache": {}}
    known["rng"], known["numbers"] = np.random.default_rng(0), iter([1.0])
    exec(SCRIPT, known)
    return known


def is_pure(text: str) -> bool:
    return PureExpressions(ast.parse(SCRIPT)).is_pure(ast.parse(text, mode="eval").body, names())


@pytest.mark.parametrize(
    "text",
    ["x + 1", "x @ x.T", "np.exp(x)", "np.linalg.norm(x)", "(x * x).sum(axis=0)", "math.exp(1)", "sigmoid(x)",
     "twice(x)", "float(x[0])", "sum(v * v for v in x)", "np.maximum(0, x)", "x if n else -x"],
)  # fmt: skip
def test_what_only_computes(text: str) -> None:
    assert is_pure(text)


@pytest.mark.parametrize(
    "text",
    ["next(numbers)", "np.random.rand(3)", "rng.normal()", "random.random()", "loud(x)", "deep(x)", "counting(x)",
     "keeping(x)", "open('a')", "print(x)", "(y := 3)", "input()", "exec('1')", "unknown(x)", "cache.pop(0)"],
)  # fmt: skip
def test_what_may_do_more(text: str) -> None:
    assert not is_pure(text)
