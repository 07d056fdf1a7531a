"""What a script that runs here can ask of us: `gradstep.breakpoint()` looks for this module and calls it."""

from collections.abc import Callable

stop_soon: Callable[[], None] | None = None
"""Holds the script before its next event; None while nobody could let it go on."""
