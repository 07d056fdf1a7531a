"""Makes what the tensor panel shows: of a value in the trace, or of a quantity that is derived from others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.language import say
from app.models.tensor_shown import TensorKind, TensorMissing, TensorShown, real_numbers
from engine.analysis.flow import flow_of
from engine.analysis.quantities import Quantity, quantities
from engine.analysis.roles import roles
from engine.analysis.symbols import words_of
from engine.trace.not_kept import THINNED, why_not_kept
from engine.trace.reader import Trace

translate = QCoreApplication.translate

MOST_SUBTRACTED = 20_000_000
"""Differences of larger tensors would fill the memory."""


def shown_value(trace: Trace, iteration: int, value: int, symbol: str = "") -> TensorShown | TensorMissing:
    """A recorded value under its symbol, or why its numbers are not there."""
    array = trace.array(value)
    known = trace.value(value)
    role = symbol or roles(trace, iteration).symbol(value)
    tensor = trace.tensor(known.tensor) if known.tensor is not None else None
    title = tensor.name if tensor is not None and tensor.name else ""
    text = say(words_of(role)) if role else ""
    name, symbol_beside = (title, text) if title else (text or _made_by(trace, iteration, value), "")
    if array is None:
        reason = _why_missing(known.reason, known.kept)
        return TensorMissing(f"{name} {symbol_beside}".strip(), known.shape, known.dtype, reason, known.statistics)
    kind = _kind(role)
    return TensorShown(
        name, symbol_beside, array, known.dtype, known.device, kind, known.statistics, role or title, iteration,
        known.layout, known.strides,
    )  # fmt: skip


def shown_quantity(trace: Trace, iteration: int, quantity: Quantity) -> TensorShown | TensorMissing | None:
    """A quantity's numbers: recorded ones, or those derived from them in float64."""
    if quantity.value is not None:
        return shown_value(trace, iteration, quantity.value, quantity.symbol)
    array = quantity.array(trace)
    if array is None:
        return None
    kind = _kind(quantity.symbol)
    name, dtype = say(words_of(quantity.symbol)), str(array.dtype)
    return TensorShown(name, "", array, dtype, "numpy", kind, role=quantity.symbol, iteration=iteration)


def difference(shown: TensorShown, trace: Trace, iteration: int, to: str) -> TensorShown | TensorMissing:
    """A tensor less the one of the same name in another iteration, or in another trace. to: what that is called."""
    title = f"{shown.title} − {to}"
    missing = TensorMissing(title, shown.array.shape, shown.dtype_name, "")
    other = _same_role(trace, iteration, shown.role)
    if other is None:
        reason = translate("tensor", "%1 has no value of this name, or its numbers were not kept.")
        return replace(missing, reason=reason.replace("%1", to))
    if other.shape != shown.array.shape:
        shapes = " · ".join("×".join(map(str, shape)) for shape in (shown.array.shape, other.shape))
        reason = translate("tensor", "The two have different shapes (%1), so they cannot be subtracted.")
        return replace(missing, reason=reason.replace("%1", shapes))
    if other.size > MOST_SUBTRACTED:
        reason = translate("tensor", "They are too large to be subtracted as a whole: more than %1 numbers.")
        return replace(missing, reason=reason.replace("%1", f"{MOST_SUBTRACTED:,}"))
    with np.errstate(all="ignore"):
        apart = real_numbers(shown.array).astype(np.float64) - real_numbers(other).astype(np.float64)
    # A change has a sign whatever it is of, so it is coloured like a gradient.
    return TensorShown(title, "", apart, "float64", "numpy", "gradient", role="", iteration=shown.iteration)


def _same_role(trace: Trace, iteration: int, role: str) -> np.ndarray | None:
    if not role or trace.iteration(iteration) is None:
        return None
    value = roles(trace, iteration).by_role.get(role)
    if value is not None:
        return trace.array(value)
    found = next((one for one in quantities(trace, iteration) if one.symbol == role), None)
    return None if found is None else found.array(trace)


def _made_by(trace: Trace, iteration: int, value: int) -> str:
    """What a value is called that has neither name nor symbol: by the op that made it."""
    made = flow_of(trace, iteration).made.get(value)
    return f"value {value}" if made is None else made[0].name


def _why_missing(reason: str, kept: bool) -> str:
    """In a sentence, why a value's numbers are not in the trace."""
    if reason == THINNED:
        return translate(
            "tensor",
            "The numbers of this iteration were dropped to stay within the trace's budget; what is known of them is "
            "below. Record again with a larger one: gradstep record --budget 4GiB.",
        )
    if reason:
        return translate("tensor", "The numbers were not kept: %1.").replace("%1", say(why_not_kept(reason)))
    if kept:
        return translate(
            "tensor",
            "The numbers are in the folder of arrays beside the trace, and cannot be read there. Was the trace moved "
            "without its folder?",
        )
    return translate("tensor", "The numbers are not in the trace.")


def _kind(role: str) -> TensorKind:
    bare = role.removeprefix("new ")
    if role.startswith("dC/d"):
        return "gradient"
    if bare == "C":
        return "loss"
    return "parameter" if bare[:1] in ("w", "b") and bare[1:2].isdigit() else "value"
