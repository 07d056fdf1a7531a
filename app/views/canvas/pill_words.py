"""What is said of a parameter under the mouse: whether it is the old or the new one, and what is in its `.grad`."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication

from app.models.scene import Pill, PillState
from app.theme import Theme
from engine.analysis.symbols import text_of

translate = QCoreApplication.translate


def pill_html(pill: Pill, state: PillState, theme: Theme) -> str:
    """As rows of rich text, in the colours of a parameter and of gradients."""
    value, box = _value(pill, state), _box(pill, state)
    rows = [f'<span style="color: {theme.parameter}; font-weight: 600">{escape(value)}</span>']
    rows += [f'<span style="color: {theme.backward}; font-weight: 600">{escape(box[0])}</span> {escape(box[1])}']
    return "<br>".join(rows)


def pill_text(pill: Pill, state: PillState) -> str:
    """The same for a screen reader."""
    return ". ".join((_value(pill, state), " ".join(_box(pill, state))))


def _value(pill: Pill, state: PillState) -> str:
    number = f" = {state.value_text}" if state.value_text else f" {pill.shape_text}" if pill.shape_text else ""
    when = translate("pill", "after its update") if state.updated else translate("pill", "before its update")
    return f"{text_of(pill.text)}{number}, {when}"


def _box(pill: Pill, state: PillState) -> tuple[str, str]:
    """Its name with the number in it, and how that came there."""
    name = f"{text_of(pill.text)}.grad" + (f" = {state.grad_text}" if state.grad_text else "")
    passes = str(max(1, state.grad_passes))
    if state.grad_status == "none":
        words = translate("pill", "is None: no backward pass has put anything into it")
    elif state.grad_status == "zero":
        words = translate("pill", "holds zeros")
    elif state.grad_status == "added":
        words = translate("pill", "was just added to by backward pass %1: the sum of %1 passes").replace("%1", passes)
    elif state.grad_passes > 1:
        words = translate("pill", "holds the sum of %1 backward passes").replace("%1", passes)
    else:
        words = translate("pill", "holds the gradient of one backward pass")
    return name, words
