"""Works an expression out, part by part, with numbers that a `Names` gives. Runs nothing but the tables' functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual, sentences
from .answers import Found, NoAnswer, settled, shape_text
from .arithmetic import binary, numeric, truth, unary
from .bounds import MOST_MADE, PATIENCE_S, Budget
from .functions import FUNCTIONS, PROPERTIES, SHAPES_ONLY
from .names import Known, Names
from .parsing import Watch
from .syntax import (
    Binary,
    Call,
    Choice,
    Comparison,
    Item,
    Logic,
    Name,
    Number,
    Part,
    Rest,
    Several,
    Span,
    Unary,
)  # fmt: skip

_CONSTANTS = {"nan": float("nan"), "inf": float("inf"), "pi": float(np.pi)}
_INDEX = Bilingual(
    "An index is a whole number, a slice, or an array of whole numbers or truths.",
    "下标是一个整数、一个切片，或由整数或真值组成的数组。",
)
_PLAIN = (bool, int, float, str, tuple, np.ndarray, np.generic)


def evaluate(watch: Watch, names: Names, patience_s: float = PATIENCE_S) -> Found:
    """The result of an expression at the place that `names` speaks of, or the reason why there is none."""
    evaluation = _Evaluation(names, Budget(patience_s))
    try:
        with np.errstate(all="ignore"):
            return Found(settled(evaluation.read(watch.part)))
    except NoAnswer as reason:
        return Found(None, reason.why)
    except (TypeError, ValueError, IndexError, ArithmeticError, MemoryError) as error:
        why = str(error)[:200] or type(error).__name__
        return Found(None, Bilingual(f"NumPy cannot work this out: {why}.", f"NumPy 算不出来：{why}。"))


class _Evaluation:
    """One walk through one expression."""

    def __init__(self, names: Names, budget: Budget) -> None:
        self._names = names
        self._budget = budget

    def read(self, part: Part) -> Any:
        """What a part gives: a number, an array, a tuple of numbers, or a text."""
        return self._read(self._look(part))

    def _look(self, part: Part) -> Any:
        """The same, but a value that a name stands for is not read yet."""
        match part:
            case Number():
                return part.value
            case Name():
                return self._name(part)
            case Unary():
                return unary(part.sign, self._operand(part.operand), self._budget)
            case Binary():
                return binary(part.sign, self._operand(part.left), self._operand(part.right), self._budget)
            case Comparison():
                return self._comparison(part)
            case Logic():
                return self._logic(part)
            case Choice():
                return self.read(part.yes if truth(self.read(part.condition)) else part.no)
            case Several():
                return self._several(part.parts)
            case Item():
                return self._item(part)
            case Call():
                return self._call(part)

    def _read(self, found: Any) -> Any:
        if isinstance(found, _PLAIN):
            return numeric(found) if isinstance(found, np.ndarray) else settled(found)
        known: Known = found
        self._budget.touch(int(np.prod(known.shape, dtype=np.int64)))
        return numeric(known.array())

    def _operand(self, part: Part) -> Any:
        """What operators can take."""
        found = self.read(part)
        if isinstance(found, str):
            raise NoAnswer(
                Bilingual(
                    f"{found!r} is a text; it can be compared with == and !=.",
                    f"{found!r} 是文字；可以用 == 和 != 比较。",
                )
            )
        return np.asarray(found) if isinstance(found, tuple) else found

    def _name(self, name: Name) -> Any:
        """The longest part of a dotted name that is known; what follows it must be properties."""
        for end in range(len(name.path), 0, -1):
            found = self._names.find(".".join(name.path[:end]))
            if found is None:
                continue
            rest = name.path[end:]
            if all(one in PROPERTIES for one in rest):
                for one in rest:
                    found = self._apply(one, [found], {})
                return found
            raise NoAnswer(_no_such_part(name.path, end))
        if name.text in _CONSTANTS:
            return _CONSTANTS[name.text]
        raise NoAnswer(self._unknown(".".join(_without_properties(name.path))))

    def _unknown(self, name: str) -> Bilingual:
        near = self._names.near(name)
        hint = NOTHING
        if near:
            hint = Bilingual(f"Did you mean {' or '.join(near)}?", f"是不是想写 {' 或 '.join(near)}？")
        return sentences(Bilingual(f"There is no {name} here.", f"这里没有 {name}。"), hint)

    def _comparison(self, part: Comparison) -> Any:
        """a < b < c is a < b and b < c, element by element; b is worked out once."""
        sides = [part.first, *part.rest]
        left = self._side(sides[0], sides[1])
        found: Any = True
        for sign, left_part, right_part in zip(part.signs, sides[:-1], part.rest, strict=True):
            right = self._side(right_part, left_part)
            link = self._link(sign, left, right)
            found = link if found is True else binary("&", np.asarray(found), np.asarray(link), self._budget)
            left = right
        return found

    def _side(self, part: Part, other: Part) -> Any:
        """One side of a comparison; a quoted word that is no name is a text, if the other side is one."""
        if isinstance(part, Name) and part.quoted and not (isinstance(other, Name) and other.quoted):
            found = self._names.find(part.text)
            return part.text if found is None else self._read(found)
        return self.read(part)

    def _link(self, sign: str, left: Any, right: Any) -> Any:
        if isinstance(left, str) and isinstance(right, str):
            if sign in ("==", "!="):
                return (left == right) is (sign == "==")
            if sign == "in":
                return left in right
            raise NoAnswer(
                Bilingual("Texts can be compared with ==, != and in.", "文字可以用 `==`、`!=` 和 `in` 比较。")
            )
        for side in (left, right):
            if isinstance(side, str):
                raise NoAnswer(self._unknown(side))
        if sign == "in":
            raise NoAnswer(
                Bilingual(
                    "in looks for a text in a text; for numbers, write any(x == 1).",
                    "`in` 是在文字中查找文字；对数请写 any(x == 1)。",
                )
            )
        if isinstance(left, tuple) and isinstance(right, tuple) and sign in ("==", "!="):
            return (left == right) is (sign == "==")
        return binary(sign, _array_of(left), _array_of(right), self._budget)

    def _logic(self, part: Logic) -> Any:
        found: Any = None
        for one in part.parts:
            found = self.read(one)
            if truth(found) is (part.sign == "or"):
                break
        return found

    def _several(self, parts: Sequence[Part]) -> tuple[Any, ...]:
        found = tuple(settled(self.read(one)) for one in parts)
        if not all(isinstance(one, bool | int | float) for one in found):
            raise NoAnswer(
                Bilingual("Brackets hold single numbers, as in (0, 1).", "括号里只能放单个的数，例如 (0, 1)。")
            )
        return found

    def _item(self, part: Item) -> Any:
        owner = self.read(part.owner)
        if isinstance(owner, str):
            raise NoAnswer(Bilingual(f"{owner!r} is a text and has no elements.", f"{owner!r} 是文字，没有元素。"))
        array = np.asarray(owner)
        places = tuple(self._place(place) for place in part.places)
        shape = shape_text(array.shape)
        if any(isinstance(place, np.ndarray) for place in places):
            if len(places) > 1:
                raise NoAnswer(
                    Bilingual(
                        "An array of places stands alone in the brackets, as in x[x > 0].",
                        "用数组作下标时，方括号里只能有它一个，例如 x[x > 0]。",
                    )
                )
            self._check_gathered(array, places[0])
        elif sum(place is not Ellipsis for place in places) > array.ndim:
            count = len(places)
            raise NoAnswer(
                Bilingual(
                    f"There are {count} indices, and the shape is {shape.english}.",
                    f"有 {count} 个下标，而形状是 {shape.chinese}。",
                )
            )
        try:
            return settled(array[places])
        except IndexError:
            raise NoAnswer(
                Bilingual(
                    f"The index is out of range: the shape is {shape.english}.", f"下标越界：形状是 {shape.chinese}。"
                )
            ) from None

    def _check_gathered(self, array: NDArray[Any], places: NDArray[Any]) -> None:
        """An array of places may ask for the same elements again and again."""
        if array.ndim == 0:
            raise NoAnswer(Bilingual("One number has no elements.", "单个数没有元素。"))
        if places.dtype.kind == "b":
            if places.shape != array.shape[: places.ndim]:
                one, other = shape_text(places.shape), shape_text(array.shape)
                raise NoAnswer(
                    Bilingual(
                        f"Truths of the shape {one.english} do not choose from {other.english}.",
                        f"形状为 {one.chinese} 的真值数组不能从 {other.chinese} 中选取。",
                    )
                )
            self._budget.make(array.size)
        elif places.dtype.kind in "iu":
            self._budget.make(places.size * (array.size // max(array.shape[0], 1)))
        else:
            raise NoAnswer(_INDEX)

    def _place(self, place: Part | Span | Rest) -> Any:
        if isinstance(place, Rest):
            return ...
        if isinstance(place, Span):
            ends = [None if end is None else self._whole(end) for end in (place.begin, place.end, place.stride)]
            if ends[2] == 0:
                raise NoAnswer(Bilingual("A slice cannot go in steps of 0.", "切片的步长不能是 0。"))
            return slice(*ends)
        found = settled(self.read(place))
        if isinstance(found, tuple) or (isinstance(found, np.ndarray) and found.dtype.kind in "biu"):
            return np.asarray(found)
        return self._as_whole(found)

    def _whole(self, part: Part) -> int:
        return self._as_whole(settled(self.read(part)))

    @staticmethod
    def _as_whole(found: Any) -> int:
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        raise NoAnswer(_INDEX)

    def _call(self, part: Call) -> Any:
        arguments = [self._look(one) for one in part.arguments]
        settings = {name: settled(self.read(one)) for name, one in part.keywords}
        return self._apply(part.function, arguments, settings)

    def _apply(self, name: str, found: Sequence[Any], settings: dict[str, Any]) -> Any:
        function = FUNCTIONS[name]
        first = found[0]
        if not isinstance(first, _PLAIN):
            if name in SHAPES_ONLY:
                return function.apply([np.broadcast_to(np.float64(0), first.shape)], {}, self._budget)
            if function.measured is not None and len(found) == 1 and not settings and _is_better_measured(first):
                return function.measured(first.statistics)
        arguments = [self._argument(name, one) for one in found]
        return settled(function.apply(arguments, settings, self._budget))

    def _argument(self, function: str, found: Any) -> Any:
        value = self._read(found)
        if isinstance(value, str):
            raise NoAnswer(
                Bilingual(
                    f"{function} takes numbers, and {value!r} is a text.", f"{function} 需要数，而 {value!r} 是文字。"
                )
            )
        return settled(value)


def _is_better_measured(known: Known) -> bool:
    """Whether the trace's own statistics serve: the array is not there, or large, and no element is NaN or infinite."""
    measured = known.statistics
    if measured is None or measured.nans or measured.infs or not np.isfinite(measured.norm):
        return False
    return not known.is_kept or int(np.prod(known.shape, dtype=np.int64)) > MOST_MADE


def _without_properties(path: Sequence[str]) -> Sequence[str]:
    end = len(path)
    while end > 1 and path[end - 1] in PROPERTIES:
        end -= 1
    return path[:end]


def _no_such_part(path: Sequence[str], end: int) -> Bilingual:
    """Why what follows the known part of a dotted name means nothing."""
    known, rest = ".".join(path[:end]), path[end]
    if rest in FUNCTIONS and rest not in PROPERTIES:
        return Bilingual(f"{rest} is a function: write {known}.{rest}().", f"{rest} 是函数：请写 {known}.{rest}()。")
    return Bilingual(f"{known} has no .{rest} here.", f"{known} 在这里没有 .{rest}。")


def _array_of(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, tuple) else value
