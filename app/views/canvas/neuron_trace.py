"""What is said of one unit of a network of neurons: z and a beside their gradients, and what is before and after."""

from __future__ import annotations

from app.models.neuron_states import Numbers
from app.views.canvas.neuron_scene import NeuronScene
from app.views.canvas.trace_words import Traced
from engine.analysis.notation.numbers import format_number

DIGITS = 7


def traced_unit(scene: NeuronScene, column: int, unit: int) -> tuple[Traced, ...]:
    """The input's x, or z and (where the layer has an activation) a; column 0 is the input."""
    numbers, net = scene.state.columns[column], scene.net
    at = f"[{unit}]" if net.sizes[column] > 1 else ""
    after = (f"z{column + 1}",) if column < len(net.layers) else ("C",) if net.loss is not None else ()
    if column == 0:
        return (_traced("x", numbers.a, numbers.grad_a, unit, at, (), (), after),)
    before = (_handed_on(scene, column - 1),)
    has_bias = scene.state.biases[column - 1] is not None
    parameters = (f"w{column}", f"b{column}") if has_bias else (f"w{column}",)
    if net.layers[column - 1].a is None:
        return (_traced(f"z{column}", numbers.z, numbers.grad_z, unit, at, before, parameters, after),)
    return (
        _traced(f"z{column}", numbers.z, numbers.grad_z, unit, at, before, parameters, (f"a{column}",)),
        _traced(f"a{column}", numbers.a, numbers.grad_a, unit, at, (f"z{column}",), (), after),
    )


def _handed_on(scene: NeuronScene, column: int) -> str:
    """What the next layer reads of a column."""
    if column == 0:
        return "x"
    return f"z{column}" if scene.net.layers[column - 1].a is None else f"a{column}"


def _traced(
    name: str, value: Numbers | None, gradient: Numbers | None, unit: int, at: str,
    reads: tuple[str, ...], parameters: tuple[str, ...], readers: tuple[str, ...],
) -> Traced:  # fmt: skip
    number, grad = ("" if known is None else format_number(float(known[unit]), DIGITS) for known in (value, gradient))
    return Traced(name, number, grad, gradient is not None, reads, parameters, readers, at=at)
