"""A lesson on paper: one HTML file with texts, questions, tables with blanks, and an answer sheet. It loads nothing."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..glossary.mentions import MARKED
from ..glossary.shelf import CARDS
from ..trace.reader import Trace
from .blanks import Line, tables
from .languages import Words
from .markdown import inline_html, to_html
from .played import PlayedLesson

STYLE = """
body { font: 11pt/1.45 "Inter", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 46em; margin: 2em auto; }
h1 { font-size: 20pt; margin-bottom: 0; } h2 { font-size: 13pt; margin: 1.4em 0 .3em; } h3 { font-size: 11pt; }
p, ul, ol { margin: .4em 0; } code, pre { font-family: "JetBrains Mono", monospace; font-size: .92em; }
.question { border-left: 3px solid #888; padding-left: .8em; margin: .7em 0; break-inside: avoid; }
.write { border-bottom: 1px solid #000; height: 1.7em; } .box { margin-right: .5em; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #999; padding: .25em .5em; }
th { text-align: left; } td.blank { min-width: 7em; } .small { font-size: .85em; color: #444; }
.sheet { break-before: page; } dfn { font-style: normal; border-bottom: 1px dotted #888; }
@media print { body { margin: 0; } }
"""
"""How a browser shows it; who prints with something else may put other rules in its place."""
WRITE_LINE = '<div class="write"></div>'
"""Where an answer in words is written."""
TABLE = "<table>"
_NAME = Words("Name", "姓名")
_MINUTES = Words("about {n} minutes", "大约 {n} 分钟")
_FORWARD = Words("Forward", "前向传播")
_BACKWARD = Words("Backward and update", "反向传播与更新")
_COLUMNS = (Words("quantity", "量"), Words("formula", "公式"), Words("value", "值"))
_ANSWERS = Words("Answer sheet", "答案")
_GLOSSARY = Words("Words", "术语")
_LEFT_OUT = Words("{n} more quantities are left out.", "另有 {n} 个量未列出。")
_REPLAY = Words(
    "To replay it: open {name} in Gradstep (gradstep open {name}).",
    "重放：在 Gradstep 中打开 {name}（gradstep open {name}）。",
)
_SHEET = Words("level {level}, seed {seed}", "难度 {level}，种子 {seed}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a handout is made. level: 0 to 4, how much is blank. seed: which blanks. with_answers: a page of answers.

    with_trace: the run that its tables are of lies beside it, to be replayed.
    """

    level: int = 2
    seed: int = 0
    with_answers: bool = True
    with_trace: bool = True


def replay_file(handout_file: Path, table: Trace | None, sheet: Sheet) -> Path | None:
    """Where the run that a handout's tables are of shall be copied to; None where it shall not."""
    return handout_file.with_suffix(".gradstep") if table is not None and sheet.with_trace else None


def handout(played: PlayedLesson, traces_table: Trace | None, sheet: Sheet, replay: Path | None = None) -> str:
    """The HTML page. traces_table: the run whose iteration is printed as tables, None for no tables.

    replay: the file beside the page to replay it from, None for none.
    """
    return "\n".join(_page(played, traces_table, sheet, replay))


def _page(played: PlayedLesson, trace: Trace | None, sheet: Sheet, replay: Path | None) -> Iterator[str]:
    language, text = played.language, played.text
    yield f'<!DOCTYPE html>\n<html lang="{language.replace("_", "-")}"><head><meta charset="utf-8">'
    yield f"<title>{html.escape(text.title)}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{html.escape(text.title)}</h1>"
    shown = _SHEET.say(language, level=sheet.level, seed=sheet.seed)
    minutes = _MINUTES.say(language, n=played.lesson.minutes)
    yield f'<p class="small">{html.escape(minutes)} · {html.escape(shown)}</p>'
    if replay is not None:
        yield f'<p class="small">{html.escape(_REPLAY.say(language, name=replay.name))}</p>'
    yield f"<p>{_NAME.say(language)}: ______________________</p>"
    yield to_html(text.summary, played.term_html)
    if text.goals:
        yield "<ul>"
        yield from (f"<li>{inline_html(goal, played.term_html)}</li>" for goal in text.goals)
        yield "</ul>"
    for number, stop in enumerate(played.lesson.stops, 1):
        yield f"<h2>{number}. {html.escape(played.heading(stop))}</h2>"
        yield to_html(played.words(stop), played.term_html)
        for question in stop.questions:
            posed = played.posed(stop, question)
            yield '<div class="question">'
            yield to_html(posed.prompt, played.term_html)
            for _, option in posed.options:
                yield f'<p><span class="box">☐ </span>{inline_html(option, played.term_html)}</p>'
            if not posed.options:
                yield WRITE_LINE
            yield "</div>"
    if trace is not None:
        yield from _tables(played, trace, sheet, filled=False)
    yield from _glossary(played)
    if sheet.with_answers:
        yield f'<div class="sheet"><h1>{_ANSWERS.say(language)}</h1><p class="small">{html.escape(shown)}</p>'
        for number, stop in enumerate(played.lesson.stops, 1):
            for question in stop.questions:
                right = played.right_answer(stop, question)
                yield f"<h3>{number}. {inline_html(text.questions[question.id].title, played.term_html)}</h3>"
                if right:
                    yield f"<p><b>{inline_html(right, played.term_html)}</b></p>"
                yield to_html(played.why(stop, question), played.term_html)
        if trace is not None:
            yield from _tables(played, trace, sheet, filled=True)
        yield "</div>"
    yield "</body></html>\n"


def _glossary(played: PlayedLesson) -> Iterator[str]:
    """The words of the glossary that the texts speak of, with what they mean: paper has no links."""
    texts = [played.words(stop) for stop in played.lesson.stops]
    keys = dict.fromkeys(found[1] for text in texts for found in MARKED.finditer(text) if found[1] in CARDS)
    if keys:
        yield f"<h2>{_GLOSSARY.say(played.language)}</h2>"
        for key in keys:
            yield f"<p><b>{html.escape(played.term(key))}</b>: {html.escape(played.meaning(key))}</p>"


def _tables(played: PlayedLesson, trace: Trace, sheet: Sheet, *, filled: bool) -> Iterator[str]:
    found = tables(trace, played.lesson.table_iteration, 0 if filled else sheet.level, sheet.seed)
    language = played.language
    for title, lines in ((_FORWARD, found.forward), (_BACKWARD, found.backward)):
        if lines:
            yield f"<h2>{title.say(language)}</h2>{TABLE}<thead><tr>"
            yield from (f"<th>{column.say(language)}</th>" for column in _COLUMNS)
            yield "</tr></thead>"
            yield from (_row(line) for line in lines)
            yield "</table>"
    if found.left_out:
        yield f'<p class="small">{_LEFT_OUT.say(language, n=found.left_out)}</p>'


def _row(line: Line) -> str:
    result = '<td class="blank"></td>' if line.is_blank else f"<td>{html.escape(line.result)}</td>"
    return f"<tr><td>{html.escape(line.symbol)}</td><td>{html.escape(line.formula)}</td>{result}</tr>"
