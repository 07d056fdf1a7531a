"""What has a name at a place of the run: the script's variables, quantities, parameters, gradients, the optimizer's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication

from app.language import say
from app.models.plain_tree import PlainItem
from app.models.value_words import result_item, value_item
from engine.analysis.symbols import words_of
from engine.analysis.watches.answers import NoAnswer
from engine.analysis.watches.recorded_names import RecordedNames
from engine.analysis.watches.recorded_run import run_of
from engine.session.moment import Moment
from engine.trace.reader import Trace

translate = QCoreApplication.translate

HERE, QUANTITIES, PARAMETERS, GRADIENTS, OPTIMIZER = "here", "quantities", "parameters", "gradients", "optimizer"
_PLAIN = re.compile(r"[^\W\d]\w*(\.\w+)*")


def variable_groups(trace: Trace, moment: Moment) -> list[PlainItem]:
    """The groups at a place; what is in one is looked up when it is opened."""
    names = RecordedNames(run_of(trace), moment.place.position, moment.place.iteration)
    parameters = list(
        dict.fromkeys(tensor.name for tensor in trace.tensors() if tensor.name and _is_of_net(tensor.kind))
    )
    gradients = [f"{name}.grad" for name in parameters]

    def group(key: str, title: str, load: Callable[[], list[PlainItem]]) -> PlainItem:
        return PlainItem(key, (title, "", ""), load=load)

    return [
        group(HERE, translate("variables", "Variables of the script"),
              lambda: _found(trace, names, sorted(names.variables()))),
        group(QUANTITIES, translate("variables", "Inputs, activations, gradients"), lambda: _quantities(trace, moment)),
        group(PARAMETERS, translate("variables", "Parameters"), lambda: _found(trace, names, parameters)),
        group(GRADIENTS, translate("variables", "Their .grad"), lambda: _found(trace, names, gradients)),
        group(OPTIMIZER, translate("variables", "Optimizer"), lambda: _optimizer(trace, names, parameters)),
    ]  # fmt: skip


def _is_of_net(kind: str) -> bool:
    return kind in ("parameter", "buffer")


def _quantities(trace: Trace, moment: Moment) -> list[PlainItem]:
    found = []
    for step in moment.steps[: moment.revealed]:
        if step.value is not None:
            name = say(words_of(step.symbol))
            found.append(value_item(trace, str(step.index), name, step.value, _written(step.symbol)))
    return found


def _found(trace: Trace, names: RecordedNames, wanted: Iterable[str]) -> list[PlainItem]:
    """Rows for names; one that is empty or not known yet says so."""
    items = []
    for name in wanted:
        try:
            meaning = names.find(name)
        except NoAnswer as reason:
            is_empty = name.endswith(".grad")
            text = translate("variables", "None") if is_empty else translate("variables", "not known yet")
            items.append(PlainItem(name, (name, "", text), say(reason.why), expression=_written(name), is_faint=True))
            continue
        if meaning is not None:
            items.append(result_item(trace, name, meaning, _written(name)))
    return items


def _optimizer(trace: Trace, names: RecordedNames, parameters: list[str]) -> list[PlainItem]:
    """The learning rate, and what the optimizer keeps of each parameter."""
    states = [f"{name}.state.{key}" for name in parameters for key in names.states(name)]
    return _found(trace, names, ["lr", *states])


def _written(name: str) -> str:
    """A name as a watch can have it."""
    return name if _PLAIN.fullmatch(name) else f"`{name}`"
