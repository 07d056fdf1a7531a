"""What a network of one input makes of every number along an axis: the line it has fitted so far, over the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...trace.reader import Trace
from ..flow import flow_of
from .regions import fed, line_over
from .samples import Samples, samples

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """x, y: shape (points,), the line. samples: the data that it is to go through. iteration: whose weights it has."""

    x: Numbers
    y: Numbers
    samples: Samples
    iteration: int


def fitted(trace: Trace, iteration: int) -> Fitted:
    """The line of an iteration, before its update. Raises GradstepError where there is none."""
    found = samples(trace, iteration)
    if found.inputs is None or found.inputs.shape[1] != 1 or found.outputs.shape[1] != 1 or found.targets is None:
        raise GradstepError(
            Bilingual(
                "A fitted line is drawn for networks that make one number out of one.",
                "只有由一个数得到一个数的网络才能画出拟合线。",
            ),
            Bilingual("See the table of predictions instead.", "请改为查看预测表。"),
        )
    assert found.source is not None
    x = line_over(found.inputs[:, 0])
    read = trace.array(found.source)
    assert read is not None
    y = fed(flow_of(trace, iteration), found.source, found.output, x.reshape(-1, *([1] * (read.ndim - 1))))
    if y.size != x.size:
        raise GradstepError(
            Bilingual("What this network answers depends on the size of its batch.", "这个网络的回答取决于批次的大小。")
        )
    return Fitted(x, y.reshape(-1), found, iteration)
