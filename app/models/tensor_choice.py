"""Makes what the tensor panel shows: of a value in the trace, or of a quantity that is derived from others."""

from __future__ import annotations

from app.models.tensor_shown import TensorKind, TensorShown
from engine.analysis.quantities import Quantity
from engine.analysis.roles import roles
from engine.analysis.symbols import text_of
from engine.trace.reader import Trace


def shown_value(trace: Trace, iteration: int, value: int, symbol: str = "") -> TensorShown | None:
    """A recorded value under its symbol; None if its numbers were not kept."""
    array = trace.array(value)
    if array is None:
        return None
    known = trace.value(value)
    role = symbol or roles(trace, iteration).symbol(value)
    tensor = trace.tensor(known.tensor) if known.tensor is not None else None
    title = tensor.name if tensor is not None and tensor.name else ""
    text = text_of(role) if role else ""
    name, symbol_beside = (title, text) if title else (text or f"value {value}", "")
    return TensorShown(name, symbol_beside, array, known.dtype, known.device, _kind(role), known.statistics)


def shown_quantity(trace: Trace, iteration: int, quantity: Quantity) -> TensorShown | None:
    """A quantity's numbers: recorded ones, or those derived from them in float64."""
    if quantity.value is not None:
        return shown_value(trace, iteration, quantity.value, quantity.symbol)
    array = quantity.array
    if array is None:
        return None
    return TensorShown(quantity.text, "", array, str(array.dtype), "numpy", _kind(quantity.symbol))


def _kind(role: str) -> TensorKind:
    bare = role.removeprefix("new ")
    if role.startswith("dC/d"):
        return "gradient"
    if bare == "C":
        return "loss"
    return "parameter" if bare[:1] in ("w", "b") and bare[1:2].isdigit() else "value"
