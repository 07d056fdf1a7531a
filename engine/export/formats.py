"""The table of export formats. A new one is a file beside this one and a row here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..bilingual import Bilingual, listed, same
from ..counting import from_one
from ..errors import GradstepError
from ..events import Iteration
from ..trace.reader import Trace
from .csv_file import write_csv
from .json_file import write_json
from .npz_file import write_npz
from .replacing import replacing


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `write_text` where it may go to the standard output, `write_file` where it needs a file."""

    name: str
    text: str
    write_text: Callable[[Trace, TextIO, Sequence[Iteration]], None] | None = None
    write_file: Callable[[Trace, Path, Sequence[Iteration]], None] | None = None


FORMATS = (
    Format("json", "everything, for any program", write_text=write_json),
    Format("csv", "a row for each tensor of each event, for a spreadsheet", write_text=write_csv),
    Format("npz", "the arrays by role and name, for NumPy", write_file=write_npz),
)


def export(trace: Trace, format_name: str, out: Path | None = None, iteration: int | None = None) -> Path | None:
    """Writes a trace (or one iteration of it) in a format; without `out` to the standard output if it is text.

    Returns the file that was written, None for the standard output. Raises GradstepError for an unknown format or
    iteration, and where the file cannot be written.
    """
    chosen = next((row for row in FORMATS if row.name == format_name), None)
    if chosen is None:
        names = listed(same(row.name) for row in FORMATS)
        raise GradstepError(
            Bilingual(f"There is no format {format_name!r}.", f"没有格式 {format_name!r}。"),
            Bilingual(f"There are: {names.english}.", f"可用的有：{names.chinese}。"),
        )
    iterations = chosen_iterations(trace, iteration)
    if out is None and chosen.write_text is not None:
        chosen.write_text(trace, sys.stdout, iterations)
        return None
    path = out or Path(f"{trace.path.stem}.{chosen.name}")
    if path.exists() and path.samefile(trace.path):
        raise GradstepError(
            Bilingual(f"{path} is the trace itself.", f"{path} 就是记录本身。"),
            Bilingual("Choose another name with -o.", "请用 -o 选择另一个名称。"),
        )
    with replacing(path) as part:
        if chosen.write_text is not None:
            with part.open("w", encoding="utf-8", newline="") as file:
                chosen.write_text(trace, file, iterations)
        elif chosen.write_file is not None:
            chosen.write_file(trace, part, iterations)
    return path


def chosen_iterations(trace: Trace, iteration: int | None) -> Sequence[Iteration]:
    """All iterations, or the one with this number. Raises GradstepError where there is none."""
    iterations = trace.iterations()
    if iteration is None:
        return iterations
    found = [row for row in iterations if row.number == iteration]
    if not found:
        known = numbers_of(iterations)
        raise GradstepError(
            Bilingual(
                f"{trace.path.name} has no iteration {from_one(iteration)}.",
                f"{trace.path.name} 没有第 {from_one(iteration)} 次迭代。",
            ),
            Bilingual(f"It has {known.english}.", f"它有：{known.chinese}。"),
        )
    return found


def numbers_of(iterations: Sequence[Iteration]) -> Bilingual:
    """In words, which iterations there are."""
    numbers = [from_one(row.number) for row in iterations if row.number >= 0]
    found = []
    if any(row.number < 0 for row in iterations):
        found.append(Bilingual("the set-up (0)", "准备（0）"))
    if len(numbers) == 1:
        found.append(Bilingual(f"iteration {numbers[0]}", f"第 {numbers[0]} 次迭代"))
    elif numbers:
        first, last = numbers[0], numbers[-1]
        found.append(Bilingual(f"iterations {first} to {last}", f"第 {first} 到 {last} 次迭代"))
    if not found:
        return Bilingual("none", "无")
    return Bilingual(" and ".join(part.english for part in found), "和".join(part.chinese for part in found))
