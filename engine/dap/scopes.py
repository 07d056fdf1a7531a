"""The scopes of a stop and their variables: the quantity, what goes in and came out, parameters and their kin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from ..analysis.explain.coming import coming_lines
from ..analysis.explain.explainer import explain
from ..analysis.notation.expression import EquationLine
from ..analysis.notation.printing import to_text
from ..analysis.quantities import Quantity
from ..analysis.watches.answers import NoAnswer, Result
from ..analysis.watches.recorded_names import GRADIENT, STATE, RecordedValue
from ..counting import from_one
from ..events import Event, Tensor
from .handles import Handles
from .here import Here
from .messages import Json
from .stack import Frame
from .tensors import of_result, of_value
from .variables import Children, Variable

_PLAIN = re.compile(r"[^\W\d]\w*(\.\w+)*")
_LONGEST_EQUATION = 400
_MOST_NAMED = 1000
"""Named children of one scope; a network may have more parameters."""


def scopes(where: Callable[[], Here], frame: Frame, handles: Handles[Children]) -> list[Json]:
    """The scopes of a frame. A module's frame has its own parameters only. where: asked whenever a scope is opened, as
    a change by hand moves the place on.
    """
    inside = "" if frame.call is None else frame.call.path
    found: list[tuple[str, Children, str]] = []
    if frame.call is None:
        found = [
            ("Quantity here", Children(lambda: _quantity(where())), "locals"),
            ("Inputs", Children(lambda: _slots(where(), where().coming, False)), "arguments"),
            ("Outputs", Children(lambda: _slots(where(), where().done, True)), "returnValue"),
        ]
    found += [
        ("Parameters", Children(lambda: _parameters(where(), inside, "")), ""),
        ("Gradients", Children(lambda: _parameters(where(), inside, GRADIENT)), ""),
        ("Optimizer", Children(lambda: _optimizer(where(), inside)), ""),
    ]
    if frame.call is None:
        found.append(("Names", Children(lambda: _names(where())), ""))
    return [
        {"name": name, "variablesReference": handles.add(children), "expensive": False}
        | ({"presentationHint": hint} if hint else {})
        for name, children, hint in found
    ]


def _quantity(here: Here) -> list[Variable]:
    """What was revealed last with its equation, what comes next with its equation, and where that is."""
    found: list[Variable] = []
    last, upcoming = here.moment.last, here.moment.next
    if last is not None:
        found.append(_of_quantity(here, last))
        found += _equations(explain(here.trace, last).lines, "equation")
    place = here.moment.place
    if upcoming is not None:
        found.append(Variable("next", upcoming.text, hint="virtual"))
        found += _equations(explain(here.trace, upcoming, reveal=False).lines, "next equation")
    elif here.coming is not None:
        found.append(Variable("next", here.coming.name, hint="virtual"))
        lines = coming_lines(here.trace, place.iteration, here.moment.steps[: here.moment.revealed])
        found += _equations(lines, "next equation")
    found += [Variable(f"torch call {number}", text, hint="virtual") for number, text in enumerate(here.calls_inside)]
    failed = here.moment.event
    if failed is not None and failed.error:
        found.append(Variable("error", failed.error, hint="virtual"))
    found.append(Variable("phase", here.phase, hint="property"))
    found.append(Variable("iteration", str(from_one(place.iteration)), "int", "iteration", hint="property"))
    found.append(Variable("position", str(place.position), "int", "position", hint="property"))
    return found


def _of_quantity(here: Here, quantity: Quantity) -> Variable:
    expression = quoted(quantity.symbol)
    if quantity.value is not None:
        return of_value(here.trace, here.trace.value(quantity.value), quantity.text, expression, _data(here, quantity))
    array = quantity.array(here.trace)
    if array is None:
        return Variable(quantity.text, "numbers not kept", "", expression)
    return of_result(array, quantity.text, expression)


def _data(here: Here, quantity: Quantity) -> str:
    """The tensor or `.grad` that a quantity is a value of."""
    owner = None if quantity.tensor is None else here.trace.tensor(quantity.tensor)
    if owner is None or not owner.name:
        return ""
    return f"{owner.name}{GRADIENT}" if quantity.symbol.startswith("dC/") else owner.name


def _equations(lines: Iterable[EquationLine], name: str) -> Iterator[Variable]:
    for line in lines:
        text = to_text(line.expression)
        caption = f" ({line.caption.english})" if line.caption else ""
        yield Variable(f"{name}{caption}", text[:_LONGEST_EQUATION], hint="virtual")


def _slots(here: Here, event: Event | None, is_result: bool) -> list[Variable]:
    """The tensors that an event takes, and its settings; or those that it made."""
    if event is None:
        return []
    slots = event.outputs if is_result else event.inputs
    found: list[Variable] = []
    for place, slot in enumerate(slots[:_MOST_NAMED]):
        name = here.slot_name(event, place, is_result=is_result)
        if slot.value is None:
            found.append(Variable(name, "None", "NoneType"))
            continue
        value = here.trace.value(slot.value)
        owner = None if value.tensor is None else here.trace.tensor(value.tensor)
        data = owner.name if owner is not None else ""
        found.append(of_value(here.trace, value, name, _expression(here, name, value.id), data))
    if not is_result:
        found += [Variable(name, _setting(value), hint="property") for name, value in event.arguments.items()]
    return _distinct(found)


def _expression(here: Here, name: str, value: int) -> str:
    """The name as an expression, if it stands for just this value here; else nothing."""
    try:
        meaning = here.names.find(name)
    except NoAnswer:
        return ""
    return quoted(name) if isinstance(meaning, RecordedValue) and meaning.value.id == value else ""


def _setting(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _distinct(found: list[Variable]) -> list[Variable]:
    """An editor tells children apart by their names: x + x takes x twice."""
    counts: dict[str, int] = {}
    distinct = []
    for one in found:
        counts[one.name] = counts.get(one.name, 0) + 1
        number = counts[one.name]
        if number > 1:
            one = Variable(
                f"{one.name} ({number})", one.text, one.type, one.expression, one.data, one.children, one.named
            )
        distinct.append(one)
    return distinct


def _named_tensors(here: Here, inside: str) -> list[Tensor]:
    """Parameters of a module, "" for all."""
    found: dict[str, Tensor] = {}
    for tensor in here.trace.tensors():
        is_inside = not inside or tensor.name.startswith(f"{inside}.")
        if tensor.kind == "parameter" and tensor.name and is_inside:
            found.setdefault(tensor.name, tensor)
    return list(found.values())[:_MOST_NAMED]


def _parameters(here: Here, inside: str, suffix: str) -> list[Variable]:
    """Each parameter in the version that is in force here, or what its `.grad` holds."""
    return [_found(here, f"{tensor.name}{suffix}") for tensor in _named_tensors(here, inside)]


def _found(here: Here, name: str, data: str | None = None) -> Variable:
    """What a name stands for; where it has no value here, the reason."""
    data = name if data is None else data
    try:
        meaning = here.names.find(name)
    except NoAnswer as reason:
        return Variable(name, str(reason), data=data)
    if isinstance(meaning, RecordedValue):
        return of_value(here.trace, meaning.value, name, quoted(name), data)
    return Variable(name, "not known here", data=data) if meaning is None else of_result(meaning, name, quoted(name))


def _optimizer(here: Here, inside: str) -> list[Variable]:
    """The learning rate, and what the optimizer keeps of each parameter."""
    found = []
    try:
        rate = here.names.find("lr")
        if rate is not None and not isinstance(rate, RecordedValue):
            found.append(_rate(rate))
    except NoAnswer as reason:
        found.append(Variable("lr", str(reason)))
    for tensor in _named_tensors(here, inside):
        keys = here.names.states(tensor.name)
        found += [_found(here, f"{tensor.name}{STATE}{key}", "") for key in keys]
    return found[:_MOST_NAMED]


def _rate(rate: Result) -> Variable:
    return of_result(np.asarray(rate) if isinstance(rate, tuple) else rate, "lr", "lr")


def _names(here: Here) -> list[Variable]:
    """The quantities that are revealed so far, then the script's variables that hold tensors."""
    found: dict[str, Variable] = {}
    for quantity in here.moment.steps[: here.moment.revealed]:
        found.setdefault(quantity.symbol, _of_quantity(here, quantity))
    for name in here.names.variables():
        if name not in found:
            variable = _found(here, name, "")
            if variable.type:
                found[name] = variable
    return list(found.values())[:_MOST_NAMED]


def quoted(name: str) -> str:
    """A name as an expression can have it."""
    return name if _PLAIN.fullmatch(name) else f"`{name}`"


def data_of(here: Here, name: str) -> str:
    """The tensor or `.grad` that a name stands for: a parameter, or the role of one; "" where it is none."""
    owner = name.removesuffix(GRADIENT)
    names = {tensor.name for tensor in here.trace.tensors() if tensor.name}
    if owner in names:
        return name
    try:
        meaning = here.names.find(owner)
    except NoAnswer:
        return ""
    if not isinstance(meaning, RecordedValue) or meaning.value.tensor is None:
        return ""
    tensor = here.trace.tensor(meaning.value.tensor)
    return "" if tensor is None or not tensor.name else f"{tensor.name}{name[len(owner) :]}"
