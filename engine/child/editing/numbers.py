"""The new numbers, as they were typed: a number, a nested list, or an expression over what is recorded."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...analysis.watches.answers import Found, WatchError, shape_text
from ...analysis.watches.evaluating import evaluate
from ...analysis.watches.names import Names
from ...analysis.watches.parsing import parse
from ...bilingual import Bilingual
from ...recorder.capture import dtype_name
from .refusal import Refusal
from .target import Target


def numbers_of(text: str, names: Names) -> NDArray[Any]:
    """What a text gives. Raises Refusal where it gives no numbers, or such that are not finite."""
    found = _listed(text) if text.lstrip().startswith("[") else _worked_out(text, names)
    if found.dtype.kind not in "biufc" or found.dtype == object:
        raise Refusal(
            Bilingual(f"{text} gives no numbers.", f"{text} 得不出数。"),
            Bilingual(
                "Give a number, a list such as [[0.1, 0.2]], or w1 * 2.",
                "请给出一个数、一个列表（例如 [[0.1, 0.2]]），或 w1 * 2。",
            ),
        )
    if not np.isfinite(found).all():
        odd = _first_odd(found)
        raise Refusal(
            Bilingual(
                f"{text} is not finite: it gives {odd}, which would spread to everything that follows.",
                f"{text} 不是有限的：它得到 {odd}，会扩散到之后的一切。",
            ),
            Bilingual("Give finite numbers.", "请给出有限的数。"),
        )
    return found


def changed(old: Tensor, target: Target, found: NDArray[Any]) -> Tensor:
    """A copy of a tensor with other numbers in the places that are meant; same shape, dtype and device.

    Raises Refusal where the shape does not fit, or the dtype cannot hold the numbers.
    """
    shape = tuple(old.shape)
    places = target.flat_places(shape)
    wanted = shape if places is None else places.shape
    if found.ndim and found.shape != wanted:
        what = target.name if places is None else target.places.text if target.places is not None else target.name
        one, other = shape_text(wanted), shape_text(found.shape)
        raise Refusal(
            Bilingual(
                f"The shape does not fit: {what} is {one.english}, and the new value is {other.english}.",
                f"形状不合：{what} 是 {one.chinese}，而新值是 {other.chinese}。",
            ),
            Bilingual(
                "Give one number for all elements, or a value of the same shape.",
                "请为所有元素给出一个数，或给出形状相同的值。",
            ),
        )
    new = old.detach().clone(memory_format=torch.contiguous_format)
    numbers = torch.from_numpy(np.ascontiguousarray(np.broadcast_to(found, wanted)).reshape(-1).copy())
    as_held = numbers.to(new.dtype) if found.dtype.kind != "c" or new.is_complex() else None
    if as_held is None or not _is_held(as_held, numbers):
        dtype, given = dtype_name(old.dtype), _shown(found)
        raise Refusal(
            Bilingual(
                f"{target.name} is {dtype}, which cannot hold {given.english}.",
                f"{target.name} 是 {dtype}，存不下 {given.chinese}。",
            ),
            Bilingual("Give a number that fits.", "请给出放得下的数。"),
        )
    flat = new.view(-1)
    if places is None:
        flat.copy_(as_held)
    else:
        flat[torch.from_numpy(places.reshape(-1).copy()).to(flat.device)] = as_held.to(flat.device)
    return new


def shown(tensor: Tensor, target: Target) -> Bilingual:
    """In a few words, a tensor, or those of its elements that are meant."""
    plain = tensor.detach().cpu()
    places = target.flat_places(tuple(plain.shape))
    if places is not None:
        plain = plain.reshape(-1)[torch.from_numpy(places.copy())]
    plain = plain.double() if plain.dtype == torch.bfloat16 or str(plain.dtype).startswith("torch.float8") else plain
    array = plain.contiguous().numpy()
    if array.ndim:
        return Found(array).text()
    one = array[()]
    # In double precision the single precision's 0.1 is 0.10000000149.
    return Found(float(str(one)) if array.dtype.kind == "f" else one.item()).text()


def _is_held(held: Tensor, wanted: Tensor) -> bool:
    """Whether a dtype has these numbers: floating point rounds them, whole numbers must be themselves."""
    if held.dtype == torch.bool or not (held.is_floating_point() or held.is_complex()):
        return bool((held.to(torch.float64) == wanted.to(torch.float64)).all())
    return bool(torch.isfinite(held.to(torch.complex128) if held.is_complex() else held.double()).all())


def _listed(text: str) -> NDArray[Any]:
    try:
        found = np.array(json.loads(text))
    except (ValueError, RecursionError):
        raise Refusal(
            Bilingual(
                f"{text} is no list of numbers, or its rows differ in length.", f"{text} 不是数的列表，或各行长度不同。"
            ),
            Bilingual("Write it as in [[0.1, 0.2], [0.3, 0.4]].", "请这样写：[[0.1, 0.2], [0.3, 0.4]]。"),
        ) from None
    return found


def _worked_out(text: str, names: Names) -> NDArray[Any]:
    try:
        watch = parse(text)
    except WatchError as error:
        raise Refusal(error.message, error.hint) from None
    found = evaluate(watch, names)
    if found.result is None:
        raise Refusal(found.reason)
    return np.asarray(found.result)


def _first_odd(found: NDArray[Any]) -> str:
    odd = found.reshape(-1)[~np.isfinite(found.reshape(-1))][0]
    return "NaN" if np.isnan(odd) else str(odd)


def _shown(found: NDArray[Any]) -> Bilingual:
    return Found(found if found.ndim else found[()].item()).text()
