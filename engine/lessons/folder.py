"""A lesson's folder: the texts that lie in it, and the tables of its lesson.toml, each with its line.

It knows nothing of what a lesson is: `reading` does. Whatever is wrong is a LessonError with file and line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from ..bilingual import NOTHING, Bilingual, listed, same
from ..limits import KIB
from .lesson import LessonError

FILE = "lesson.toml"
EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"

_LARGEST_TOML = 64 * KIB
_AT_LINE = re.compile(r"\(at line (\d+)")
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")

Table = Mapping[str, Any]
Kind = TypeVar("Kind")


class LessonFolder:
    """One folder. file: its lesson.toml, which most sentences are about; table, lines: what stands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        if not folder.is_dir():
            raise LessonError(
                folder,
                0,
                Bilingual("There is no such folder.", "没有这个文件夹。"),
                Bilingual("A lesson is a folder with a lesson.toml.", "课程是含有 lesson.toml 的文件夹。"),
            )
        text = self.contents(self.file, _LARGEST_TOML)
        try:
            self.table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else 0
            raise LessonError(
                self.file,
                line,
                Bilingual(f"This is not TOML: {error}.", f"这不是 TOML：{error}。"),
                Bilingual("Texts need quotes.", "文字需要加引号。"),
            ) from None
        self.lines = text.splitlines()

    def contents(self, file: Path, largest: int) -> str:
        """A text of at most so many bytes that lies where it seems to lie."""
        try:
            if file.resolve().parent not in (self.folder.resolve(), EXAMPLES):
                raise LessonError(
                    file,
                    0,
                    Bilingual("It is a link to somewhere else.", "它是指向别处的链接。"),
                    Bilingual("Put the file itself into the folder.", "请把文件本身放进文件夹。"),
                )
            if not file.is_file():
                raise LessonError(
                    file,
                    0,
                    Bilingual("There is no such file.", "没有这个文件。"),
                    Bilingual(
                        "docs/writing-lessons.md says what a lesson's folder holds.",
                        "课程文件夹里应有什么，见 docs/writing-lessons.md。",
                    ),
                )
            if file.stat().st_size > largest:
                raise LessonError(
                    file,
                    0,
                    Bilingual(f"It is larger than {largest // KIB} KiB.", f"它超过 {largest // KIB} KiB。"),
                    Bilingual("Is it the right file?", "这个文件对吗？"),
                )
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = file.read_bytes()[: error.start].count(b"\n") + 1
            raise LessonError(
                file,
                line,
                Bilingual("It is not written in UTF-8.", "它不是 UTF-8 编码。"),
                Bilingual("Save it as UTF-8.", "请保存为 UTF-8。"),
            ) from None
        except OSError as error:
            why = error.strerror
            raise LessonError(file, 0, Bilingual(f"It cannot be read ({why}).", f"无法读取（{why}）。")) from None

    def refuse(self, line: int, message: Bilingual, hint: Bilingual = NOTHING) -> NoReturn:
        """Raises LessonError about lesson.toml."""
        raise LessonError(self.file, line, message, hint) from None

    def only(self, table: Table, what: Bilingual, line: int, known: str) -> None:
        for key in table:
            if key not in known.split():
                names = listed(same(name) for name in known.split())
                self.refuse(
                    self.line_with(key, line),
                    Bilingual(f"{what.english} has no `{key}`.", f"{what.chinese}没有 `{key}`。"),
                    Bilingual(f"Known are: {names.english}.", f"可用的有：{names.chinese}。"),
                )

    def take(self, table: Table, key: str, kind: type[Kind], default: Kind, line: int) -> Kind:
        found = table.get(key, default)
        if not isinstance(found, kind) or isinstance(found, bool):
            what = Bilingual("a text in quotes", "带引号的文字")
            if kind is int:
                what = Bilingual("a whole number", "整数")
            self.refuse(
                self.line_with(key, line), Bilingual(f"`{key}` is {what.english}.", f"`{key}` 应当是{what.chinese}。")
            )
        return found

    def words(self, table: Table, key: str, line: int) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.refuse(
                self.line_with(key, line), Bilingual(f"`{key}` is a list of texts.", f"`{key}` 应当是文字的列表。")
            )
        return tuple(found)

    def choice(self, kind: type[Kind], value: object, line: int) -> Kind:
        try:
            return kind(value)  # type: ignore[call-arg]
        except ValueError:
            known = [str(one) for one in kind]  # type: ignore[attr-defined]
            self.refuse(line, Bilingual(f"There is no {value!r} here.", f"这里没有 {value!r}。"), there_are(known))

    def name(self, table: Table, line: int) -> str:
        found = table.get("id")
        if not isinstance(found, str) or not _ID.fullmatch(found):
            self.refuse(
                line,
                Bilingual("It has no id.", "没有 id。"),
                Bilingual('Write: id = "some-name"', '请这样写：id = "some-name"'),
            )
        return found

    def tables(self, key: str, most: int, headers: list[int]) -> list[Table]:
        found = self.table.get(key, [])
        if not isinstance(found, list) or len(found) != len(headers) or len(found) > most:
            self.refuse(
                self.line_with(key),
                Bilingual(f"The {key} cannot be read.", f"无法读取 {key}。"),
                Bilingual(
                    f"Write each as [[{key}]]; a lesson may have {most}.",
                    f"每一项写作 [[{key}]]；一个课程最多有 {most} 项。",
                ),
            )
        return found

    def headers(self, header: str) -> list[int]:
        """Lines of a table's header."""
        return [number for number, line in enumerate(self.lines, 1) if line.split("#")[0].strip() == header]

    def line_with(self, key: str, after: int = 1) -> int:
        """The line that sets a key, from a line on."""
        found = re.compile(rf"\s*\[*{re.escape(key)}\b")
        return next((n for n, line in enumerate(self.lines, 1) if n >= after and found.match(line)), after)

    def distinct(self, ids: list[tuple[str, int]], what: Bilingual) -> None:
        seen: set[str] = set()
        for key, line in ids:
            if key in seen:
                self.refuse(
                    line,
                    Bilingual(f"There are two {what.english}s {key!r}.", f"有两个{what.chinese} {key!r}。"),
                    Bilingual("Give one another id.", "请给其中一个换一个 id。"),
                )
            seen.add(key)


def there_are(names: Iterable[str]) -> Bilingual:
    """A hint that names what there is."""
    known = listed(same(name) for name in names)
    return Bilingual(f"There are: {known.english}.", f"可用的有：{known.chinese}。")
