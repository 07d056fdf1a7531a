"""Breakpoints in words: what each kind is called, what it is given, and how one is described in a row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.wire.breakpoints import Breakpoint, What

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class KindWords:
    """title: in the list of kinds. pattern: what the pattern is, "" where there is none. example: of a pattern.
    row: the breakpoint in a row, %1 is its pattern. any_row: the same without a pattern.
    """

    title: str
    pattern: str
    example: str
    row: str
    any_row: str


def kind_words() -> dict[What, KindWords]:
    """The table, in the language of the translators that are installed by now."""
    name = translate("breakpoints", "Name or pattern")
    return {
        What.LINE: KindWords(translate("breakpoints", "A line is reached"), translate("breakpoints", "File"),
                             "train.py", "", ""),
        What.OP: KindWords(translate("breakpoints", "An operation is called"), name, "linear, conv*, torch.relu",
                           translate("breakpoints", "Operation %1"), translate("breakpoints", "Any operation")),
        What.MODULE: KindWords(translate("breakpoints", "A module is called"), name, "conv1, layer*, Linear",
                               translate("breakpoints", "Module %1"), translate("breakpoints", "Any module")),
        What.PARAMETER: KindWords(translate("breakpoints", "A parameter is used"), name, "hidden.weight, *.bias",
                                  translate("breakpoints", "Parameter %1"), translate("breakpoints", "Any parameter")),
        What.NODE: KindWords(translate("breakpoints", "An autograd node runs"), name, "AddmmBackward0, Relu*",
                             translate("breakpoints", "Node %1"), translate("breakpoints", "Any autograd node")),
        What.PHASE: KindWords(translate("breakpoints", "A phase begins"), translate("breakpoints", "Phase"),
                              "forward, backward, update",
                              translate("breakpoints", "Phase %1"), translate("breakpoints", "Each phase")),
        What.DATA: KindWords(translate("breakpoints", "Data is written"), translate("breakpoints", "Tensor or .grad"),
                             "hidden.weight, *.grad", translate("breakpoints", "%1 is written"), ""),
        What.NOT_FINITE: KindWords(translate("breakpoints", "The first NaN or infinity"), name, "sqrt, *Backward0",
                                   translate("breakpoints", "NaN or infinity from %1"),
                                   translate("breakpoints", "NaN or infinity is made")),
        What.GRADIENT_ABOVE: KindWords(translate("breakpoints", "A gradient is large"), name, "hidden.weight, *.bias",
                                       translate("breakpoints", "|gradient| of %1 above %2"),
                                       translate("breakpoints", "Any |gradient| above %2")),
        What.GRADIENT_BELOW: KindWords(translate("breakpoints", "A gradient is small"), name, "hidden.weight, *.bias",
                                       translate("breakpoints", "|gradient| of %1 below %2"),
                                       translate("breakpoints", "Any |gradient| below %2")),
        What.EXCEPTION: KindWords(translate("breakpoints", "An exception is raised"),
                                  translate("breakpoints", "Type"), "RuntimeError",
                                  translate("breakpoints", "Exception %1"), translate("breakpoints", "Any exception")),
        What.CONDITION: KindWords(translate("breakpoints", "A condition holds"), "", "",
                                  "", translate("breakpoints", "Condition")),
        What.NAME: KindWords(translate("breakpoints", "Anything of a name"), name, "linear, conv1, AddmmBackward0",
                             translate("breakpoints", "Anything called %1"), ""),
    }  # fmt: skip


def title_of(wanted: Breakpoint) -> str:
    """What it waits for: "Line 57 · hello.py", "|gradient| of *.bias above 10"."""
    if wanted.what == What.LINE:
        text = translate("breakpoints", "Line %1")
        return f"{text.replace('%1', str(wanted.line))} · {Path(wanted.pattern).name}"
    if wanted.what == What.CONDITION:
        return wanted.condition
    words = kind_words()[wanted.what]
    text = words.row if wanted.pattern else words.any_row
    return text.replace("%2", f"{wanted.limit:g}").replace("%1", wanted.pattern)


def detail_of(wanted: Breakpoint) -> str:
    """What more it asks for, and what it tells: "if loss > 10 · from hit 3, every 2nd · tells “loss {loss}”"."""
    parts = []
    if wanted.condition and wanted.what != What.CONDITION:
        parts.append(translate("breakpoints", "if %1").replace("%1", wanted.condition))
    if wanted.first > 1:
        parts.append(translate("breakpoints", "from hit %1 on").replace("%1", str(wanted.first)))
    if wanted.every > 1:
        parts.append(translate("breakpoints", "1 hit in %1").replace("%1", str(wanted.every)))
    if wanted.log:
        parts.append(translate("breakpoints", "tells “%1”, does not stop").replace("%1", wanted.log))
    return " · ".join(parts)
