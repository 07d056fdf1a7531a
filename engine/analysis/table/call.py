"""A recorded call with its arguments under the names of PyTorch's documentation, to compute with in numpy.

A trace has arguments as the script wrote them, by place ("0") or by name ("weight"). A `Form` says which name each
place has, as the documentation does: `linear(input, weight, bias=None)`, `permute(input, *dims)`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from .asked_sizes import too_much

Array = NDArray[Any]
"""Numbers to compute with: float64, complex128, int64 or bool (see `wide`)."""

_SAME = {
    **{"axis": "dim", "axes": "dim", "keepdims": "keepdim"},
    **{"x": "input", "self": "input", "x1": "input", "x2": "other"},
}
"""Names that torch takes for others, as numpy writes them."""

_WORDS = {"inf": np.inf, "-inf": -np.inf, "nan": np.nan, "...": Ellipsis}
"""Plain arguments that JSON has no form for, as a recorder writes them."""


_MOST_ARGUMENTS = 100_000
"""How many arguments a call, or items a list of tensors, may have."""


_ROOM = 1 << 24
"""Numbers that a result may always have, whatever was recorded."""


class UnfitError(Exception):
    """A call that cannot be recomputed. reason: why, as the end of "cannot be checked: "; its own text is English."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.reason = Bilingual(english, chinese)


@np.errstate(invalid="ignore")  # memory that nothing was written to can hold signalling NaNs, which casts report
def wide(array: NDArray[Any]) -> Array:
    """The same numbers in the widest type of their kind: float64, complex128, int64, bool."""
    large = array.dtype.itemsize == 8
    kinds = {"f": np.float64, "c": np.complex128, "i": np.int64, "u": np.uint64 if large else np.int64}
    return array.astype(kinds[array.dtype.kind], copy=False) if array.dtype.kind in kinds else array


@dataclass(frozen=True, slots=True)
class Form:
    """How an op is called: its name, its arguments' names in order, their defaults.

    rest: name of a `*rest`, or "". keywords: arguments that have no place. text: as PyTorch's documentation writes it.
    """

    name: str
    names: tuple[str, ...]
    defaults: Mapping[str, Any]
    rest: str = ""
    keywords: tuple[str, ...] = ()
    text: str = ""

    def key(self, slot: str) -> str:
        """The name of a slot: "0.2" of `cat(tensors, dim=0)` is "tensors.2", "weight" is "weight"."""
        first, dot, inner = slot.partition(".")
        if not first.isdecimal():
            other = _SAME.get(first, first)
            return other + dot + inner if first not in self.known and other in self.known else slot
        place = int(first)
        if place < len(self.names):
            return self.names[place] + dot + inner
        if not self.rest:
            raise UnfitError("it was called with more arguments than are known", "调用它时用的参数比已知的多")
        if inner:
            return f"{self.rest}.{inner}"
        return f"{self.rest}.{place - len(self.names)}"

    @property
    def known(self) -> frozenset[str]:
        """All its arguments' names."""
        return frozenset((*self.names, *self.keywords, *([self.rest] if self.rest else [])))


@lru_cache(maxsize=1024)
def form_of(text: str) -> Form:
    """A form from its text, `name(first, second=default, *rest, named=default)`. Raises SyntaxError for other text."""
    # Some names are none for Python, or it keeps them for itself: `data=`, `and`.
    name, opened, signature = text.partition("(")
    head = ast.parse(f"def form{opened}{signature}: ...").body[0]
    if not isinstance(head, ast.FunctionDef):
        raise SyntaxError(text)
    found = head.args
    names = tuple(argument.arg for argument in found.args)
    pairs = [
        *zip(names[len(names) - len(found.defaults) :], found.defaults, strict=True),
        *((argument.arg, default) for argument, default in zip(found.kwonlyargs, found.kw_defaults, strict=True)),
    ]
    defaults = {key: ast.literal_eval(default) for key, default in pairs if default is not None}
    keywords = tuple(argument.arg for argument in found.kwonlyargs)
    return Form(name, names, defaults, found.vararg.arg if found.vararg else "", keywords, text)


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call: its arguments by name, what it made, and the name of each slot.

    arguments: arrays (widened), plain values, or lists of them; defaults are filled in. keys: slot ("0", "1.2") -> name
    ("input", "tensors.2"). outputs: what was recorded, widened; None where it was not kept. mutated: the op wrote into
    its first argument. function: what was called ("torch.Tensor.sum").
    """

    name: str
    function: str
    arguments: Mapping[str, Any]
    keys: Mapping[str, str]
    outputs: tuple[Array | None, ...] = ()
    mutated: bool = False

    def __getitem__(self, name: str) -> Any:
        """An argument. Raises UnfitError where there is none."""
        if name not in self.arguments:
            raise UnfitError(f"its argument {name} is not known", f"不知道它的参数 {name}")
        return self.arguments[name]

    def __contains__(self, name: str) -> bool:
        return name in self.arguments

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or the default."""
        return self.arguments.get(name, default)

    def array(self, name: str) -> Array:
        """An argument as an array; a plain number is one without dimensions."""
        found = self[name]
        if isinstance(found, np.ndarray):
            return found
        if isinstance(found, bool | int | float | complex):
            return np.asarray(found)
        raise UnfitError(f"its argument {name} is not a tensor", f"它的参数 {name} 不是张量")

    def arrays(self, name: str) -> list[Array]:
        """An argument that is a list of tensors (a single tensor is a list of one)."""
        found = self[name]
        items = [found] if isinstance(found, np.ndarray) else found
        if not isinstance(items, list) or not all(isinstance(item, np.ndarray) for item in items):
            raise UnfitError(f"its argument {name} is not a list of tensors", f"它的参数 {name} 不是张量的列表")
        return items

    def number(self, name: str) -> float:
        """An argument that is one number."""
        found = self[name]
        if isinstance(found, np.ndarray) and found.size == 1:
            return float(found.reshape(-1)[0])
        if isinstance(found, int | float):
            return float(found)
        raise UnfitError(f"its argument {name} is not a number", f"它的参数 {name} 不是一个数")

    def integers(self, name: str, count: int | None = None) -> tuple[int, ...]:
        """An argument that is one integer or several; a single one stands for `count` of them."""
        found = self[name]
        items = found if isinstance(found, list | tuple) else [found]
        if len(items) == 1 and isinstance(items[0], list | tuple):
            items = items[0]
        try:
            numbers = tuple(int(item) for item in items)
        except (TypeError, ValueError):
            raise UnfitError(
                f"its argument {name} is not made of integers", f"它的参数 {name} 不是由整数组成的"
            ) from None
        return numbers * count if count is not None and len(numbers) == 1 else numbers

    def output(self, place: int = 0) -> Array:
        """What was recorded as its result. Raises UnfitError where that was not kept."""
        found = self.outputs[place] if place < len(self.outputs) else None
        if found is None:
            raise UnfitError("what it made is not in the trace", "它的结果不在记录中")
        return found

    def allow(self, shape: Sequence[int]) -> None:
        """Raises UnfitError for a result far larger than all that was recorded: a trace may come from a stranger."""
        recorded = (*(array for array in self.outputs if array is not None), *(array for _, array in self.tensors()))
        asked = math.prod(shape)
        if asked > max(_ROOM, 4 * max((array.size for array in recorded), default=0)):
            raise UnfitError(
                f"it would need {asked:.2g} numbers, and far fewer were recorded",
                f"它需要 {asked:.2g} 个数，而记录下来的远没有这么多",
            )

    def replaced(self, key: str, array: Array) -> Call:
        """The same call with another array at a key ("weight", "tensors.2")."""
        return Call(self.name, self.function, _with(self.arguments, key, array), self.keys, self.outputs, self.mutated)

    def tensors(self) -> Iterator[tuple[str, Array]]:
        """Its arguments that were tensors, by key."""
        for key in dict.fromkeys(self.keys.values()):
            yield key, _at(self.arguments, key)


def bind(
    form: Form,
    function: str,
    tensors: Mapping[str, NDArray[Any] | None],
    plain: Mapping[str, Any],
    outputs: Sequence[NDArray[Any] | None] = (),
    mutated: bool = False,
) -> Call:
    """A call from what a trace holds: arrays by slot, plain arguments by place or name.

    Raises UnfitError for a call that the form does not fit, and where an array was not kept.
    """
    arguments: dict[str, Any] = dict(form.defaults)
    keys = {slot: form.key(slot) for slot in tensors}
    for slot, argument in plain.items():
        _place(arguments, form, slot, plain_value(argument))
    for slot, array in tensors.items():
        if array is None:
            raise UnfitError("the numbers that went in are not in the trace", "输入的数值不在记录中")
        _put(arguments, keys[slot], wide(array))
    if form.rest and isinstance(arguments.get(form.rest), list):
        rest = arguments[form.rest]
        # view(2, 3) and view((2, 3)) mean the same.
        if len(rest) == 1 and isinstance(rest[0], list):
            arguments[form.rest] = rest[0]
    made = tuple(None if array is None else wide(array) for array in outputs)
    refusal = too_much(form.name, arguments, [*tensors.values(), *(made or (None,))])
    if refusal:
        raise UnfitError(refusal.english, refusal.chinese)
    return Call(form.name, function, arguments, keys, made, mutated)


def _place(arguments: dict[str, Any], form: Form, slot: str, argument: Any) -> None:
    if "." in slot:
        _put(arguments, form.key(slot), argument)
        return
    place = int(slot) if slot.isdecimal() else -1
    _check_places([place])
    if form.rest and place >= len(form.names):
        held = arguments.setdefault(form.rest, [])
        held.extend([None] * (place - len(form.names) + 1 - len(held)))
        held[place - len(form.names)] = argument
        return
    key = form.key(slot)
    if key not in form.known and argument is not None:
        raise UnfitError(f"its argument {slot} is not known", f"不认识它的参数 {slot}")
    arguments[key] = argument


def plain_value(argument: Any) -> Any:
    """A plain argument as Python has it: slices, "inf", complex numbers."""
    if isinstance(argument, dict):
        if argument.keys() != {"slice"}:
            raise UnfitError("an argument of it was not recorded", "它有一个参数没有被记录")
        return slice(*argument["slice"])
    if isinstance(argument, list):
        return [plain_value(item) for item in argument]
    if isinstance(argument, str):
        if argument in _WORDS:
            return _WORDS[argument]
        if argument == "…" or (argument.startswith("<") and argument.endswith(">") and argument != "<Generator>"):
            raise UnfitError("an argument of it was not recorded", "它有一个参数没有被记录")
        if argument.endswith("j)"):
            return complex(argument)
    return argument


def _check_places(places: Sequence[int], first: int = -1) -> None:
    """Raises UnfitError for places that no call has; lists are filled up to them."""
    if not all(first <= place < _MOST_ARGUMENTS for place in places):
        raise UnfitError("an argument of it has a place that no call has", "它有一个参数的位置在任何调用中都不存在")


def _put(arguments: dict[str, Any], key: str, array: Any) -> None:
    """Puts an array at "tensors.2" or "weight"; a list grows as needed."""
    name, *places = key.split(".")
    if not places:
        arguments[name] = array
        return
    held = arguments.get(name)
    held = arguments[name] = list(held) if isinstance(held, list | tuple) else []
    numbers = [int(place) if place.isdecimal() else -1 for place in places]
    _check_places(numbers, 0)
    for i, place in enumerate(numbers):
        held.extend([None] * (place + 1 - len(held)))
        if i == len(places) - 1:
            held[place] = array
        else:
            inner = held[place]
            held[place] = list(inner) if isinstance(inner, list) else []
            held = held[place]


def _with(arguments: Mapping[str, Any], key: str, array: Array) -> dict[str, Any]:
    """A copy of the arguments with another array at a key."""
    copied = {name: _copied(argument) for name, argument in arguments.items()}
    _put(copied, key, array)
    return copied


def _copied(argument: Any) -> Any:
    return [_copied(item) for item in argument] if isinstance(argument, list) else argument


def _at(arguments: Mapping[str, Any], key: str) -> Any:
    name, *places = key.split(".")
    found = arguments[name]
    for place in places:
        found = found[int(place)]
    return found
