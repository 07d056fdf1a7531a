"""Tells the script's own files from those of installed packages and of Python."""

from __future__ import annotations

import os
import re
import sys

_PACKAGES = re.compile(r"(^|[/\\])(site|dist)-packages([/\\]|$)")
_PYTHON = re.compile(r"[/\\]lib[/\\]python\d")
_OWN_PYTHON = os.path.dirname(os.__file__) + os.sep


def is_library(path: str, script: str = "") -> bool:
    """Whether a file belongs to an installed package or to Python itself.

    script: absolute path of the program that runs, "" where there is none. What lies in its folder is its own, also
    where that is inside a package, as the lessons and examples of an installed Gradstep are; of a folder of packages
    only the script is.
    """
    if not (_PACKAGES.search(path) or _PYTHON.search(path) or path.startswith(_OWN_PYTHON)):
        return False
    folder, place = os.path.dirname(script), os.path.abspath(path)
    if not script or _PACKAGES.search(os.path.basename(folder)):
        return place != script
    return not place.startswith(folder + os.sep) or bool(_PACKAGES.search(place.removeprefix(folder)))


def running_script() -> str:
    """Absolute path of the program that this process runs; "" where there is none, as in a notebook."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.abspath(file) if file else ""
