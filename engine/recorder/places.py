"""Which place in the user's source an op was called from.

Keeps raw (code, instruction) pairs on the hot path and works out lines and columns once a place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import torch
import torch.overrides

from ..limits import SOURCE_LIMIT_CHARS
from ..own_code import is_library, running_script
from ..trace.batch import Batch
from .words import STAND_IN

_OURS = str(Path(__file__).resolve().parents[1])
_TORCH = str(Path(torch.__file__).resolve().parent)
_OVERRIDES = torch.overrides.__file__
_SKIPPED = (_OURS, _TORCH, "<frozen ", "<string>", "<torch")


# On one line, so that it can pass for any line.
def _call(func: Any, args: Any, kwargs: Any) -> Any: return func(*args, **kwargs)  # fmt: skip


class Places:
    """Finds the innermost frame of the user's code and gives its place an id."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._theirs: dict[int, bool] = {}
        self._codes: dict[int, CodeType] = {}
        self._sites: dict[tuple[int, int], int] = {}
        self._sources: dict[str, int] = {}
        self._callers: dict[tuple[int, int], tuple[Callable[..., Any], int | None]] = {}
        """Place that called a torch function -> its stand-in, and its site if it is the user's own."""
        self.lines: dict[int, tuple[str, int]] = {}
        """site id -> (file and function, line)."""

    def frame(self, depth: int = 1) -> FrameType | None:
        """The innermost frame that is neither torch's nor ours. depth: frames of the caller to leave out."""
        return self._theirs_from(sys._getframe(depth + 1))

    def _theirs_from(self, frame: FrameType | None) -> FrameType | None:
        theirs = self._theirs
        while frame is not None:
            code = frame.f_code
            known = theirs.get(id(code))
            if known is None:
                known = self._classify(code)
            if known:
                return frame
            frame = frame.f_back
        return None

    def site(self, frame: FrameType | None) -> int | None:
        """The id of the place where a frame is just now."""
        if frame is None:
            return None
        key = (id(frame.f_code), frame.f_lasti)
        site = self._sites.get(key)
        return self._new_site(key, frame) if site is None else site

    def caller(
        self, func: Callable[..., Any], depth: int = 1
    ) -> tuple[Callable[..., Any], FrameType | None, int | None]:
        """How to call a torch function as if by the script (see `stand_in`), the user's frame and its site.

        depth: frames of the caller to leave out, up to `__torch_function__`.
        """
        near: FrameType | None = sys._getframe(depth + 1)
        assert near is not None
        known = self._callers.get((id(near.f_code), near.f_lasti))
        if known is None:
            near = _beyond_overrides(near, func)
            if near is None:
                return _call, None, None
            known = self._callers.get((id(near.f_code), near.f_lasti)) or self._new_caller(near)
        call, site = known
        if site is not None:
            return call, near, site
        frame = self._theirs_from(near)
        return call, frame, self.site(frame)

    def stand_in(self, func: Callable[..., Any], depth: int = 1) -> Callable[..., Any]:
        """Calls a torch function from a frame that looks like the one the script called it from.

        A warning names the frame that called, and is shown once a place: from ours, torch's warnings would all seem to
        come from one line of Gradstep. depth: frames of the caller to leave out, up to `__torch_function__`.
        """
        near = _beyond_overrides(sys._getframe(depth + 1), func)
        if near is None:
            return _call
        return (self._callers.get((id(near.f_code), near.f_lasti)) or self._new_caller(near))[0]

    def _new_caller(self, near: FrameType) -> tuple[Callable[..., Any], int | None]:
        code = near.f_code
        self._codes[id(code)] = code
        look = _call.__code__.replace(co_filename=code.co_filename, co_firstlineno=near.f_lineno, co_name=STAND_IN)
        # It looks like the script's own code, and is none of its places.
        self._codes[id(look)], self._theirs[id(look)] = look, False
        call = FunctionType(look, near.f_globals)
        site = self.site(near) if self._theirs_from(near) is near else None
        found = self._callers[id(code), near.f_lasti] = (call, site)
        return found

    def _classify(self, code: CodeType) -> bool:
        name = code.co_filename
        theirs = not name.startswith(_SKIPPED) and not is_library(name, running_script())
        self._codes[id(code)] = code
        self._theirs[id(code)] = theirs
        return theirs

    def _new_site(self, key: tuple[int, int], frame: FrameType) -> int:
        code = frame.f_code
        positions = list(code.co_positions())
        line, end_line, column, end_column = positions[min(key[1] // 2, len(positions) - 1)]
        site = self._sites[key] = len(self._sites) + 1
        first = line or frame.f_lineno
        self.lines[site] = (f"{code.co_filename}:{code.co_qualname}", first)
        self._batch.sites.append(
            (
                site,
                self._source(code.co_filename),
                code.co_qualname,
                first,
                end_line or first,
                column or 0,
                end_column or 0,
            )
        )
        return site

    def _source(self, path: str) -> int:
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = len(self._sources) + 1
            self._batch.sources.append((source, path, _text(path)))
        return source


def _beyond_overrides(frame: FrameType | None, func: Callable[..., Any]) -> FrameType | None:
    """The frame that called a torch function, where that function is in Python and asked its overrides itself."""
    if frame is not None and frame.f_code.co_filename == _OVERRIDES:
        frame = frame.f_back
        if frame is not None and frame.f_code is getattr(func, "__code__", None):
            frame = frame.f_back
    return frame


def _text(path: str) -> str:
    import linecache

    return "".join(linecache.getlines(path))[:SOURCE_LIMIT_CHARS]
