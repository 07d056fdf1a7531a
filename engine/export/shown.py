"""What a trace answers to questions, as objects that show themselves: as text, and as formulas in a notebook."""

from __future__ import annotations

import html

import numpy as np

from ..analysis.explain.chain import Chain
from ..analysis.explain.explanation import Explanation
from ..analysis.notation.expression import EquationLine
from ..analysis.notation.numbers import format_number
from ..analysis.notation.printing import to_latex, to_text
from ..analysis.verdict.answer import Answer, Verdict
from ..analysis.verdict.report import Report
from ..trace.reader import Trace
from ..values import Statistics, Value, statistics

_DIGITS = 4


class RecordedValue:
    """A tensor at one moment, also where its numbers were not kept.

    name: how it was asked for. dtype, device: torch's names. layout ("strided", "sparse_coo"), strides (elements from
    one index to the next in each dimension): how it lay in memory; "" and None in traces that do not know. kept:
    whether its numbers are in the trace.
    """

    def __init__(self, trace: Trace, name: str, value: Value) -> None:
        self._trace = trace
        self._value = value
        self.name = name
        self.shape = value.shape
        self.dtype = value.dtype
        self.device = value.device
        self.layout = value.layout
        self.strides = value.strides
        self.kept = value.kept

    @property
    def array(self) -> np.ndarray | None:
        """Its numbers, read-only; None where they were not kept."""
        return self._trace.array(self._value.id)

    @property
    def statistics(self) -> Statistics | None:
        """Its min, max, mean, std, norm, share of zeros, and counts of NaN and infinities; None where unknown."""
        if self._value.statistics is not None:
            return self._value.statistics
        array = self.array
        return None if array is None else statistics(array)

    def __repr__(self) -> str:
        shape = f"({'×'.join(map(str, self.shape))})" if self.shape else "scalar"
        place = "" if self.device == "cpu" else f" on {self.device}"
        return f"<{self.name}: {shape} {self.dtype}{place}, {self._range()}>"

    def _range(self) -> str:
        known = self.statistics
        if known is None:
            return "numbers not kept"
        bad = "".join(f", {count} {name}" for count, name in ((known.nans, "NaN"), (known.infs, "inf")) if count)
        if not np.isfinite(known.min):
            return bad.removeprefix(", ") or "empty"
        low, high = (format_number(x, _DIGITS, typographic=False) for x in (known.min, known.max))
        span = low if self._value.numel == 1 else f"{low} .. {high}"
        return f"{span}{bad}{'' if self.kept else ', numbers not kept'}"


class _Equations:
    """Something that is shown as equations."""

    def __init__(self, lines: tuple[EquationLine, ...]) -> None:
        self._lines = lines

    @property
    def lines(self) -> tuple[str, ...]:
        """The equations as text: "z⁽¹⁾ = w⁽¹⁾ · x + b⁽¹⁾ = 1.124"."""
        return tuple(to_text(line.expression) for line in self._lines)

    @property
    def latex(self) -> tuple[str, ...]:
        """The equations in LaTeX, without dollar signs."""
        return tuple(to_latex(line.expression) for line in self._lines)

    def _repr_latex_(self) -> str | None:
        """What a notebook shows; None where there is no equation."""
        return "$$\\begin{gathered}\n" + " \\\\\n".join(self.latex) + "\n\\end{gathered}$$" if self._lines else None

    def _text(self) -> list[str]:
        found: list[str] = []
        for line, text in zip(self._lines, self.lines, strict=True):
            found += [line.caption.english, f"  {text}"] if line.caption else [f"  {text}"]
        return found


class RecordedExplanation(_Equations):
    """How one number came about. caption: its head. about: what the op does. notes: sentences beside the equations."""

    def __init__(self, found: Explanation) -> None:
        super().__init__(found.lines)
        self.caption = found.caption.english
        self.about = found.about.english
        self.notes = tuple(note.english for note in found.notes)
        self.element = found.element

    def __repr__(self) -> str:
        return "\n".join([self.caption, *([self.about] if self.about else []), *self._text(), *self.notes])


class RecordedChain(_Equations):
    """The chain rule down to one number. computed: what its paths add up to; recorded: what torch put out."""

    def __init__(self, found: Chain) -> None:
        super().__init__(found.lines)
        self.element = found.element
        self.computed = found.computed
        self.recorded = found.recorded
        self.products = tuple(path.product for path in found.paths)
        self.rest = found.rest.english

    def __repr__(self) -> str:
        return "\n".join([*self._text(), *([self.rest] if self.rest else [])])


class RecordedCheck:
    """Events computed again in NumPy. agrees: nothing differs. differences: verdicts on the events that do."""

    def __init__(self, found: Report) -> None:
        self._report = found
        self.agrees = found.agrees
        self.differences: tuple[Verdict, ...] = found.differences
        self.iterations = found.iterations

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        lines = [self._summary()]
        for verdict in self.differences:
            place = "" if verdict.line is None else f", {verdict.line[0]}:{verdict.line[1]}"
            reason = f": {verdict.reason.english}" if verdict.reason else ""
            lines.append(f"  event {verdict.position} {verdict.name}{place} differs{reason}")
        differing = [(part.iteration, name) for part in self._report.passes for name in part.differing]
        lines += [f"  the gradient of {name} in iterations[{number}] differs" for number, name in differing]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(row.group)}</td><td>{html.escape(row.name.english)}</td><td>{row.events}</td>"
            f"<td>{row.agrees}</td><td>{row.differs}</td><td>{row.cannot}</td></tr>"
            for row in self._report.rows
        )
        head = "".join(f"<th>{name}</th>" for name in ("", "", "events", "agree", "differ", "cannot check"))
        return f"<p>{html.escape(self._summary())}</p><table><tr>{head}</tr>{rows}</table>"

    def _summary(self) -> str:
        counts = {answer: self._report.count(answer) for answer in Answer}
        return (
            f"{counts[Answer.AGREES]} events agree, {counts[Answer.DIFFERS]} differ, "
            f"{counts[Answer.CANNOT_CHECK]} cannot be checked"
        )
