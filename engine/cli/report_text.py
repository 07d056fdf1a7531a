"""What `gradstep check` found, as text that fits 80 columns, and as JSON."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from ..analysis.notation.numbers import format_number
from ..analysis.verdict.answer import Answer, Comparison, Verdict
from ..analysis.verdict.report import Report, Share
from ..analysis.verdict.whole import WholePass
from ..bilingual import NOTHING, Bilingual, listed, same
from ..counting import from_one
from ..lessons.markdown import wrapped
from ..trace.reader import Trace
from .terminal import Terminal, columns, filled

_MOST_DIFFERENCES = 20
_MOST_NAMES = 6
_NAME_WIDTH = 38
_WIDTH = 78
_COLUMNS = tuple(
    (Bilingual(english, chinese), 8)
    for english, chinese in (
        ("events", "事件"), ("agree", "一致"), ("differ", "不一致"), ("cannot", "无法"), ("ulps", "ulp"),
    )
)  # fmt: skip
_GROUPS = {
    "forward": Bilingual("forward", "前向"),
    "backward": Bilingual("backward", "反向"),
    ".grad": same(".grad"),
    "update": Bilingual("update", "更新"),
}
_WORDS = {
    "forward": Bilingual("ops", "个操作"),
    "backward": Bilingual("gradient steps", "个梯度步骤"),
    ".grad": Bilingual("changes of .grad", "次 .grad 的改变"),
    "update": Bilingual("updates", "次更新"),
}
_DIFFERS = Bilingual("differs", "不一致")
_CANNOT = Bilingual("cannot check", "无法核对")
_WHOLE = Bilingual("the whole program, replayed with a parameter moved", "整个程序：移动一个参数后重放")
_METHODS = {
    "numpy": same("NumPy"),
    "vjp": Bilingual("the derivative in NumPy", "NumPy 中的导数"),
    "finite differences": Bilingual("finite differences", "有限差分"),
}
_MANY = Bilingual("many", "很多")


def report_text(trace: Trace, report: Report, terminal: Terminal, chinese: bool) -> list[str]:
    """The lines: a table of what was checked, each difference, what cannot be checked, the whole program, the end."""
    return _ReportText(trace, report, terminal, chinese).lines()


class _ReportText:
    """Writes a report in one language."""

    def __init__(self, trace: Trace, report: Report, terminal: Terminal, chinese: bool) -> None:
        self._trace = trace
        self._report = report
        self._terminal = terminal
        self._chinese = chinese

    def lines(self) -> list[str]:
        report, terminal = self._report, self._terminal
        lines = [*self._table(), "", *(self._share(share) for share in report.shares if share.events)]
        if report.differences:
            lines += ["", terminal.red(self._say(_DIFFERS))]
            for verdict in report.differences[:_MOST_DIFFERENCES]:
                lines += self._difference(verdict)
            left = len(report.differences) - _MOST_DIFFERENCES
            if left > 0:
                lines.append(self._say(Bilingual(f"  … and {left:,} more; --json lists all",
                                                 f"  …… 还有 {left:,} 处；--json 会全部列出")))  # fmt: skip
        if report.unchecked:
            lines += ["", terminal.bold(self._say(_CANNOT))]
            for reason, verdicts in sorted(report.unchecked.items(), key=lambda item: -len(item[1])):
                lines += self._unchecked(reason, verdicts)
        if report.passes:
            lines += ["", terminal.bold(self._say(_WHOLE))]
            for found in report.passes:
                lines += self._whole(found)
        return [*lines, "", *self._end()]

    def _say(self, text: Bilingual) -> str:
        return text.in_language(self._chinese)

    def _table(self) -> list[str]:
        titles = [(self._say(name), width) for name, width in _COLUMNS]
        heading = " " * _NAME_WIDTH + "".join(" " * (width - columns(name)) + name for name, width in titles)
        lines = [self._terminal.dim(heading)]
        group = ""
        for row in sorted(self._report.rows, key=lambda row: list(_WORDS).index(row.group)):
            if row.group != group:
                group = row.group
                style = "zero" if group == ".grad" else group
                lines.append(self._terminal.bold(self._terminal.styled(self._say(_GROUPS[group]), style)))
            name = _cut(self._say(row.name), _NAME_WIDTH - 3)
            counts = (
                f"{row.events:,}",
                f"{row.agrees:,}",
                f"{row.differs or ''}",
                f"{row.cannot or ''}",
                _ulps(row.ulps),
            )
            cells = [text.rjust(width) for text, (_, width) in zip(counts, _COLUMNS, strict=True)]
            cells[2] = self._terminal.red(cells[2]) if row.differs else cells[2]
            lines.append(f"  {filled(name, _NAME_WIDTH - 2)}" + "".join(cells))
        return lines

    def _share(self, share: Share) -> str:
        checked, explained = (f"{100 * part / share.events:.0f} %" for part in (share.checked, share.explained))
        what = _WORDS[share.group]
        return self._say(
            Bilingual(
                f"{share.checked:,} of {share.events:,} {what.english} checked ({checked}), {explained} with a row",
                f"{share.events:,} {what.chinese}中核对了 {share.checked:,}（{checked}），{explained} 在表中有一行",
            )
        )

    def _difference(self, verdict: Verdict) -> list[str]:
        at = "" if verdict.line is None else f"  {self._terminal.dim(f'{verdict.line[0]}:{verdict.line[1]}')}"
        step = Bilingual(
            f"step {verdict.position} {verdict.name} ({verdict.what.english})",
            f"第 {verdict.position} 步 {verdict.name}（{verdict.what.chinese}）",
        )
        lines = [f"  {self._say(step)}{at}"]
        if verdict.reason:
            lines += wrapped(self._say(verdict.reason + _STOP), _WIDTH - 2, "    ")
        for found in verdict.comparisons:
            if not found.agrees:
                lines += [f"    {line}" for line in self._numbers(found)]
        return lines

    def _numbers(self, found: Comparison) -> list[str]:
        """What differs, and by how much."""
        name = listed([same(found.symbol), found.what]) if found.symbol else found.what
        at = Bilingual(f" at {list(found.where)}", f"，位置 {list(found.where)}") if found.where else NOTHING
        method, recorded, computed = _METHODS[found.method], _number(found.recorded), _number(found.computed)
        off, allowed, ulps = f"{found.difference:.2g}", f"{found.tolerance:.2g}", same(_ulps(found.ulps)) or _MANY
        return [
            f"{self._say(name + at)}{self._say(_COLON)}".rstrip(),
            self._say(
                Bilingual(
                    f"  recorded {recorded}, {method.english} {computed}",
                    f"  记录的是 {recorded}，{method.chinese}得 {computed}",
                )
            ),
            self._say(
                Bilingual(
                    f"  off by {off}, {ulps.english} ulps; rounding explains {allowed}",
                    f"  相差 {off}（{ulps.chinese} ulp）；舍入能解释的是 {allowed}",
                )
            ),
        ]

    def _unchecked(self, reason: Bilingual, verdicts: list[Verdict]) -> list[str]:
        names = Counter(self._say(verdict.what) for verdict in verdicts)
        known = [f"{name} ×{count}" if count > 1 else name for name, count in names.most_common(_MOST_NAMES)]
        more = ["…"] if len(names) > _MOST_NAMES else []
        text = f"{self._say(listed(map(same, [*known, *more])))}{self._say(_COLON)}{self._say(reason)}"
        return wrapped(text, _WIDTH, "  ", "    ")

    def _whole(self, found: WholePass) -> list[str]:
        where = Bilingual(
            f"iteration {from_one(found.iteration)}, backward from step {found.position}",
            f"第 {from_one(found.iteration)} 次迭代，从第 {found.position} 步起的反向传播",
        )
        if found.reason:
            why = Bilingual(f"cannot check, {found.reason.english}", f"无法核对，{found.reason.chinese}")
            return wrapped(self._say(where + _COLON + why), _WIDTH, "  ", "    ")
        good, count = len(found.parameters) - len(found.differing), len(found.parameters)
        elements = sum(part.elements - part.skipped for part in found.parameters.values())
        skipped = sum(part.skipped for part in found.parameters.values())
        agrees = Bilingual(
            f"d{found.root}/dw agrees for {good} of {count} parameters",
            f"{count} 个参数中有 {good} 个的 d{found.root}/dw 一致",
        )
        moved = Bilingual(f"    {elements} elements moved", f"    移动了 {elements} 个元素")
        if skipped:
            moved += Bilingual(f", {skipped} at kinks left out", f"，略去了 {skipped} 个位于折点的")
        lines = [f"  {self._say(where + _COLON + agrees)}", self._say(moved)]
        for name in found.differing:
            lines.append(self._terminal.red(f"    {name}"))
            lines += [f"      {line}" for line in self._numbers(found.parameters[name])]
        return lines

    def _end(self) -> list[str]:
        """One sentence that says it all."""
        report, file = self._report, Path(self._trace.path).name
        agree, differ, cannot = (f"{report.count(answer):,}" for answer in _ANSWERS)
        numbers = listed(same(str(from_one(number))) for number in report.iterations)
        which = Bilingual(f"iterations {numbers.english}", f"第 {numbers.chinese} 次迭代")
        if len(report.iterations) == 1:
            which = Bilingual(f"iteration {numbers.english}", f"第 {numbers.chinese} 次迭代")
        text = Bilingual(
            f"{file}, {which.english}: {agree} events agree, {differ} differ{'s' if differ == '1' else ''}, "
            f"{cannot} cannot be checked",
            f"{file}，{which.chinese}：{agree} 个事件一致，{differ} 个不一致，{cannot} 个无法核对",
        )
        wrong = sum(len(found.differing) for found in report.passes)
        if wrong:
            text += Bilingual(
                f"; {wrong} gradients of the whole program differ", f"；整个程序中有 {wrong} 个梯度不一致"
            )
        lines = wrapped(self._say(text + _STOP), _WIDTH)
        return lines if report.agrees else [self._terminal.red(line) for line in lines]


_ANSWERS = (Answer.AGREES, Answer.DIFFERS, Answer.CANNOT_CHECK)
_COLON, _STOP = Bilingual(": ", "："), Bilingual(".", "。")


def _ulps(ulps: float) -> str:
    if ulps == 0:
        return "0"
    return f"{ulps:.1f}" if ulps < 1000 else f"{ulps:.0e}" if math.isfinite(ulps) else ""


def _number(x: complex) -> str:
    return str(x) if isinstance(x, complex) else format_number(x, typographic=False)


def _cut(text: str, width: int) -> str:
    """A text that takes at most so many columns, with an ellipsis where it is cut."""
    if columns(text) <= width:
        return text
    while columns(text) >= width:
        text = text[:-1]
    return f"{text}…"


def report_json(trace: Trace, report: Report) -> dict[str, Any]:
    """The same as plain objects; NaN and infinity as text."""
    return {
        "trace": trace.path.name,
        "iterations": list(report.iterations),
        "agrees": report.agrees,
        "counts": {answer.value: report.count(answer) for answer in Answer},
        "rows": [{**_plain(row), "events": row.events} for row in report.rows],
        "shares": [_plain(share) for share in report.shares],
        "differences": [_plain(verdict) for verdict in report.differences],
        "cannot_check": [
            {"reason": reason.english, "events": [_event(verdict) for verdict in verdicts]}
            for reason, verdicts in report.unchecked.items()
        ],
        "whole": [_plain(found) for found in report.passes],
    }


def _event(verdict: Verdict) -> dict[str, Any]:
    return {"position": verdict.position, "name": verdict.name, "what": verdict.what.english}


def _plain(item: Any) -> Any:
    """Dataclasses' contents as JSON has them; of what is in two languages the English."""
    if isinstance(item, Bilingual):
        return item.english
    if is_dataclass(item):
        return {field.name: _plain(getattr(item, field.name)) for field in fields(item)}
    if isinstance(item, dict):
        return {key: _plain(part) for key, part in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(part) for part in item]
    if isinstance(item, complex) or (isinstance(item, float) and not math.isfinite(item)):
        return str(item)
    return item
