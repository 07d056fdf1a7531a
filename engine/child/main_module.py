"""Makes `__main__` what `python script.py` makes of it, and runs the script in it."""

from __future__ import annotations

import builtins
import os
import sys
from importlib.machinery import SourceFileLoader
from types import CodeType


def prepare_main(script: str, arguments: tuple[str, ...]) -> dict[str, object]:
    """The emptied namespace of `__main__`; sets `sys.argv` and `sys.path[0]` too.

    It is the module that Python itself made at the start, so that pickle, multiprocessing and Python's own end of the
    program find it. `__file__` is absolute but not tidied, and `sys.path[0]` has no links in it, as Python does it.
    """
    path = script if os.path.isabs(script) else os.path.join(os.getcwd(), script)
    names = sys.modules["__main__"].__dict__
    names.clear()
    names.update(
        __name__="__main__",
        __doc__=None,
        __package__=None,
        __loader__=SourceFileLoader("__main__", path),
        __spec__=None,
        __annotations__={},
        __builtins__=builtins,
        __file__=path,
        __cached__=None,
    )
    sys.argv = [script, *arguments]
    sys.orig_argv = [sys.orig_argv[0], script, *arguments]
    if not sys.flags.safe_path:
        sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
    return names


def compile_script(path: str) -> CodeType:
    """The script's code. Raises what Python raises for a file that cannot be read or is no Python."""
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)
