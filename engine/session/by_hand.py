"""Runs a script that works by hand and holds its variables beside a trace: what `gradstep by-hand` does."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ..analysis.by_hand.beside import Beside as Row
from ..bilingual import Bilingual, sentences
from ..errors import GradstepError
from .child import Ending, ending_of
from .following import follow
from .launch import Beside, Launch, launch


def run_beside(what: Launch, trace: Path, renamed: tuple[str, ...] = ()) -> tuple[list[Row], Ending]:
    """Runs the script to its end; each of its values that the trace knows too, in the order in which they were made.

    renamed: "own=trace's" names. Raises what `launch` raises, and GradstepError where the script left no report.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        child = launch(what, trace=None, live=False, beside=Beside(trace, report, renamed))
        try:
            ended = follow(child, lambda notice: None)
        finally:
            code = child.end()
        ending = ending_of(code, ended)
        if not report.is_file():
            reason = Bilingual(f"{what.script} could not be watched.", f"无法监视 {what.script}。")
            raise GradstepError(
                sentences(reason, ending.sentence),
                Bilingual("Try it with plain Python first.", "请先用普通的 Python 试试。"),
            )
        rows = json.loads(report.read_text(encoding="utf-8"))["rows"]
    return [_row(row) for row in rows], ending


def _row(row: dict[str, object]) -> Row:
    numbers = {key: float(str(row[key])) for key in ("by_hand", "torch", "difference")}
    shapes = tuple(tuple(shape) for shape in row["shapes"])  # type: ignore[attr-defined]
    return Row(**{**row, **numbers, "where": tuple(row["where"]), "shapes": shapes})  # type: ignore[arg-type]
