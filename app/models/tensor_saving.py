"""Writes a tensor into a file of somebody else's: NumPy's own format, or a table of text. No Qt."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.models.cell_text import exact_text
from app.models.tensor_plane import TensorPlane
from engine.bilingual import Bilingual
from engine.errors import GradstepError

MOST_CELLS = 10_000_000
"""Of a table of text: larger ones no other program opens."""

_ROWS_AT_ONCE = 256
_ELSEWHERE = Bilingual("Choose another folder.", "请选择另一个文件夹。")


def save_npy(array: np.ndarray, path: Path) -> None:
    """The whole tensor, whatever its rank; a memory map is copied piece by piece. Raises GradstepError."""
    try:
        with path.open("wb") as file:
            np.save(file, array, allow_pickle=False)
    except OSError as error:
        raise GradstepError(
            Bilingual(f"The tensor cannot be saved as {path}: {error}.", f"张量无法保存为 {path}：{error}。"),
            _ELSEWHERE,
        ) from error


def save_csv(plane: TensorPlane, path: Path) -> None:
    """The plane that is shown, exact numbers, commas between columns. Raises GradstepError."""
    cells = plane.cells
    if cells.size > MOST_CELLS:
        raise GradstepError(
            Bilingual(
                f"{cells.size:,} cells are too many for a table of text (at most {MOST_CELLS:,}).",
                f"{cells.size:,} 个单元格对文本表格来说太多（最多 {MOST_CELLS:,} 个）。",
            ),
            Bilingual("Save the tensor as .npy instead.", "请改为把张量保存为 .npy。"),
        )
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            for start in range(0, cells.shape[0], _ROWS_AT_ONCE):
                rows = cells[start : start + _ROWS_AT_ONCE]
                file.writelines(",".join(map(exact_text, row)) + "\r\n" for row in rows)
    except OSError as error:
        raise GradstepError(
            Bilingual(f"The table cannot be saved as {path}: {error}.", f"表格无法保存为 {path}：{error}。"), _ELSEWHERE
        ) from error


def as_tsv(plane: TensorPlane) -> str:
    """The plane with tabs between columns, exact numbers."""
    return "\n".join("\t".join(map(exact_text, row)) for row in plane.cells)
