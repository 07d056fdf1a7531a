"""Asks for another value or another optimizer, and tries it: in the script that is held, or in a branch of the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.actions.run_control import RunControl
from app.language import say
from app.state import AppState
from engine.analysis.edit_places import place_of
from engine.errors import GradstepError
from engine.session.moment import Moment
from engine.session.what_if import Plan, Setting


class Trying:
    """Shows the dialogs over a window. attempt: has a plan tried as a branch of the open trace."""

    def __init__(self, window: QWidget, state: AppState, run: RunControl, attempt: Callable[[Plan], None]) -> None:
        self._window = window
        self._state = state
        self._run = run
        self._attempt = attempt

    def edit_value(self, moment: Moment | None) -> None:
        """Asks for another number in the place of what is selected, else of what was computed last."""
        from app.dialogs.edit_value import EditValueDialog  # see NOTE [Loaded later] in app/loaded_later.py

        target, value = self.suggested(moment)
        is_here = self._run.can_edit_here
        dialog = EditValueDialog(target, value, self.change, is_here=is_here, parent=self._window)
        dialog.exec()
        dialog.deleteLater()

    def what_if(self) -> None:
        """Asks what to change from the start, and tries it."""
        trace = self._state.trace
        if trace is None:
            return
        from app.dialogs.what_if import WhatIfDialog  # see NOTE [Loaded later] in app/loaded_later.py

        dialog = WhatIfDialog(Path(str(trace.meta().get("script", trace.path))).name, self._window)
        if dialog.exec() == WhatIfDialog.DialogCode.Accepted:
            self._attempt(Plan(changes=dialog.chosen()))
        dialog.deleteLater()

    def again(self, change: str) -> None:
        """Runs the script of the open trace again with one change from the start ("lr=0.01")."""
        if self._state.trace is not None:
            self._attempt(Plan(changes=(change,)))

    def suggested(self, moment: Moment | None) -> tuple[str, str]:
        """(name, present number) of what is selected, else of what was computed last; "" where there are several."""
        chosen, trace = self._state.selection, self._state.trace
        symbol, value = chosen.symbol, chosen.value
        if not symbol and moment is not None and moment.last is not None:
            symbol, value = moment.last.symbol, moment.last.value
        symbol = symbol.removeprefix("new ")
        array = None if trace is None or value is None else trace.array(value)
        element = chosen.element
        if array is None or (element is None and array.size != 1):
            return symbol, ""
        if element is not None and len(element) == array.ndim and array.ndim:
            number, symbol = array[element], f"{symbol}[{', '.join(map(str, element))}]"
        elif array.size == 1:
            number = array.reshape(-1)[0]
        else:
            return symbol, ""
        return symbol, f"{float(number):.6g}"

    def change(self, target: str, text: str, keep_gradient: bool) -> str:
        """Changes a value, or has it tried in a branch; gives back what is wrong, "" for nothing."""
        try:
            if self._run.can_edit_here:
                self._run.edit(target, text, keep_gradient=keep_gradient)
                return ""
            trace = self._state.trace
            if trace is not None:
                position = place_of(trace, target.partition("[")[0].strip(), self._state.place.iteration)
                self._attempt(Plan(position, (Setting(target, text, keep_gradient),)))
        except GradstepError as error:
            return say(error.told)
        return ""
