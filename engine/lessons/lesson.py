"""What a lesson is made of: plain data, read from a folder by `reading.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..bilingual import NOTHING, Bilingual
from ..errors import GradstepError


class Step(StrEnum):
    """The order in which a lesson goes: say first what will happen, and only then look."""

    PREDICT = "predict"
    RUN = "run"
    INVESTIGATE = "investigate"
    MODIFY = "modify"
    MAKE = "make"


class Asking(StrEnum):
    """Whether questions are asked."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a run. iteration: -1 is the set-up. One of the others, or none for the end of the iteration:

    quantity: its symbol ("z1"). phase: "zero", "forward", "backward", "update". line: a part of the text of the
    script's line. node: name of an op or an autograd node. finding: name of a mistake that the run shows.
    """

    iteration: int = 0
    quantity: str = ""
    phase: str = ""
    line: str = ""
    node: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong answer that is known by name. id: of its text. value: an expression for a number, or the wrong word."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. kind: a row of `kinds.py`. answer, than: expressions over the run, with options after a bar.

    right: of a choice, which one of the text's, counted from 1. proof: an expression that must be true in the run for
    that choice to be right. tolerance: share of the number that an answer may be off. beliefs: numbers of `beliefs.py`
    (M1 ...). line: where it stands in lesson.toml.
    """

    id: str
    kind: str
    answer: str = ""
    than: str = ""
    right: int = 0
    proof: str = ""
    tolerance: float = 0.01
    beliefs: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where the lesson halts. run: id of the run. view: the dock that comes to the front ("equation").

    highlight: symbols, names of nodes or parts of the script that matter here. line: where it stands in lesson.toml.
    """

    id: str
    step: Step
    run: str
    where: Where
    view: str
    highlight: tuple[str, ...]
    questions: tuple[Question, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One execution that the lesson looks at. findings: names of the mistakes that it shows.

    changes: what is put in the place of what the script asks for ("loss=l1"), without a change of its text. of: id of
    the run before it that is the same but for these, "" for none.
    """

    id: str
    script: Path
    arguments: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    line: int = 0
    changes: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text. line: of its first line in the file."""

    title: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question. prompt: before the answer. options: of a choice. why: what is said after it."""

    title: str
    prompt: str
    options: tuple[str, ...]
    why: str
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A lesson in one language. stops, questions, slips: by their ids. goals: "I can ..." sentences."""

    language: str
    file: Path
    title: str
    summary: str
    goals: tuple[str, ...]
    teacher: str
    stops: Mapping[str, Part]
    questions: Mapping[str, Asked]
    slips: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. name: its folder's, without the number. table: the run whose first pass handouts print, "" for none."""

    name: str
    number: int
    folder: Path
    minutes: int
    asking: Asking
    table: str
    table_iteration: int
    runs: tuple[Run, ...]
    stops: tuple[Stop, ...]
    texts: Mapping[str, Text]

    def text(self, language: str) -> Text:
        """In a language; in the first one there is where it was not written in that one."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def run(self, name: str) -> Run:
        """The run with this id. Raises KeyError."""
        return next(run for run in self.runs if run.id == name)

    @property
    def questions(self) -> tuple[tuple[Stop, Question], ...]:
        """All questions with their stops, in order."""
        return tuple((stop, question) for stop in self.stops for question in stop.questions)

    @property
    def beliefs(self) -> tuple[str, ...]:
        """All beliefs that its questions are about, in order."""
        return tuple(dict.fromkeys(name for _, question in self.questions for name in question.beliefs))


class LessonError(GradstepError):
    """A lesson's folder cannot be read; the sentence names the file and the line."""

    def __init__(self, file: Path, line: int, message: Bilingual, hint: Bilingual = NOTHING) -> None:
        place = Bilingual(f"{file.name} line {line}: ", f"{file.name} 第 {line} 行：")
        super().__init__((place if line else Bilingual(f"{file.name}: ", f"{file.name}：")) + message, hint)
        self.file, self.line = file, line
