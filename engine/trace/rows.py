"""Rows of a trace as what they stand for. A file may come from anywhere: a row that makes no sense is a TraceError."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from ..bilingual import Bilingual, same
from ..errors import TraceError
from ..events import AtenOp, Event, Iteration, Kind, ModuleCall, Node, Output, Phase, Site, Slot, Source, Tensor
from ..values import Statistics, Value, row_major

Row = tuple[Any, ...]
T = TypeVar("T")

_INT, _TEXT, _MAYBE, _NUMBER = (int,), (str,), (int, type(None)), (float, int, type(None))
_EVENT = (
    *(_INT, _TEXT, _TEXT, _TEXT, _INT, _TEXT, _MAYBE, _MAYBE, _TEXT, _TEXT, _TEXT),
    *(_MAYBE, _MAYBE, _INT, _INT, _INT, _TEXT),
)
_ATEN = (_INT, _INT, _INT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _INT, _INT, _TEXT)
_NODE = (_INT, _TEXT, _MAYBE, _INT, _TEXT, _MAYBE)
_CALL = (_INT, _MAYBE, _TEXT, _TEXT, _TEXT, _INT, _INT, _INT)
_TENSOR = (_INT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _INT)
_VALUE = (_INT, _TEXT, _TEXT, _TEXT, _MAYBE, _INT, _INT, _INT, *(_NUMBER,) * 6, _MAYBE, _MAYBE, _TEXT)
_LAYOUT = (_TEXT, (str, type(None)))
_OUTPUT = (_INT, _INT, _TEXT, _TEXT)
_LARGEST = 1 << 62
_DEEPEST = 64
_LAST = 4096
"""So many shapes and kinds of rows, which come again and again, are not looked through again."""


def event(row: Row) -> Event:
    """An event; the columns in the order of the table."""
    return _made(_event, row, _EVENT)


def aten_op(row: Row) -> AtenOp:
    """What torch called inside an event."""
    return _made(_aten_op, row, _ATEN)


def node(row: Row) -> Node:
    """An autograd node."""
    return _made(_node, row, _NODE)


def tensor(row: Row) -> Tensor:
    """A named tensor."""
    return _made(lambda r: Tensor(r[0], r[1], r[2], shape_of(r[3]), r[4], r[5], bool(r[6])), row, _TENSOR)


def value(row: Row, layouts: Mapping[int, Row] | None) -> Value:
    """A value: id to size_bytes, kept, its eight statistics, reason. layouts: (layout, strides) of values that do not
    lie in C order; None where that was not recorded.
    """
    made = _made(_value, row, _VALUE)
    if layouts is None:
        return made
    if made.id not in layouts:
        return replace(made, layout="strided", strides=row_major(made.shape))
    return _made(lambda r: replace(made, layout=r[0], strides=_strides(r[1], made.shape)), layouts[made.id], _LAYOUT)


def call(row: Row) -> ModuleCall:
    """A module call."""
    return _made(lambda r: ModuleCall(*r), row, _CALL)


def iteration(row: Row) -> Iteration:
    """An iteration."""
    return _made(lambda r: Iteration(r[0], r[1], r[2], bool(r[3])), row, (_INT,) * 4)


def site(row: Row) -> Site:
    """A place in a source file."""
    return _made(lambda r: Site(*r), row, (_INT, _INT, _TEXT, _INT, _INT, _INT, _INT))


def source(row: Row) -> Source:
    """A source file."""
    return _made(lambda r: Source(*r), row, (_INT, _TEXT, _TEXT))


def output(row: Row) -> Output:
    """Text that the script wrote."""
    return _made(lambda r: Output(*r), row, _OUTPUT)


def slots(text: object) -> tuple[Slot, ...]:
    """What went into an event or came out of it, from its JSON."""
    return _made(lambda r: _slots(r[0]), (text,), (_TEXT,))


def single_number(row: Row) -> float | None:
    """A value of one element, by its mean; NaN if it is not finite, None of other ones. Columns: id, shape, mean."""
    return _made(lambda r: _single(r[1], r[2]), row, (_INT, _TEXT, _NUMBER))


def _single(shape: str, mean: float | None) -> float | None:
    if math.prod(shape_of(shape)) != 1:
        return None
    return math.nan if mean is None else mean


class SenselessError(ValueError):
    """A row says what cannot be. what: the end of "The trace is damaged: "."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.what = Bilingual(english, chinese)


@lru_cache(maxsize=_LAST)
def shape_of(text: str) -> tuple[int, ...]:
    """A shape from its JSON. Raises ValueError or TypeError if it is none."""
    sizes = tuple(json.loads(text))
    if not all(type(size) is int and 0 <= size < _LARGEST for size in sizes) or math.prod(sizes) >= _LARGEST:
        raise SenselessError(f"{text} is no shape", f"{text} 不是形状")
    return sizes


def damaged(what: Bilingual) -> TraceError:
    """The error for a file that says impossible things."""
    return TraceError(
        Bilingual(f"The trace is damaged: {what.english}.", f"记录已损坏：{what.chinese}。"),
        Bilingual("Record it again, or fetch another copy of the file.", "请重新录制，或重新获取一份文件。"),
    )


@lru_cache(maxsize=_LAST)
def _fit(found: tuple[type, ...], types: tuple[tuple[type, ...], ...]) -> bool:
    return len(found) == len(types) and all(one in allowed for one, allowed in zip(found, types, strict=True))


def _made(make: Callable[[Row], T], row: Row, types: tuple[tuple[type, ...], ...]) -> T:
    try:
        if _fit(tuple(map(type, row)), types):
            return make(row)
        problem = Bilingual("a column holds what it cannot hold", "有一列存放了不该有的内容")
    except SenselessError as error:
        problem = error.what
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        problem = same(str(error)[:200] or type(error).__name__)
    raise damaged(problem)


def _event(row: Row) -> Event:
    if row[10]:
        _check_depth(row[10])
    return Event(
        row[0],
        Kind(row[1]),
        intern(row[2]),
        intern(row[3]),
        row[4],
        Phase(row[5]),
        row[6],
        row[7],
        _slots(row[8]),
        _slots(row[9]),
        intern(row[10]),
        row[11],
        row[12],
        row[13],
        row[14],
        bool(row[15]),
        row[16],
    )


def _aten_op(row: Row) -> AtenOp:
    if row[7]:
        _check_depth(row[7])
    return AtenOp(row[0], row[1], bool(row[2]), row[3], row[4], _slots(row[5]), _slots(row[6]), *row[7:])


def _check_depth(text: str) -> None:
    """Raises ValueError unless this is a JSON object in which lists are nested as deep as a script would nest them."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise SenselessError("arguments have no names", "参数没有名称")
    layer: list[Any] = [found] if text.count("[") + text.count("{") > _DEEPEST else []
    for _ in range(_DEEPEST):
        layer = [
            item
            for part in layer
            for item in (part.values() if isinstance(part, dict) else part)
            if isinstance(item, dict | list)
        ]
    if layer:
        raise SenselessError("arguments are nested too deep", "参数嵌套太深")


def _slots(text: str) -> tuple[Slot, ...]:
    return tuple(_slot(*slot) for slot in json.loads(text))


def _slot(name: str, value: int | None, node: int | None = None, index: int = 0) -> Slot:
    if type(name) is not str or type(value) not in _MAYBE or type(node) not in _MAYBE or type(index) is not int:
        raise SenselessError("a slot holds what it cannot hold", "有一个槽位存放了不该有的内容")
    return Slot(intern(name), value, node, index)


def _node(row: Row) -> Node:
    edges = tuple(None if edge is None else (int(edge[0]), int(edge[1])) for edge in json.loads(row[4]))
    return Node(row[0], intern(row[1]), row[2], row[3], edges, row[5])


def _strides(text: str | None, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    if text is None:
        return None
    steps = tuple(json.loads(text))
    if len(steps) != len(shape) or not all(type(step) is int for step in steps):
        raise SenselessError(f"{text} are no strides", f"{text} 不是步长")
    return steps


def _value(row: Row) -> Value:
    numbers = None
    if row[13] is not None:
        low, high, mean, std, norm = (math.nan if number is None else float(number) for number in row[8:13])
        numbers = Statistics(low, high, mean, std, norm, float(row[13]), row[14] or 0, row[15] or 0)
    size = shape_of(row[2])
    return Value(row[0], intern(row[1]), size, intern(row[3]), row[4], row[5], row[6], bool(row[7]), numbers, row[16])
