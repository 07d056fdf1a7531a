"""Watches a script that works by hand (numpy, plain Python) and holds each of its variables beside a trace's.

NOTE [Own differences]
After the first difference everything that follows from it differs too. So each assignment is worked out a second time
with torch's numbers in place of the script's: if that gives torch's number, the line is right and only its inputs
differed; if it does not, this very line and torch's part ways here. Only expressions that do nothing but compute are
worked out twice: names, numbers, operators, numpy, array methods, and functions of the script that are made of these.

Sees assignments to plain names in the script's own file, one name or several. Cannot see: elements that are set
(`w[0] = 1`), attributes, what other files do.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.by_hand.beside import Beside, beside
from ..analysis.by_hand.torch_numbers import TorchNumber, TorchNumbers
from ..trace.reader import Trace
from .pure import PureExpressions

MAX_ROWS = 200_000
"""Values compared at most; then the script goes on unwatched."""


class ByHand:
    """Traces a script between `__enter__` and `__exit__`, and leaves what it found as JSON in `report`.

    names: name of the script -> name in the trace, where they are not the same.
    """

    def __init__(self, script: str, trace: Path, report: Path, names: Mapping[str, str]) -> None:
        self._script = script
        self._trace = Trace(trace)
        self._torch = TorchNumbers(self._trace)
        self._report = report
        self._names = names
        self._statements, self._pure = _read(script)
        self._counts: dict[str, int] = {}
        self._waiting: dict[FrameType, _Waiting] = {}
        self._before: Any = None
        self.rows: list[Beside] = []

    def __enter__(self) -> ByHand:
        self._before = sys.gettrace()
        sys.settrace(self._on_call)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.settrace(self._before)
        rows = [
            {**asdict(row), "answer": row.answer, "by_hand": repr(row.by_hand), "torch": repr(row.torch),
             "difference": repr(row.difference)} for row in self.rows
        ]  # fmt: skip
        self._report.write_text(json.dumps({"rows": rows}), encoding="utf-8")
        self._trace.close()

    def _on_call(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._on_event if frame.f_code.co_filename == self._script else None

    def _on_event(self, frame: FrameType, event: str, argument: object) -> Any:
        if event in ("line", "return"):
            waiting = self._waiting.pop(frame, None)
            if waiting is not None:
                self._settle(frame, waiting)
        if event == "line" and len(self.rows) < MAX_ROWS:
            statement = self._statements.get(frame.f_lineno)
            if statement is not None:
                self._waiting[frame] = self._begin(frame, statement)
        return self._on_event

    def _begin(self, frame: FrameType, statement: _Statement) -> _Waiting:
        """Before an assignment: what it comes to with torch's numbers."""
        if statement.code is None or not any(self._torch_now(name) is not None for name in statement.targets):
            return _Waiting(statement, None)
        names = {**frame.f_globals, **frame.f_locals}
        if not self._pure.is_pure(statement.expression, names):
            return _Waiting(statement, None)
        for name in statement.reads:
            own, number = _numbers(names.get(name)), self._current(name)
            if own is None or number is None:
                continue
            theirs = self._torch.array(number)
            if theirs is not None and theirs.size == own.size:
                names[name] = theirs.reshape(own.shape) if isinstance(names[name], np.ndarray) else theirs.item()
        return _Waiting(statement, _worked_out(statement.code, names))

    def _settle(self, frame: FrameType, waiting: _Waiting) -> None:
        """After it: its variables beside torch's."""
        made = waiting.result
        targets = waiting.statement.targets
        several = made if isinstance(made, tuple | list) and len(targets) > 1 else (made,)
        results = several if len(several) == len(targets) else (None,) * len(targets)
        for name, result in zip(targets, results, strict=True):
            own = _numbers(frame.f_locals.get(name, frame.f_globals.get(name)))
            theirs = self._torch_now(name)
            count = self._counts[name] = self._counts.get(name, 0) + 1
            array = None if theirs is None else self._torch.array(theirs)
            if own is None or theirs is None or array is None:
                continue
            lines = (waiting.statement.line, theirs.line)
            self.rows.append(
                beside(
                    name, count - 1, lines, theirs.position, own, array,
                    self._torch.precision(theirs), _numbers(result),
                )
            )  # fmt: skip

    def _torch_now(self, name: str) -> TorchNumber | None:
        """Torch's number for the assignment that comes or has just been made."""
        found = self._torch.of(self._names.get(name, name))
        count = self._counts.get(name, 0)
        return found[count] if count < len(found) else None

    def _current(self, name: str) -> TorchNumber | None:
        """Torch's number for what a name holds now."""
        found = self._torch.of(self._names.get(name, name))
        count = self._counts.get(name, 0)
        return found[count - 1] if 0 < count <= len(found) else None


class _Statement:
    """An assignment of the script. code: of its right-hand side (with the old value, for `w -= g`)."""

    def __init__(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, targets: tuple[str, ...], path: str) -> None:
        self.line = node.lineno
        self.targets = targets
        self.expression: ast.expr = node.value if node.value is not None else ast.Constant(None)
        if isinstance(node, ast.AugAssign):
            old = ast.copy_location(ast.Name(targets[0], ast.Load()), node)
            self.expression = ast.copy_location(ast.BinOp(old, node.op, node.value), node)
        self.reads = {part.id for part in ast.walk(self.expression) if isinstance(part, ast.Name)}
        self.code: CodeType | None = compile(ast.Expression(self.expression), path, "eval")


class _Waiting:
    """An assignment that is being made, and what it comes to with torch's numbers."""

    def __init__(self, statement: _Statement, result: Any) -> None:
        self.statement = statement
        self.result = result


def _read(script: str) -> tuple[dict[int, _Statement], PureExpressions]:
    """The script's assignments to names by line; a line with several is left out."""
    tree = ast.parse(Path(script).read_bytes(), script)
    found: dict[int, _Statement] = {}
    busy: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno in busy:
            found.pop(node.lineno, None)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = tuple(_targets(node))
            if targets:
                found[node.lineno] = _Statement(node, targets, script)
        if isinstance(node, ast.stmt):
            busy.add(node.lineno)
    return found, PureExpressions(tree)


def _targets(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[str]:
    """The names that are assigned to; none unless all are plain names."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(node, ast.Assign) and len(node.targets) > 1:
        return
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    if all(isinstance(part, ast.Name) for part in parts):
        yield from (part.id for part in parts if isinstance(part, ast.Name))


def _numbers(value: Any) -> NDArray[np.float64] | None:
    """A value as numbers, None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number | np.ndarray):
        return None
    found = np.asarray(value)
    return found.astype(np.float64) if found.dtype.kind in "fiu" else None


def _worked_out(code: CodeType, names: dict[str, Any]) -> Any:
    """What an expression comes to; None if it fails. The random numbers and the output stay as they were."""
    tracing, state = sys.gettrace(), np.random.get_state()
    sys.settrace(None)
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            return eval(code, names)
    except Exception:
        return None
    finally:
        np.random.set_state(state)
        sys.settrace(tracing)
