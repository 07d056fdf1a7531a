"""Turns the text of an expression into its parts, or says at which column it is none. Nothing is compiled or run."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass

from ...bilingual import Bilingual
from .answers import WatchError
from .bounds import DEEPEST, LARGEST_WHOLE, MOST_PARTS
from .functions import FUNCTIONS, PROPERTIES
from .scanning import Scanned, scan
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
)

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|",
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], str] = {ast.UAdd: "+", ast.USub: "-", ast.Not: "not", ast.Invert: "~"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
}  # fmt: skip
_LIBRARIES = frozenset({"np", "numpy", "torch", "math", "np.linalg", "numpy.linalg", "torch.linalg"})
"""Prefixes that a function may have, as in np.linalg.norm(x)."""

_OPEN_END = re.compile(r"([-+*/%@<>=,.&|~]|\b(and|or|not|if|else|in))\s*$")
_NAMED_IN_HINTS = 10


@dataclass(frozen=True, slots=True)
class Watch:
    """An expression that may be asked for at any place of a run."""

    text: str
    part: Part

    def names(self) -> frozenset[str]:
        """All names that it mentions, dots included."""
        return frozenset(name.text for name in _names(self.part))


def parse(text: str) -> Watch:
    """Understands an expression. Raises WatchError, with the column, where it is none."""
    scanned = scan(text)
    shift = len(scanned.text) - len(scanned.text.lstrip())
    try:
        tree = ast.parse(scanned.text.strip(), mode="eval")
    except SyntaxError as error:
        column = min(max((error.offset or 1) - 1 + shift, 0), len(text))
        raise _unreadable(text, column) from None
    except (ValueError, RecursionError, MemoryError):
        raise _too_deep(0) from None
    return Watch(text.strip(), _Builder(scanned, shift).part(tree.body, 0))


class _Builder:
    """Takes the nodes of Python's tree one by one; what is not known here is refused."""

    def __init__(self, scanned: Scanned, shift: int) -> None:
        self._odd = scanned.odd
        # Python counts columns in bytes of UTF-8.
        self._columns: dict[int, int] = {}
        bytes_before = 0
        for column, letter in enumerate(scanned.text[shift:]):
            self._columns[bytes_before] = column + shift
            bytes_before += len(letter.encode())
        self._parts = 0

    def part(self, node: ast.expr, depth: int) -> Part:
        """One node with all that is under it."""
        column = self._columns.get(node.col_offset, 0)
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise WatchError(
                Bilingual("The expression is too long.", "表达式太长。"),
                Bilingual(f"It has more than {MOST_PARTS} parts.", f"它的组成部分超过 {MOST_PARTS} 个。"),
                column,
            )
        if depth > DEEPEST:
            raise _too_deep(column)
        below = depth + 1
        match node:
            case ast.Constant():
                return _number(node.value, column)
            case ast.Name() | ast.Attribute():
                return self._name(node, below, column)
            case ast.UnaryOp():
                return Unary(_UNARY[type(node.op)], self.part(node.operand, below), column)
            case ast.BinOp() if type(node.op) in _BINARY:
                left, right = self.part(node.left, below), self.part(node.right, below)
                return Binary(_BINARY[type(node.op)], left, right, column)
            case ast.Compare() if all(type(sign) in _COMPARISONS for sign in node.ops):
                signs = tuple(_COMPARISONS[type(sign)] for sign in node.ops)
                rest = tuple(self.part(one, below) for one in node.comparators)
                return Comparison(self.part(node.left, below), signs, rest, column)
            case ast.BoolOp():
                sign = "and" if isinstance(node.op, ast.And) else "or"
                return Logic(sign, tuple(self.part(one, below) for one in node.values), column)
            case ast.IfExp():
                yes, no = self.part(node.body, below), self.part(node.orelse, below)
                return Choice(self.part(node.test, below), yes, no, column)
            case ast.Tuple() | ast.List():
                return Several(tuple(self.part(one, below) for one in node.elts), column)
            case ast.Subscript():
                return self._item(node, below, column)
            case ast.Call():
                return self._call(node, below, column)
        raise _foreign(column)

    def _name(self, node: ast.Name | ast.Attribute, depth: int, column: int) -> Part:
        path = self._path(node, depth)
        if path is not None:
            return path
        assert isinstance(node, ast.Attribute)
        if node.attr not in PROPERTIES:
            near = difflib.get_close_matches(node.attr, PROPERTIES, 1)
            known = sorted(PROPERTIES)
            hint = Bilingual(f"A value has {', '.join(known)}.", f"值有这些属性：{'、'.join(known)}。")
            if near:
                hint = Bilingual(f"Did you mean .{near[0]}?", f"是不是想写 .{near[0]}？")
            what = Bilingual(f"A value has no .{node.attr}.", f"值没有 .{node.attr}。")
            raise WatchError(what, hint, self._end(node) - len(node.attr))
        return Call(node.attr, (self.part(node.value, depth),), (), column)

    def _path(self, node: ast.expr, depth: int) -> Name | None:
        """a.b.c as one name; None where it does not begin with a name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
            depth += 1
        if not isinstance(node, ast.Name):
            return None
        column = self._columns.get(node.col_offset, 0)
        if depth > DEEPEST:
            raise _too_deep(column)
        odd = self._odd.get(column)
        parts.append(node.id if odd is None else odd.text)
        return Name(tuple(reversed(parts)), column, odd is not None and odd.quoted and len(parts) == 1)

    def _item(self, node: ast.Subscript, depth: int, column: int) -> Item:
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return Item(self.part(node.value, depth), tuple(self._place(one, depth) for one in places), column)

    def _place(self, node: ast.expr, depth: int) -> Part | Span | Rest:
        column = self._columns.get(node.col_offset, 0)
        if isinstance(node, ast.Constant) and node.value is ...:
            return Rest(column)
        if isinstance(node, ast.Slice):
            begin, end, stride = (None if end is None else self.part(end, depth + 1) for end in _ends(node))
            return Span(begin, end, stride, column)
        return self.part(node, depth)

    def _call(self, node: ast.Call, depth: int, column: int) -> Call:
        function, owner = self._function(node.func)
        if function not in FUNCTIONS:
            raise _unknown_function(function, self._end(node.func) - len(function))
        given = [*([] if owner is None else [owner]), *node.args]
        arguments = tuple(self.part(one, depth) for one in given)
        keywords = tuple((str(one.arg), self.part(one.value, depth)) for one in node.keywords)
        found = Call(function, arguments, keywords, column)
        row = FUNCTIONS[function]
        unknown = next((name for name, _ in keywords if name not in row.keywords), None)
        if unknown is not None:
            known = Bilingual("It takes no settings.", "它不接受任何设置。")
            if row.keywords:
                known = Bilingual(f"It takes {', '.join(row.keywords)}.", f"它接受：{'、'.join(row.keywords)}。")
            what = Bilingual(f"{function} has no setting {unknown}.", f"{function} 没有设置 {unknown}。")
            raise WatchError(what, known, column)
        if not row.fewest <= len(arguments) <= row.most:
            count, count_zh = _count(len(arguments)), f"{len(arguments)} 个值"
            raise WatchError(
                Bilingual(f"{function} does not take {count}.", f"{function} 不接受 {count_zh}。"),
                Bilingual(f"Write {row.usage}.", f"请写 {row.usage.replace(' or ', ' 或 ')}。"),
                column,
            )
        return found

    def _function(self, node: ast.expr) -> tuple[str, ast.expr | None]:
        """The name of a function, and for a method what it is of."""
        if isinstance(node, ast.Name):
            odd = self._odd.get(self._columns.get(node.col_offset, 0))
            return node.id if odd is None else odd.text, None
        if isinstance(node, ast.Attribute):
            path = self._path(node.value, 0)
            is_library = path is not None and path.text in _LIBRARIES
            return node.attr, None if is_library else node.value
        raise _foreign(self._columns.get(node.col_offset, 0))

    def _end(self, node: ast.expr) -> int:
        end = node.end_col_offset or 0
        return self._columns.get(end, max(self._columns.values(), default=0) + 1)


def _number(value: object, column: int) -> Number:
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise WatchError(
            Bilingual("The number is too large.", "这个数太大。"),
            Bilingual("Write it with a power of ten, as in 1e30.", "请用 10 的幂来写，例如 1e30。"),
            column,
        )
    if isinstance(value, bool | int | float):
        return Number(value, column)
    raise _foreign(column)


def _names(part: object) -> list[Name]:
    """The names in a part of an expression."""
    if isinstance(part, Name):
        return [part]
    inside = part if isinstance(part, tuple) else [getattr(part, slot) for slot in getattr(part, "__slots__", ())]
    return [name for one in inside for name in _names(one)]


def _ends(node: ast.Slice) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    return node.lower, node.upper, node.step


def _count(arguments: int) -> str:
    return "one value" if arguments == 1 else f"{arguments} values"


def _unreadable(text: str, column: int) -> WatchError:
    if text.count("(") > text.count(")") or text.count("[") > text.count("]"):
        return WatchError(
            Bilingual("A bracket is not closed.", "有一个括号没有闭合。"),
            Bilingual("Each ( needs a ), each [ a ].", "每个 ( 需要一个 )，每个 [ 需要一个 ]。"),
            column,
        )
    if _OPEN_END.search(text):
        return WatchError(
            Bilingual("The expression is not complete.", "表达式不完整。"),
            Bilingual("Something is missing at its end.", "末尾缺了一部分。"),
            len(text.rstrip()),
        )
    if "=" in text[max(column - 1, 0) : column + 2]:
        return WatchError(
            Bilingual("A watch cannot set anything.", "监视表达式不能赋值。"),
            Bilingual("To compare, write ==.", "要比较，请写 ==。"),
            column,
        )
    there = text[column : column + 12].strip()
    return WatchError(
        Bilingual("The expression cannot be read.", "无法读懂这个表达式。"),
        Bilingual(f"Look at {there!r}.", f"请检查 {there!r}。"),
        column,
    )


def _too_deep(column: int) -> WatchError:
    return WatchError(
        Bilingual("The expression is nested too deeply.", "表达式嵌套太深。"),
        Bilingual(f"At most {DEEPEST} brackets in each other.", f"括号最多嵌套 {DEEPEST} 层。"),
        column,
    )


def _foreign(column: int) -> WatchError:
    return WatchError(
        Bilingual("That is no part of an expression.", "这不能作为表达式的一部分。"),
        Bilingual(
            "There are numbers, names, operators, indices and functions.",
            "表达式里可以有数、名称、运算符、下标和函数。",
        ),
        column,
    )


def _unknown_function(name: str, column: int) -> WatchError:
    near = difflib.get_close_matches(name, FUNCTIONS, 2)
    known = list(FUNCTIONS)[:_NAMED_IN_HINTS]
    hint = Bilingual(f"There are {', '.join(known)} ...", f"可用的有 {'、'.join(known)} 等。")
    if near:
        hint = Bilingual(f"Did you mean {' or '.join(near)}?", f"是不是想写 {' 或 '.join(near)}？")
    return WatchError(Bilingual(f"There is no function {name}.", f"没有函数 {name}。"), hint, max(column, 0))
