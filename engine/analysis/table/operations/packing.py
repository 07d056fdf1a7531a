"""Rows that put sequences of different lengths together: pad_sequence, and packing for recurrent layers.

Formulas: PyTorch's documentation of torch.nn.utils.rnn. A packed sequence has all first steps, then all second steps
and so on, of the sequences that are still going on; the longest sequence comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Number
from ..call import Array, Call
from ..case import Forward, Worked
from ..kinds.moving import FILLED, Moving
from ..operation import operation
from ..words import Words


@operation("pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right')")
class PadSequence(Moving):
    """Sequences (L, ...) as one tensor (T, N, ...), or (N, T, ...) if `batch_first`."""

    nodes = ("CopySlices",)
    carried = ("sequences",)
    words = Words(
        (
            "pad_sequence fills short sequences up to the length of the longest and stacks them.",
            "pad_sequence 把较短的序列填充到最长序列的长度，再叠放起来。",
        ),
        (
            "Each sequence gets its part of the gradient; what arrived at the padding goes nowhere.",
            "每个序列得到梯度中属于自己的部分；到达填充处的梯度不再传递。",
        ),
    )

    def filling(self, call: Call) -> float:
        return call.number("padding_value")

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        sequences = list(arrays.values())
        longest = max(map(len, sequences))
        before = call["padding_side"] == "left"
        rows = []
        for x in sequences:
            missing = np.full((longest - len(x), *x.shape[1:]), fill, x.dtype)
            rows.append(np.concatenate([missing, x] if before else [x, missing]))
        return np.stack(rows, axis=0 if call["batch_first"] else 1)


class Packing(Moving):
    """A row whose second result counts: how many sequences go on at each step, or how long each one is."""

    counted: Bilingual

    def counts(self, call: Call) -> Array:
        """The second result; whole numbers."""
        raise NotImplementedError

    def forward(self, call: Call) -> Sequence[Array]:
        return [np.asarray(super().forward(call)), self.counts(call)]

    def sources(self, call: Call) -> list[Array]:
        """No count was moved from anywhere."""
        return [*super().sources(call), np.full(self.counts(call).shape, FILLED)]

    def equation(self, case: Forward) -> Worked:
        if case.place == 0:
            return super().equation(case)
        count = float(self.counts(case.call)[case.index])
        return Worked(Number(count), None, count, note=self.counted)


@operation("_pack_padded_sequence(input, lengths, batch_first)")
class PackPaddedSequence(Packing):
    """(T, N, ...) to (steps of all sequences, ...), without the padding."""

    nodes = ("PackPaddedSequenceBackward",)
    counted = Bilingual("So many sequences are longer than that.", "比它更长的序列有这么多条。")
    words = Words(
        (
            "Leaves the padding out: all first steps, then all second steps, of the sequences that have one.",
            "去掉填充：先是所有第一步，再是所有第二步……只取有这一步的序列。",
        ),
        (
            "Each step gets the gradient of its row; padding gets none.",
            "每一步得到自己那一行的梯度；填充处没有梯度。",
        ),
    )

    def counts(self, call: Call) -> Array:
        return _going_on(call.array("lengths"))

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        x = arrays["input"].swapaxes(0, 1) if call["batch_first"] else arrays["input"]
        return np.concatenate([x[step, :count] for step, count in enumerate(self.counts(call))])


@operation("_pad_packed_sequence(data, batch_sizes, batch_first, padding_value, total_length)")
class PadPackedSequence(Packing):
    """(steps of all sequences, ...) to (T, N, ...), with padding."""

    nodes = ("CopySlices", "TransposeBackward", "SliceBackward", "ViewBackward")
    carried = ("data",)
    counted = Bilingual("So many steps this sequence has.", "这条序列有这么多步。")
    words = Words(
        (
            "Takes a packed sequence apart again: a row for each sequence, filled up at its end.",
            "把打包的序列重新拆开：每条序列一行，末尾填充。",
        ),
        (
            "Each step gets the gradient of its place; what arrived at the padding goes nowhere.",
            "每一步得到自己位置的梯度；到达填充处的梯度不再传递。",
        ),
    )

    def counts(self, call: Call) -> Array:
        return _going_on(call.array("batch_sizes"))

    def filling(self, call: Call) -> float:
        return call.number("padding_value")

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        data, sizes = arrays["data"], call.array("batch_sizes").astype(int)
        steps = max(len(sizes), int(call.number("total_length")))
        made = np.full((steps, int(sizes[0]), *data.shape[1:]), fill, data.dtype)
        for step, rows in enumerate(np.split(data, np.cumsum(sizes)[:-1])):
            made[step, : len(rows)] = rows
        return made.swapaxes(0, 1) if call["batch_first"] else made


def _going_on(counts: Array) -> Array:
    """For each whole number below the first, which is the largest: how many of `counts` are larger.

    Lengths of sequences become the number of sequences at each step, and these become lengths again.
    """
    return np.asarray((counts[None, :] > np.arange(int(counts[0]))[:, None]).sum(axis=1))
