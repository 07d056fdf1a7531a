"""A learner's answers: one small JSON file of theirs, which nobody else is sent.

{"gradstep_answers": 1, "lesson": "hello", "answers": {"z1": "1.124", "box-fills": "yes"}}
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import GradstepError
from ..limits import MIB

VERSION = 1
_KEY = "gradstep_answers"
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Answers:
    """lesson: its name. by_question: what was answered, as text, by the question's id."""

    lesson: str
    by_question: Mapping[str, str]


def read_answers(file: Path) -> Answers:
    """The answers of a file. Raises GradstepError, with what is wrong, where it holds none."""
    form = f'{{"{_KEY}": {VERSION}, "lesson": "hello", "answers": {{"z1": 1.124}}}}'
    example = Bilingual(f"Write: {form}", f"请这样写：{form}")
    try:
        if file.stat().st_size > MIB:
            raise GradstepError(
                Bilingual(f"{file} is too large for answers.", f"{file} 太大，不会是回答。"),
                Bilingual("Is it the right file?", "这个文件对吗？"),
            )
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise GradstepError(
            Bilingual(f"{file} cannot be read ({error.strerror}).", f"无法读取 {file}（{error.strerror}）。")
        ) from None
    except UnicodeDecodeError:
        raise GradstepError(
            Bilingual(f"{file} is not written in UTF-8.", f"{file} 不是 UTF-8 编码。"),
            Bilingual("Save it as UTF-8.", "请保存为 UTF-8。"),
        ) from None
    except (ValueError, RecursionError) as error:
        raise GradstepError(
            Bilingual(f"{file} is not JSON: {error}.", f"{file} 不是 JSON：{error}。"), example
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("answers"), dict):
        raise GradstepError(Bilingual(f"{file} holds no answers.", f"{file} 中没有回答。"), example)
    if found.get(_KEY) != VERSION:
        raise GradstepError(
            Bilingual(
                f"{file} is not a file of answers of version {VERSION}.", f"{file} 不是版本 {VERSION} 的回答文件。"
            ),
            example,
        )
    answers = {}
    for key, answer in found["answers"].items():
        if answer is None:
            continue
        if isinstance(answer, bool):
            answer = "yes" if answer else "no"
        if isinstance(answer, list) and all(isinstance(size, int) for size in answer):
            answer = str(answer)
        if not isinstance(answer, str | int | float) or len(str(answer)) > _LONGEST:
            raise GradstepError(
                Bilingual(
                    f"{file}: the answer to {key!r} is no text and no number.",
                    f"{file}：对 {key!r} 的回答既不是文字也不是数。",
                ),
                example,
            )
        answers[key] = str(answer)
    return Answers(str(found.get("lesson", "")), answers)


def write_answers(file: Path, answers: Answers) -> None:
    """Writes the file whole. Raises GradstepError where it cannot be written."""
    text = json.dumps(
        {_KEY: VERSION, "lesson": answers.lesson, "answers": dict(answers.by_question)}, indent=1, ensure_ascii=False
    )
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(f"{text}\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        raise GradstepError(
            Bilingual(
                f"The answers cannot be written to {file} ({error.strerror}).",
                f"回答无法写入 {file}（{error.strerror}）。",
            )
        ) from None
