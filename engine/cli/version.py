"""`gradstep version`: what is installed here, for a bug report. Imports none of it."""

from __future__ import annotations

import argparse
import platform

from ..trace.schema import TRACE_VERSION
from .versions import gradstep_version, installed

EPILOG = "gradstep --version is the same."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`gradstep version` takes none."""


def run(options: argparse.Namespace) -> int:
    """Prints; returns 0."""
    print(f"Gradstep {gradstep_version()} (trace version {TRACE_VERSION})")
    print(f"Python {platform.python_version()} on {platform.platform()}")
    for name, distribution in (("torch", "torch"), ("PySide6", "PySide6-Essentials"), ("NumPy", "numpy")):
        print(f"{name} {installed(distribution) or 'not installed'}")
    return 0
