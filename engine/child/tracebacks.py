"""Takes out of a traceback what is there only because the script is watched, so that it reads as bare Python's.

NOTE [Detours]
Watching sends a call another way in three places. (1) Our own frames. (2) A torch function written in Python first
asks for overrides: relu > handle_torch_function > ours > relu: the first relu and the handler go. (3) A module with
hooks, and ours are global ones, runs its forward in `_call_impl.<locals>.inner`: that frame goes, and `_call_impl` is
shown at the line where it would have called forward itself.
"""

from __future__ import annotations

import dis
import linecache
import os
from types import CodeType, TracebackType

from ..recorder.words import STAND_IN

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_HOOKS = ("_backward_hooks", "_backward_pre_hooks", "_forward_hooks", "_forward_pre_hooks")
_PLAIN_CALL = "return forward_call(*args, **kwargs)"


def trim(error: BaseException) -> None:
    """Trims the tracebacks of an exception and of those it came from, in place."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        found = waiting.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        found.__traceback__ = _joined(_without_detours(_entries(found.__traceback__)))
        waiting += [found.__cause__, found.__context__]
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions


def _entries(traceback: TracebackType | None) -> list[TracebackType]:
    found = []
    while traceback is not None:
        found.append(traceback)
        traceback = traceback.tb_next
    return found


def _without_detours(entries: list[TracebackType]) -> list[TracebackType]:
    kept: list[TracebackType] = []
    for entry in entries:
        code = entry.tb_frame.f_code
        if code.co_filename.startswith(_OURS) or code.co_name == STAND_IN:
            if kept and kept[-1].tb_frame.f_code.co_name == "handle_torch_function":
                del kept[-2:]
        elif code.co_qualname == "Module._call_impl.<locals>.inner" and kept and _has_no_hooks(kept[-1]):
            kept[-1] = _at_plain_call(kept[-1])
        else:
            kept.append(entry)
    return kept


def _has_no_hooks(call_impl: TracebackType) -> bool:
    module = call_impl.tb_frame.f_locals.get("self")
    return not any(getattr(module, name, None) for name in _HOOKS)


def _at_plain_call(entry: TracebackType) -> TracebackType:
    """`_call_impl` as if it stood where a module without hooks calls its forward."""
    instruction, line = _plain_call(entry.tb_frame.f_code)
    return TracebackType(None, entry.tb_frame, instruction, line) if line else entry


def _plain_call(code: CodeType) -> tuple[int, int]:
    """(instruction, line) of the plain call; line 0 where this torch has none."""
    for instruction in dis.get_instructions(code):
        line = instruction.positions.lineno if instruction.positions else None
        if line and instruction.opname.startswith("CALL"):
            text = linecache.getline(code.co_filename, line)
            if text.strip() == _PLAIN_CALL:
                return instruction.offset, line
    return 0, 0


def _joined(entries: list[TracebackType]) -> TracebackType | None:
    joined: TracebackType | None = None
    for entry in reversed(entries):
        joined = TracebackType(joined, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return joined
