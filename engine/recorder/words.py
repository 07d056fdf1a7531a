"""The words of `events` as plain strings: on the script's own thread an enum member costs as much as a dictionary."""

from ..events import Kind, Phase

OP = str(Kind.OP.value)
NODE = str(Kind.NODE.value)
GRAD = str(Kind.GRAD.value)
UPDATED = str(Kind.UPDATE.value)
EDIT = str(Kind.EDIT.value)

SETUP = str(Phase.SETUP.value)
ZERO = str(Phase.ZERO.value)
FORWARD = str(Phase.FORWARD.value)
BACKWARD = str(Phase.BACKWARD.value)
UPDATE = str(Phase.UPDATE.value)
OTHER = str(Phase.OTHER.value)

STAND_IN = "<gradstep call>"
"""Name of the code in which torch functions are called for the script; tracebacks leave it out."""
