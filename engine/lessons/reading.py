"""Reads a lesson's folder: lesson.toml, lesson.LANGUAGE.md, its scripts. Nothing is run, nothing outside is read."""

from __future__ import annotations

import re
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import GradstepError
from ..limits import KIB, MIB
from ..wire.changes import changes_of
from .beliefs import BELIEFS
from .expressions import parse_expression
from .folder import EXAMPLES, LessonFolder, Table, there_are
from .kinds import KINDS
from .languages import LANGUAGES
from .lesson import Asking, Lesson, LessonError, Question, Run, Slip, Step, Stop, Text, Where
from .texts import read_text

VIEWS = (
    *("canvas", "equation", "timeline", "source", "call_tree", "console", "tensor", "loss", "watches"),
    *("branches", "findings", "variables", "parameters"),
)

_LARGEST_TEXT, _LARGEST_SCRIPT = 256 * KIB, MIB
_MOST_RUNS, _MOST_STOPS, _MOST_QUESTIONS = 20, 100, 20
_NUMBERED = re.compile(r"(\d+)-(.+)")
_PLACES = ("quantity", "phase", "line", "node", "finding")


def read_lesson(folder: Path) -> Lesson:
    """The lesson in a folder. Raises LessonError with the file and the line of the first thing that is wrong."""
    return _Reader(folder).lesson()


class _Reader(LessonFolder):
    """Understands what stands in one folder."""

    def lesson(self) -> Lesson:
        self.only(
            self.table, Bilingual("A lesson", "课程"), 1, "format minutes asking table table_iteration runs stops"
        )
        if self.table.get("format") != 1:
            self.refuse(
                1,
                Bilingual("It does not say `format = 1`.", "没有写 `format = 1`。"),
                Bilingual("Write it as the first line.", "请把它写在第一行。"),
            )
        runs = self.runs()
        stops = self.stops(runs)
        texts = {language: text for language in LANGUAGES if (text := self.text(language)) is not None}
        if not texts:
            file = f"lesson.{LANGUAGES[0]}.md"
            raise LessonError(
                self.folder,
                0,
                Bilingual("It has no text.", "没有课文。"),
                Bilingual(f"Write {file}.", f"请编写 {file}。"),
            )
        named = _NUMBERED.fullmatch(self.folder.resolve().name)
        table = self.take(self.table, "table", str, runs[0].id, 1)
        if table and table not in {run.id for run in runs}:
            self.refuse(
                self.line_with("table"),
                Bilingual(f"There is no run {table!r} for the table.", f"没有可供表格使用的运行 {table!r}。"),
            )
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
            known = "id script example arguments findings changes"
            self.only(table, Bilingual("A run", "运行"), line, known)
            key = self.name(table, line)
            arguments = self.words(table, "arguments", line)
            script, changes = self.script(table, line), self.changes(table, line)
            alike = (one.id for one in found if (one.script, one.arguments, one.changes) == (script, arguments, ()))
            of = next(alike, "") if changes else ""
            found.append(Run(key, script, arguments, self.words(table, "findings", line), line, changes, of))
        if not found:
            self.refuse(
                0,
                Bilingual("It has no run.", "没有任何运行。"),
                Bilingual(
                    'Write [[runs]], id = "first" and script = "script.py".',
                    '请写 `[[runs]]`、`id = "first"` 和 `script = "script.py"`。',
                ),
            )
        self.distinct([(run.id, run.line) for run in found], Bilingual("run", "运行"))
        return tuple(found)

    def changes(self, table: Table, line: int) -> tuple[str, ...]:
        """What a run is made with in place of what its script asks for."""
        found = self.words(table, "changes", line)
        try:
            changes_of(found)
        except GradstepError as error:
            self.refuse(line, error.message, error.hint)
        return found

    def script(self, table: Table, line: int) -> Path:
        """The script in the lesson's folder, or one of the examples that Gradstep brings."""
        if "example" in table:
            folder, name = EXAMPLES, self.take(table, "example", str, "", line)
        else:
            folder, name = self.folder, self.take(table, "script", str, "script.py", line)
        path = folder / name
        if Path(name).name != name or path.resolve().parent != folder.resolve() or path.suffix != ".py":
            self.refuse(
                line,
                Bilingual(
                    f"The script {name!r} is not a Python file of the lesson's own folder.",
                    f"脚本 {name!r} 不是课程自己文件夹里的 Python 文件。",
                ),
                Bilingual(
                    "Give a name without folders, such as script.py.", "请给出不带文件夹的名称，例如 script.py。"
                ),
            )
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
            self.refuse(
                0,
                Bilingual("It has no stop.", "没有任何停靠点。"),
                Bilingual('Write [[stops]] and id = "first".', '请写 [[stops]] 和 id = "first"。'),
            )
        self.distinct([(stop.id, stop.line) for stop in found], Bilingual("stop", "停靠点"))
        self.distinct([(one.id, one.line) for stop in found for one in stop.questions], Bilingual("question", "问题"))
        return tuple(found)

    def stop(self, table: Table, line: int, asked: list[int], runs: tuple[Run, ...]) -> Stop:
        self.only(
            table,
            Bilingual("A stop", "停靠点"),
            line,
            f"id step run view highlight iteration questions {' '.join(_PLACES)}",
        )
        run = self.take(table, "run", str, runs[0].id, line)
        if run not in {one.id for one in runs}:
            self.refuse(
                line, Bilingual(f"There is no run {run!r}.", f"没有运行 {run!r}。"), there_are(one.id for one in runs)
            )
        places = [name for name in _PLACES if name in table]
        if len(places) > 1:
            self.refuse(
                line,
                Bilingual(
                    f"The stop has two places, {places[0]} and {places[1]}.",
                    f"这个停靠点有两个位置：{places[0]} 和 {places[1]}。",
                ),
                Bilingual("Choose one.", "请选择其一。"),
            )
        where = Where(
            self.take(table, "iteration", int, 0, line),
            **{name: self.take(table, name, str, "", line) for name in _PLACES},
        )
        view = self.take(table, "view", str, "canvas", line)
        if view not in VIEWS:
            self.refuse(line, Bilingual(f"There is no view {view!r}.", f"没有视图 {view!r}。"), there_are(VIEWS))
        step = self.choice(Step, table.get("step", "investigate"), line)
        tables = table.get("questions", [])
        if not isinstance(tables, list) or len(tables) != len(asked) or len(tables) > _MOST_QUESTIONS:
            self.refuse(
                line,
                Bilingual("The stop's questions cannot be read.", "无法读取这个停靠点的问题。"),
                Bilingual(
                    f"Write each as [[stops.questions]]; a stop may have {_MOST_QUESTIONS}.",
                    f"每个问题写作 [[stops.questions]]；一个停靠点最多有 {_MOST_QUESTIONS} 个。",
                ),
            )
        questions = tuple(self.question(*one) for one in zip(tables, asked, strict=True))
        return Stop(
            self.name(table, line), step, run, where, view, self.words(table, "highlight", line), questions, line
        )

    def question(self, table: Table, line: int) -> Question:
        self.only(
            table, Bilingual("A question", "问题"), line, "id kind answer than right proof tolerance beliefs slips"
        )
        kind = self.take(table, "kind", str, "number", line)
        row = KINDS.get(kind)
        if row is None:
            self.refuse(line, Bilingual(f"There is no kind {kind!r}.", f"没有题型 {kind!r}。"), there_are(KINDS))
        key = self.name(table, line)
        given = {name for name in ("answer", "than", "right") if name in table}
        for name in sorted(set(row.needs) - given):
            self.refuse(
                line,
                Bilingual(
                    f"The question {key!r} of the kind {kind} has no `{name}`.",
                    f"题型为 {kind} 的问题 {key!r} 缺少 `{name}`。",
                ),
            )
        for name in sorted(given - set(row.needs)):
            self.refuse(
                line,
                Bilingual(f"A question of the kind {kind} has no `{name}`.", f"题型为 {kind} 的问题没有 `{name}`。"),
                Bilingual("Take it out.", "请去掉它。"),
            )
        beliefs = self.words(table, "beliefs", line)
        for belief in beliefs:
            if belief not in BELIEFS:
                self.refuse(
                    line,
                    Bilingual(f"There is no belief {belief!r}.", f"没有误解 {belief!r}。"),
                    Bilingual("They go from M1 to M31.", "编号从 M1 到 M31。"),
                )
        tolerance = table.get("tolerance", 0.01)
        if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
            self.refuse(line, Bilingual("`tolerance` is a share such as 0.01.", "`tolerance` 是一个比例，例如 0.01。"))
        texts = {name: self.take(table, name, str, "", line) for name in ("answer", "than", "proof")}
        for text in filter(None, texts.values()):
            self.expression(text, line)
        slips = table.get("slips", {})
        if not isinstance(slips, dict) or not all(isinstance(value, str) for value in slips.values()):
            form = 'slips = { forgot = "w1*x" }'
            self.refuse(
                line,
                Bilingual("`slips` is a table of texts.", "`slips` 是由文字组成的表。"),
                Bilingual(f"Write: {form}", f"请这样写：{form}"),
            )
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

    def expression(self, text: str, line: int) -> None:
        try:
            parse_expression(text)
        except GradstepError as error:
            self.refuse(line, Bilingual(f"{text!r} is no expression: ", f"{text!r} 不是表达式：") + error.told)
