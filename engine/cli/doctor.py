"""`gradstep doctor`: mistakes that a trace shows, each with the events that prove it and what to try."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..analysis.findings.doctor import Diagnosis, diagnose
from ..analysis.findings.finding import Finding, Sure
from ..bilingual import Bilingual
from ..counting import from_one
from ..errors import EnglishError
from ..lessons.markdown import wrapped
from ..trace.reader import Trace
from .empty import no_events
from .iteration_option import add_iteration
from .language_option import add_language, speaks_chinese
from .terminal import Terminal

CERTAIN = 1
"""Exit code when a finding is certain."""

_WIDTH = 78
_SURE = {
    Sure.CERTAIN: Bilingual("certain", "确定"),
    Sure.LIKELY: Bilingual("likely", "很可能"),
    Sure.MAYBE: Bilingual("maybe", "可能"),
}
_TRY, _WHAT_IF = Bilingual("try", "试试"), Bilingual("what if", "如果")

EPILOG = """Each finding says what was seen in this run, the steps that prove it, how sure it is, why it
matters and what to try.
certain: the recorded events leave no other reading. likely: nearly always a mistake. maybe: worth a look.

examples:
  gradstep doctor t.gradstep                    all that was found
  gradstep doctor t.gradstep --iteration 20     only what happened in iteration 20
  gradstep doctor t.gradstep --json             as JSON, texts in English and Chinese

exit code: 0 if no finding is certain, 1 if one is, 2 if it could not be carried out"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep doctor`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file")
    add_iteration(parser, "only what has a step in this one")
    parser.add_argument("--json", action="store_true", help="everything that was found, as JSON")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what was found; returns 1 if a finding is certain."""
    with Trace(options.trace) as trace:
        if not len(trace):
            raise no_events(trace)
        if options.iteration is not None and trace.iteration(options.iteration) is None:
            last = max(found.number for found in trace.iterations())
            raise EnglishError(
                f"The trace has no iteration {from_one(options.iteration)}.", f"Its last one is {from_one(last)}."
            )
        found = diagnose(trace, options.iteration)
        if options.json:
            print(json.dumps(as_json(trace, found), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            terminal = Terminal(sys.stdout)
            for line in _lines(trace, found, terminal, speaks_chinese(options)):
                print(terminal.plain(line))
    return 0 if found.is_healthy else CERTAIN


def as_json(trace: Trace, found: Diagnosis) -> dict[str, Any]:
    """A diagnosis as plain objects."""
    return {
        "trace": trace.path.name,
        "iterations": list(found.iterations),
        "iterations_in_trace": found.total,
        "findings": [_plain(finding) for finding in found.findings],
    }


def _plain(finding: Finding) -> dict[str, Any]:
    seen = finding.seen
    return {
        "rule": finding.rule,
        "sure": seen.sure.value,
        "title": finding.title.plain(),
        "seen": seen.sentence.plain(),
        "positions": list(seen.positions),
        "iteration": finding.iteration,
        "file": finding.file,
        "line": finding.line,
        "source": finding.source,
        "why": finding.why.plain(),
        "try": finding.attempt.plain(),
        "code": seen.code,
        "what_if": seen.what_if.plain(),
        "change": seen.change,
    }


def _lines(trace: Trace, found: Diagnosis, terminal: Terminal, chinese: bool) -> list[str]:
    lines: list[str] = []
    for finding in found.findings:
        lines += [*_finding(finding, terminal, chinese), ""]
    looked = sum(number >= 0 for number in found.iterations)
    is_whole = len(found.iterations) == found.total
    return [*lines, *wrapped(_ending(trace.path.name, looked, is_whole, found).in_language(chinese), _WIDTH)]


def _ending(name: str, looked: int, is_whole: bool, found: Diagnosis) -> Bilingual:
    """How much was looked at, and how many findings that gave."""
    count = len(found.findings)
    many = "" if is_whole else f" of {found.total:,} (the first and the last)"
    many_zh = "" if is_whole else f"（共 {found.total:,} 次，只查看了开头和结尾）"
    what = "no findings" if not count else "1 finding" if count == 1 else f"{count} findings"
    what_zh = f"发现 {count} 处问题" if count else "没有发现问题"
    return Bilingual(
        f"{name}, {looked:,} iteration{'' if looked == 1 else 's'}{many}: {what}.",
        f"{name}，{looked:,} 次迭代{many_zh}：{what_zh}。",
    )


def _finding(finding: Finding, terminal: Terminal, chinese: bool) -> list[str]:
    def say(text: Bilingual) -> str:
        return text.in_language(chinese)

    seen, colon = finding.seen, "：" if chinese else ": "
    sure = terminal.red(say(_SURE[seen.sure])) if seen.sure == Sure.CERTAIN else say(_SURE[seen.sure])
    lines = [f"{sure}{colon}{terminal.bold(say(finding.title))}"]
    if finding.source:
        lines.append(terminal.dim(f"  {finding.file}:{finding.line}  {finding.source}"[: _WIDTH + 2]))
    lines += _wrapped(say(seen.sentence))
    lines += _wrapped(say(finding.why))
    lines += _wrapped(f"{say(_TRY)}{colon}{say(finding.attempt)}")
    if seen.code:
        lines.append(f"       {seen.code}")
    if seen.what_if:
        lines += _wrapped(f"{say(_WHAT_IF)}{colon}{say(seen.what_if)}")
    if seen.change:
        lines.append(f"       gradstep what-if TRACE --change {seen.change}")
    steps = Bilingual(
        f"steps {', '.join(map(str, seen.positions))}; see:", f"第 {'、'.join(map(str, seen.positions))} 步；查看："
    )
    return [*lines, terminal.dim(f"  {say(steps)} gradstep show TRACE --position {seen.positions[0]}")]


def _wrapped(text: str) -> list[str]:
    return wrapped(text, _WIDTH, "  ")
