"""Reads a lesson's folder: lesson.toml, lesson.LANGUAGE.md, its scripts. Nothing is run, nothing outside is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from ..errors import GradstepError
from ..limits import KIB, MIB
from ..wire.changes import changes_of
from .beliefs import BELIEFS
from .expressions import parse_expression
from .kinds import KINDS
from .languages import LANGUAGES
from .lesson import Asking, Lesson, LessonError, Question, Run, Slip, Step, Stop, Text, Where
from .texts import read_text

FILE = "lesson.toml"
EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
VIEWS = (
    *("canvas", "equation", "timeline", "source", "call_tree", "console", "tensor", "loss", "watches"),
    *("branches", "findings", "variables", "parameters"),
)

_LARGEST_TOML, _LARGEST_TEXT, _LARGEST_SCRIPT = 64 * KIB, 256 * KIB, MIB
_MOST_RUNS, _MOST_STOPS, _MOST_QUESTIONS = 20, 100, 20
_AT_LINE = re.compile(r"\(at line (\d+)")
_NUMBERED = re.compile(r"(\d+)-(.+)")
_PLACES = ("quantity", "phase", "line", "node", "finding")
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")

Table = Mapping[str, Any]
Kind = TypeVar("Kind")


def read_lesson(folder: Path) -> Lesson:
    """The lesson in a folder. Raises LessonError with the file and the line of the first thing that is wrong."""
    return _Reader(folder).lesson()


class _Reader:
    """Reads one folder. file: its lesson.toml, which most sentences are about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        if not folder.is_dir():
            raise LessonError(folder, 0, "There is no such folder.", "A lesson is a folder with a lesson.toml.")
        text = self.contents(self.file, _LARGEST_TOML)
        try:
            self.table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else 0
            raise LessonError(self.file, line, f"This is not TOML: {error}.", "Texts need quotes.") from None
        self.lines = text.splitlines()

    def lesson(self) -> Lesson:
        self.only(self.table, "", 1, "format minutes asking table table_iteration runs stops")
        if self.table.get("format") != 1:
            raise LessonError(self.file, 1, "It does not say `format = 1`.", "Write it as the first line.")
        runs = self.runs()
        stops = self.stops(runs)
        texts = {language: text for language in LANGUAGES if (text := self.text(language)) is not None}
        if not texts:
            raise LessonError(self.folder, 0, "It has no text.", f"Write lesson.{LANGUAGES[0]}.md.")
        named = _NUMBERED.fullmatch(self.folder.resolve().name)
        table = self.take(self.table, "table", str, runs[0].id, 1)
        if table and table not in {run.id for run in runs}:
            raise LessonError(self.file, self.line_with("table"), f"There is no run {table!r} for the table.")
        return Lesson(
            name=named[2] if named else self.folder.resolve().name,
            number=int(named[1]) if named else 0,
            folder=self.folder,
            minutes=self.take(self.table, "minutes", int, 15, self.line_with("minutes")),
            asking=self.choice(Asking, self.table.get("asking", "required"), self.line_with("asking")),
            table=table,
            table_iteration=self.take(self.table, "table_iteration", int, 0, self.line_with("table_iteration")),
            runs=runs,
            stops=stops,
            texts=texts,
        )

    def runs(self) -> tuple[Run, ...]:
        found: list[Run] = []
        headers = self.headers("[[runs]]")
        for table, line in zip(self.tables("runs", _MOST_RUNS, headers), headers, strict=False):
            self.only(table, "a run", line, "id script example arguments findings changes")
            key = self.name(table, line)
            arguments = self.words(table, "arguments", line)
            script, changes = self.script(table, line), self.changes(table, line)
            alike = (one.id for one in found if (one.script, one.arguments, one.changes) == (script, arguments, ()))
            of = next(alike, "") if changes else ""
            found.append(Run(key, script, arguments, self.words(table, "findings", line), line, changes, of))
        if not found:
            raise LessonError(self.file, 0, "It has no run.", 'Write [[runs]], id = "first" and script = "script.py".')
        self.distinct([(run.id, run.line) for run in found], "run")
        return tuple(found)

    def changes(self, table: Table, line: int) -> tuple[str, ...]:
        """What a run is made with in place of what its script asks for."""
        found = self.words(table, "changes", line)
        try:
            changes_of(found)
        except GradstepError as error:
            raise LessonError(self.file, line, error.message, error.hint) from None
        return found

    def script(self, table: Table, line: int) -> Path:
        """The script in the lesson's folder, or one of the examples that Gradstep brings."""
        if "example" in table:
            folder, name = EXAMPLES, self.take(table, "example", str, "", line)
        else:
            folder, name = self.folder, self.take(table, "script", str, "script.py", line)
        path = folder / name
        if Path(name).name != name or path.resolve().parent != folder.resolve() or path.suffix != ".py":
            raise LessonError(
                self.file, line, f"The script {name!r} is not a Python file of the lesson's own folder.",
                "Give a name without folders, such as script.py.",
            )  # fmt: skip
        self.contents(path, _LARGEST_SCRIPT)
        return path

    def stops(self, runs: tuple[Run, ...]) -> tuple[Stop, ...]:
        headers = self.headers("[[stops]]")
        asked = self.headers("[[stops.questions]]")
        found = []
        for n, (table, line) in enumerate(zip(self.tables("stops", _MOST_STOPS, headers), headers, strict=False)):
            end = headers[n + 1] if n + 1 < len(headers) else len(self.lines) + 1
            lines = [one for one in asked if line < one < end]
            found.append(self.stop(table, line, lines, runs))
        if not found:
            raise LessonError(self.file, 0, "It has no stop.", 'Write [[stops]] and id = "first".')
        self.distinct([(stop.id, stop.line) for stop in found], "stop")
        self.distinct([(one.id, one.line) for stop in found for one in stop.questions], "question")
        return tuple(found)

    def stop(self, table: Table, line: int, asked: list[int], runs: tuple[Run, ...]) -> Stop:
        self.only(table, "a stop", line, f"id step run view highlight iteration questions {' '.join(_PLACES)}")
        run = self.take(table, "run", str, runs[0].id, line)
        if run not in {one.id for one in runs}:
            raise LessonError(self.file, line, f"There is no run {run!r}.", f"There are: {_listed(runs)}.")
        places = [name for name in _PLACES if name in table]
        if len(places) > 1:
            raise LessonError(self.file, line, f"The stop has two places, {places[0]} and {places[1]}.", "Choose one.")
        where = Where(
            self.take(table, "iteration", int, 0, line),
            **{name: self.take(table, name, str, "", line) for name in _PLACES},
        )
        view = self.take(table, "view", str, "canvas", line)
        if view not in VIEWS:
            raise LessonError(self.file, line, f"There is no view {view!r}.", f"There are: {', '.join(VIEWS)}.")
        step = self.choice(Step, table.get("step", "investigate"), line)
        tables = table.get("questions", [])
        if not isinstance(tables, list) or len(tables) != len(asked) or len(tables) > _MOST_QUESTIONS:
            hint = f"Write each as [[stops.questions]]; a stop may have {_MOST_QUESTIONS}."
            raise LessonError(self.file, line, "The stop's questions cannot be read.", hint)
        questions = tuple(self.question(*one) for one in zip(tables, asked, strict=True))
        return Stop(
            self.name(table, line), step, run, where, view, self.words(table, "highlight", line), questions, line
        )

    def question(self, table: Table, line: int) -> Question:
        self.only(table, "a question", line, "id kind answer than right proof tolerance beliefs slips")
        kind = self.take(table, "kind", str, "number", line)
        row = KINDS.get(kind)
        if row is None:
            raise LessonError(self.file, line, f"There is no kind {kind!r}.", f"There are: {', '.join(KINDS)}.")
        key = self.name(table, line)
        given = {name for name in ("answer", "than", "right") if name in table}
        for name in sorted(set(row.needs) - given):
            raise LessonError(self.file, line, f"The question {key!r} of the kind {kind} has no `{name}`.")
        for name in sorted(given - set(row.needs)):
            raise LessonError(self.file, line, f"A question of the kind {kind} has no `{name}`.", "Take it out.")
        beliefs = self.words(table, "beliefs", line)
        for belief in beliefs:
            if belief not in BELIEFS:
                raise LessonError(self.file, line, f"There is no belief {belief!r}.", "They go from M1 to M31.")
        tolerance = table.get("tolerance", 0.01)
        if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
            raise LessonError(self.file, line, "`tolerance` is a share such as 0.01.")
        texts = {name: self.take(table, name, str, "", line) for name in ("answer", "than", "proof")}
        for text in filter(None, texts.values()):
            self.expression(text, line)
        slips = table.get("slips", {})
        if not isinstance(slips, dict) or not all(isinstance(value, str) for value in slips.values()):
            raise LessonError(self.file, line, "`slips` is a table of texts.", 'Write: slips = { forgot = "w1*x" }')
        if kind == "number":
            for text in slips.values():
                self.expression(text, line)
        return Question(
            key, kind, texts["answer"], texts["than"], self.take(table, "right", int, 0, line), texts["proof"],
            float(tolerance), beliefs, tuple(Slip(*one) for one in slips.items()), line,
        )  # fmt: skip

    def text(self, language: str) -> Text | None:
        file = self.folder / f"lesson.{language}.md"
        return read_text(file, self.contents(file, _LARGEST_TEXT), language) if file.exists() else None

    def contents(self, file: Path, largest: int) -> str:
        """A text of at most so many bytes that lies where it seems to lie."""
        try:
            if file.resolve().parent not in (self.folder.resolve(), EXAMPLES):
                raise LessonError(file, 0, "It is a link to somewhere else.", "Put the file itself into the folder.")
            if not file.is_file():
                raise LessonError(file, 0, "There is no such file.")
            if file.stat().st_size > largest:
                raise LessonError(file, 0, f"It is larger than {largest // KIB} KiB.", "Is it the right file?")
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = file.read_bytes()[: error.start].count(b"\n") + 1
            raise LessonError(file, line, "It is not written in UTF-8.", "Save it as UTF-8.") from None
        except OSError as error:
            raise LessonError(file, 0, f"It cannot be read ({error.strerror}).") from None

    def expression(self, text: str, line: int) -> None:
        try:
            parse_expression(text)
        except LessonError:
            raise
        except Exception as error:
            raise LessonError(self.file, line, f"{text!r} is no expression: {error}") from None

    def only(self, table: Table, what: str, line: int, known: str) -> None:
        for key in table:
            if key not in known.split():
                raise LessonError(
                    self.file, self.line_with(key, line), f"{what or 'A lesson'} has no `{key}`.".capitalize(),
                    f"Known are: {', '.join(known.split())}.",
                )  # fmt: skip

    def take(self, table: Table, key: str, kind: type[Kind], default: Kind, line: int) -> Kind:
        found = table.get(key, default)
        if not isinstance(found, kind) or isinstance(found, bool):
            what = "a whole number" if kind is int else "a text in quotes"
            raise LessonError(self.file, self.line_with(key, line), f"`{key}` is {what}.")
        return found

    def words(self, table: Table, key: str, line: int) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise LessonError(self.file, self.line_with(key, line), f"`{key}` is a list of texts.")
        return tuple(found)

    def choice(self, kind: type[Kind], value: object, line: int) -> Kind:
        try:
            return kind(value)  # type: ignore[call-arg]
        except ValueError:
            known = ", ".join(str(one) for one in kind)  # type: ignore[attr-defined]
            raise LessonError(self.file, line, f"There is no {value!r} here.", f"There are: {known}.") from None

    def name(self, table: Table, line: int) -> str:
        found = table.get("id")
        if not isinstance(found, str) or not _ID.fullmatch(found):
            raise LessonError(self.file, line, "It has no id.", 'Write: id = "some-name"')
        return found

    def tables(self, key: str, most: int, headers: list[int]) -> list[Table]:
        found = self.table.get(key, [])
        if not isinstance(found, list) or len(found) != len(headers) or len(found) > most:
            hint = f"Write each as [[{key}]]; a lesson may have {most}."
            raise LessonError(self.file, self.line_with(key), f"The {key} cannot be read.", hint)
        return found

    def headers(self, header: str) -> list[int]:
        """Lines of a table's header."""
        return [number for number, line in enumerate(self.lines, 1) if line.split("#")[0].strip() == header]

    def line_with(self, key: str, after: int = 1) -> int:
        """The line that sets a key, from a line on."""
        found = re.compile(rf"\s*\[*{re.escape(key)}\b")
        return next((n for n, line in enumerate(self.lines, 1) if n >= after and found.match(line)), after)

    def distinct(self, ids: list[tuple[str, int]], what: str) -> None:
        seen: set[str] = set()
        for key, line in ids:
            if key in seen:
                raise LessonError(self.file, line, f"There are two {what}s {key!r}.", "Give one another id.")
            seen.add(key)


def _listed(runs: tuple[Run, ...]) -> str:
    return ", ".join(run.id for run in runs)
