"""How a network that reads two numbers a sample divides the plane: its forward pass fed with the points of a grid."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...trace.reader import Trace
from ..flow import Flow, flow_of
from ..roles import roles
from ..table.call import UnfitError
from ..verdict.checker import Checker
from ..verdict.formula import MISFITS
from ..verdict.program import Program, Step
from .answers import Answers, answers, probabilities

SIDE = 81
_ROOM = 0.15
"""Of the samples' extent, on each side."""

_ACROSS_SAMPLES = ("batch_norm", "instance_norm")
"""Ops that mix the samples of a batch: with other samples they would be other functions."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """probabilities: shape (second, first, classes), at each point of the plane. samples: shape (samples, 2)."""

    firsts: NDArray[np.float64]
    seconds: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    samples: NDArray[np.float64]
    answers: Answers
    iteration: int


def regions(trace: Trace, iteration: int) -> Regions:
    """The regions of an iteration's network. Raises GradstepError where there are none, or it cannot be replayed."""
    found = answers(trace, iteration)
    value = roles(trace, iteration).by_role.get("x")
    read = trace.array(value) if value is not None else None
    if value is None or read is None or read.ndim != 2 or read.shape[1] != 2:
        raise GradstepError(
            Bilingual(
                "Regions are drawn for networks that read two numbers a sample.",
                "只有每个样本读取两个数的网络才能画出区域。",
            ),
            Bilingual("Choose the probabilities of the samples instead.", "请改为查看各样本的概率。"),
        )
    samples = read.astype(np.float64)
    lines = [line_over(samples[:, place]) for place in range(2)]
    first, second = np.meshgrid(*lines)
    grid = np.stack((first.reshape(-1), second.reshape(-1)), axis=1)
    made = fed(flow_of(trace, iteration), value, found.value, grid)
    if made.shape[0] != len(grid):
        raise GradstepError(
            Bilingual("What this network answers depends on the size of its batch.", "这个网络的回答取决于批次的大小。")
        )
    chances = probabilities(found.loss, made).reshape(SIDE, SIDE, -1)
    return Regions(lines[0], lines[1], chances, samples, found, iteration)


def fed(flow: Flow, source: int, target: int, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a value would have been with other numbers in place of a value that it was made from.

    source, target: value ids. numbers: any count of samples. Raises GradstepError.
    """
    checker = Checker(flow)
    reached, steps = {source}, []
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for op in flow.ops:
                if target in reached:
                    break
                if not any(slot.value in reached for slot in op.inputs):
                    continue
                if any(word in op.name for word in _ACROSS_SAMPLES):
                    raise UnfitError(f"{op.name} mixes the samples of a batch", f"{op.name} 会混合批次中的不同样本")
                formula = checker.formulas.of(op)
                sources = {formula.keys[slot.name]: slot.value for slot in op.inputs if slot.value in reached}
                results = tuple(slot.value for slot in op.outputs if slot.value is not None)
                steps.append(
                    Step(formula, {key: value for key, value in sources.items() if value is not None}, results)
                )
                reached |= {value for value in results}
            if target not in reached:
                raise UnfitError("the answers do not come from the input", "输出不是由输入算出来的")
            return np.asarray(Program(steps).run({source: numbers})[target], np.float64)
    except UnfitError as error:
        raise GradstepError(
            Bilingual(
                f"The forward pass cannot be fed with other samples: {error.reason.english}.",
                f"无法向前向传播输入其他样本：{error.reason.chinese}。",
            )
        ) from error
    except MISFITS as error:
        raise GradstepError(
            Bilingual(
                "The forward pass cannot be fed with another number of samples.", "无法向前向传播输入另一个数量的样本。"
            )
        ) from error


def line_over(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evenly spaced places over all finite numbers, with some room on each side."""
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    room = (high - low) * _ROOM or 1.0
    return np.linspace(low - room, high + room, SIDE)
