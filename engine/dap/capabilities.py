"""What this adapter can do, as it says to an editor."""

from __future__ import annotations

from .messages import Json

RAISED, UNCAUGHT, NOT_FINITE = "raised", "uncaught", "not_finite"
"""Names of the exception filters."""

_CONDITION = "a condition, such as iteration > 3 or op == 'linear'"


def capabilities() -> Json:
    """The body of the answer to `initialize`."""
    return {
        "supportsConfigurationDoneRequest": True,
        "supportsFunctionBreakpoints": True,
        "supportsConditionalBreakpoints": True,
        "supportsHitConditionalBreakpoints": True,
        "supportsLogPoints": True,
        "supportsDataBreakpoints": True,
        "supportsBreakpointLocationsRequest": True,
        "supportsEvaluateForHovers": True,
        "supportsClipboardContext": True,
        "supportsSetVariable": True,
        "supportsSetExpression": True,
        "supportsStepBack": True,
        "supportsSteppingGranularity": True,
        "supportsGotoTargetsRequest": True,
        "supportsRestartRequest": True,
        "supportsTerminateRequest": True,
        "supportsCancelRequest": True,
        "supportsLoadedSourcesRequest": True,
        "supportsDelayedStackTraceLoading": True,
        "supportsExceptionInfoRequest": True,
        "supportsExceptionFilterOptions": True,
        "exceptionBreakpointFilters": [
            {
                "filter": UNCAUGHT,
                "label": "Uncaught errors",
                "description": "Stay where the script failed, to look at it and back from it.",
                "default": True,
                "supportsCondition": False,
            },
            {
                "filter": RAISED,
                "label": "Raised errors",
                "description": "Stop at a torch call that raises, also where the script catches the error.",
                "default": False,
                "supportsCondition": True,
                "conditionDescription": _CONDITION,
            },
            {
                "filter": NOT_FINITE,
                "label": "First NaN or infinity",
                "description": "Stop after the operation that makes NaN or infinity out of finite numbers.",
                "default": False,
                "supportsCondition": True,
                "conditionDescription": _CONDITION,
            },
        ],
    }
