"""What the doctor found in a trace, as plain data for the panel, and its rows as a Qt model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, MARK_ROLE
from engine.analysis.findings.finding import Finding, Sure
from engine.bilingual import Bilingual
from engine.trace.reader import Trace

Index = QModelIndex | QPersistentModelIndex

MOST_PROOFS = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """An event that proves a finding. name: what happened. line: of the source, 0 where that is unknown."""

    position: int
    iteration: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its first events."""

    finding: Finding
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in the `looked` iterations of `total`, surest first."""

    found: tuple[Found, ...]
    looked: int
    total: int


def findings_in(path: Path, went_on: Callable[[int, int], None]) -> Findings:
    """Looks at a trace; meant for a thread beside the window's. went_on: told how far it is, may raise to end it."""
    from engine.analysis.findings.doctor import diagnose  # see NOTE [Loaded later] in app/loaded_later.py

    with Trace(path) as trace:
        diagnosis = diagnose(trace, went_on=went_on)
        found = tuple(Found(finding, _proofs(trace, finding)) for finding in diagnosis.findings)
        set_up = sum(number < 0 for number in diagnosis.iterations)
        return Findings(found, len(diagnosis.iterations) - set_up, diagnosis.total - set_up)


def _proofs(trace: Trace, finding: Finding) -> tuple[Proof, ...]:
    proofs = []
    for position in finding.seen.positions[:MOST_PROOFS]:
        event = trace.event(position)
        if event is not None:
            site = trace.site(event.site)
            proofs.append(Proof(position, event.iteration, event.name, 0 if site is None else site.line))
    return tuple(proofs)


class FindingsModel(QAbstractListModel):
    """A row a finding: how sure, what it is, where. in_chinese: which of the texts is shown."""

    def __init__(self, in_chinese: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._in_chinese = in_chinese
        self._found: tuple[Found, ...] = ()

    def set_found(self, found: Sequence[Found]) -> None:
        """Shows these."""
        if tuple(found) != self._found:
            self.beginResetModel()
            self._found = tuple(found)
            self.endResetModel()

    def found(self, row: int) -> Found | None:
        """The finding of a row."""
        return self._found[row] if 0 <= row < len(self._found) else None

    def say(self, text: Bilingual) -> str:
        """A text in the language of the panel."""
        return text.in_language(self._in_chinese)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.found(index.row()) if index.isValid() else None
        if one is None:
            return None
        finding = one.finding
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.say(finding.title)
            case Qt.ItemDataRole.ToolTipRole:
                return self.say(finding.seen.sentence)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.sure(finding.seen.sure)}: {self.say(finding.title)}. {self.say(finding.seen.sentence)}"
            case _ if role == DETAIL_ROLE:
                place = f"{finding.file}:{finding.line}  {finding.source}"
                return place if finding.line else self.say(finding.seen.sentence)
            case _ if role == ASIDE_ROLE:
                return self.sure(finding.seen.sure)
            case _ if role == MARK_ROLE:
                return finding.seen.sure.value
        return None

    def sure(self, sure: Sure) -> str:
        """How sure, in a word."""
        words = {Sure.CERTAIN: self.tr("certain"), Sure.LIKELY: self.tr("likely"), Sure.MAYBE: self.tr("maybe")}
        return words[sure]
