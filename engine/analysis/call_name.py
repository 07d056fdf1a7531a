"""What a module call is called inside the call around it."""

from __future__ import annotations

from ..events import ModuleCall


def call_name(call: ModuleCall, around: ModuleCall | None) -> str:
    """The rest of its path after that of `around`: "fc1", and "stages.0" of a module in a list, as a list is no call.

    Of a module that lives elsewhere, the last part of its path; of one without a path its variable, else its class.
    """
    within = f"{around.path}." if around is not None and around.path else ""
    if call.path.startswith(within):
        name = call.path.removeprefix(within)
    else:
        name = call.path.rpartition(".")[2]
    return name or call.variable or call.class_name
