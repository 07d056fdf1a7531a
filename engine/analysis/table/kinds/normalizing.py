"""What all normalizations share: numbers are put in groups, and each group is brought to mean 0 and variance 1.

Formula: y = γ x̂ + β with x̂ = (x - μ) / √(σ² + ε), μ and σ² of the element's group, σ² divided by n (PyTorch's
documentation of BatchNorm2d and LayerNorm).

NOTE [Gradient of a normalization]
Each number of a group moves the group's mean and variance, and through them all its numbers. With ĝ = γ dC/dy that
comes to dC/dx = (ĝ - mean(ĝ) - x̂ mean(ĝ x̂)) / √(σ² + ε), means over the group (Ioffe and Szegedy, Batch Normalization,
section 3). With given statistics, as in eval mode, only ĝ / √(σ² + ε) is left; without a mean, as in RMSNorm,
mean(ĝ) falls away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..case import Index
from ..operation import Operation

Place = tuple[int | slice, ...]
"""Where something lies in an array: an index or a range for each dimension."""

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Parts:
    """The names of the call's arguments that play these parts."""

    weight: str = "weight"
    bias: str = "bias"
    mean: str = "running_mean"
    variance: str = "running_var"


@dataclass(frozen=True, slots=True)
class Slab:
    """What an element of weight and bias has to do with: where to read in the input; along which axes of what was read
    the groups lie; where in it the element is used.
    """

    read: Place
    axes: tuple[int, ...]
    used: Place


class Normalizing(Operation):
    """A row of a normalization; see NOTE [Gradient of a normalization]. centred: its mean is taken off.

    `settings` are the arguments by name; `shape` is the input's.
    """

    order: ClassVar[tuple[str, ...]] = ("bias", "weight", "input")
    centred = True

    def parts(self, function: str, slots: Iterable[str]) -> Parts:
        """Under which names the parts were given to this function, by which slots."""
        return Parts()

    def split(self, settings: Mapping[str, Any], shape: Index) -> tuple[Index, tuple[int, ...]]:
        """A shape in which each group lies along some axes, and these axes."""
        raise NotImplementedError

    def group(self, settings: Mapping[str, Any], shape: Index, index: Index) -> Place:
        """Where an element's group lies in the input."""
        raise NotImplementedError

    def affine(self, settings: Mapping[str, Any], shape: Index) -> Index:
        """The shape in which weight and bias broadcast to the input; by default one for each channel, axis 1."""
        return tuple(size if axis == 1 else 1 for axis, size in enumerate(shape))

    def affine_place(self, settings: Mapping[str, Any], index: Index) -> Index:
        """Which element of weight and bias an element of the input meets."""
        return (index[1],)

    def slab(self, settings: Mapping[str, Any], shape: Index, own: Index) -> Slab:
        """What an element of weight and bias has to do with."""
        raise NotImplementedError

    def about(self, settings: Mapping[str, Any], shape: Index, index: Index) -> Bilingual:
        """Which numbers are the element's group, in words."""
        raise NotImplementedError

    def given(self, settings: Mapping[str, Any]) -> bool:
        """Whether mean and variance were given and not taken from these numbers."""
        return False

    def eps(self, call: Call) -> float:
        """ε."""
        return call.number("eps")

    def forward(self, call: Call) -> Array:
        """γ x̂ + β."""
        x, parts = _real(call), self.parts(call.function, call.keys)
        with np.errstate(all="ignore"):
            made = self._normalized(call)[0]
            shape = self.affine(call.arguments, x.shape)
            if call.get(parts.weight) is not None:
                made = made * call.array(parts.weight).reshape(shape)
            if call.get(parts.bias) is not None:
                made = made + call.array(parts.bias).reshape(shape)
        return made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """See NOTE [Gradient of a normalization]; dC/dγ = Σ G x̂, dC/dβ = Σ G."""
        (G,) = upstream
        x, parts = _real(call), self.parts(call.function, call.keys)
        shape, found, sent = self.affine(call.arguments, x.shape), {}, G
        with np.errstate(all="ignore"):
            hat, scale, (split, axes) = self._normalized(call)
            if call.get(parts.weight) is not None:
                weight = call.array(parts.weight)
                found[parts.weight] = _summed(G * hat, shape).reshape(weight.shape)
                sent = G * weight.reshape(shape)
            if call.get(parts.bias) is not None:
                found[parts.bias] = _summed(G, shape).reshape(call.array(parts.bias).shape)
            sent = sent.reshape(split)
            if x.size and not self.given(call.arguments):
                hats = hat.reshape(split)
                pull = hats * np.mean(sent * hats, axis=axes, keepdims=True)
                sent = sent - pull - (np.mean(sent, axis=axes, keepdims=True) if self.centred else 0.0)
            found["input"] = (sent * scale).reshape(x.shape)
        return found

    def _normalized(self, call: Call) -> tuple[Array, Array, tuple[Index, tuple[int, ...]]]:
        """x̂; 1/√(σ² + ε) in the shape of `split`, and that shape with its axes."""
        x = _real(call)
        split, axes = self.split(call.arguments, x.shape)
        grouped = x.reshape(split)
        if not x.size:
            return x, np.ones(split), (split, axes)
        if self.given(call.arguments):
            parts, shape = self.parts(call.function, call.keys), self.affine(call.arguments, x.shape)
            mean, variance = (call.array(name).reshape(shape) for name in (parts.mean, parts.variance))
        else:
            mean, variance = self.moments(grouped, axes)
        scale = 1 / np.sqrt(variance + self.eps(call))
        return ((grouped - mean) * scale).reshape(x.shape), scale, (split, axes)

    def moments(self, x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
        """Mean and variance along axes, which stay with size 1; mean 0 and the mean of squares if not centred."""
        if not self.centred:
            return np.zeros((1,) * x.ndim), np.mean(x * x, axis=axes, keepdims=True)
        return np.mean(x, axis=axes, keepdims=True), np.var(x, axis=axes, keepdims=True)


def _real(call: Call) -> Array:
    x = call.array("input")
    if x.dtype.kind == "c":
        raise UnfitError("there is no formula here for complex numbers", "这里没有适用于复数的公式")
    return x


def _summed(array: Array, shape: Index) -> Array:
    """Summed over the axes along which a shape has size 1; axes that it lacks are in front."""
    front = array.ndim - len(shape)
    axes = (*range(front), *(front + i for i, size in enumerate(shape) if size == 1))
    return np.asarray(array.sum(axis=axes, keepdims=True))
