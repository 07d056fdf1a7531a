"""The table of export formats. A new one is a file beside this one and a row here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

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
        names = ", ".join(row.name for row in FORMATS)
        raise GradstepError(f"There is no format {format_name!r}.", f"There are: {names}.")
    iterations = chosen_iterations(trace, iteration)
    if out is None and chosen.write_text is not None:
        chosen.write_text(trace, sys.stdout, iterations)
        return None
    path = out or Path(f"{trace.path.stem}.{chosen.name}")
    if path.exists() and path.samefile(trace.path):
        raise GradstepError(f"{path} is the trace itself.", "Choose another name with -o.")
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
        raise GradstepError(f"{trace.path.name} has no iteration {iteration}.", f"It has {numbers_of(iterations)}.")
    return found


def numbers_of(iterations: Sequence[Iteration]) -> str:
    """In words, which iterations there are."""
    numbers = [row.number for row in iterations if row.number >= 0]
    setup = "the set-up (-1)" if any(row.number < 0 for row in iterations) else ""
    span = (
        ""
        if not numbers
        else f"iteration {numbers[0]}"
        if len(numbers) == 1
        else f"iterations {numbers[0]} to {numbers[-1]}"
    )
    return " and ".join(part for part in (setup, span) if part) or "none"
