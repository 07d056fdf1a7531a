"""Requests that change a value of the script where it is held."""

from __future__ import annotations

from ..errors import GradstepError
from .evaluating import evaluated
from .messages import Arguments, Json, RequestError
from .run import Run
from .variables import shown


def set_variable(run: Run, asked: Arguments) -> Json:
    """A child of a scope or of a tensor."""
    name = asked.text("name")
    children = run.variables.get(asked.required_number("variablesReference"))
    inside = name.removeprefix("[").removesuffix("]")
    found = next((one for one in children.named() if one.name == name), None)
    if found is None and inside.isdecimal() and int(inside) < children.size:
        found = next(iter(children.part(int(inside), 1)), None)
    if found is None or not found.expression:
        raise RequestError(f"{name} cannot be changed.", "Change a parameter, a gradient, an activation or lr.")
    return changed(run, found.expression, asked.text("value"))


def set_expression(run: Run, asked: Arguments) -> Json:
    """What an expression stands for: a name, or elements of one."""
    return changed(run, asked.text("expression").strip(), asked.text("value"))


def changed(run: Run, target: str, text: str, keep_gradient: bool = True) -> Json:
    """Changes it, and shows it as it is now."""
    run.here()
    plain = target[1:-1] if target.startswith("(") and target.endswith(")") else target
    run.edit(plain, text, keep_gradient)
    try:
        told = shown(evaluated(run.here(), target, "watch"), run.variables)
    except GradstepError:
        told = {"value": text}  # such as a gradient on its way, which has a name only when it has arrived
    return {key: told[key] for key in _SHOWN if key in told}


_SHOWN = ("value", "type", "variablesReference", "indexedVariables", "namedVariables")
