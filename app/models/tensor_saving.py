"""Writes a tensor into a file of somebody else's: NumPy's own format, or a table of text. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.models.cell_text import exact_text
from app.models.tensor_plane import TensorPlane
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.export.replacing import replacing

MOST_CELLS = 10_000_000
"""Of a table of text: larger ones no other program opens."""

_AT_ONCE, _CELLS_AT_ONCE = 1 << 20, 1 << 14
Progress = Callable[[int, int], None]


def save_npy(array: np.ndarray, path: Path, went_on: Progress | None = None) -> None:
    """The whole tensor, whatever its rank; a memory map is copied piece by piece. Raises GradstepError.

    A file of that name stays as it was until the new one is complete.
    """
    flat = array.reshape(-1)
    layout = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    with replacing(path) as part, part.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, layout)
        for start in range(0, flat.size, _AT_ONCE):
            if went_on is not None:
                went_on(start, flat.size)
            file.write(flat[start : start + _AT_ONCE].tobytes())


def save_csv(plane: TensorPlane, path: Path, went_on: Progress | None = None) -> None:
    """The plane that is shown, exact numbers, commas between columns. Raises GradstepError.

    A file of that name stays as it was until the new one is complete.
    """
    cells = plane.cells
    if cells.size > MOST_CELLS:
        raise GradstepError(
            Bilingual(
                f"{cells.size:,} cells are too many for a table of text (at most {MOST_CELLS:,}).",
                f"{cells.size:,} 个单元格对文本表格来说太多（最多 {MOST_CELLS:,} 个）。",
            ),
            Bilingual("Save the tensor as .npy instead.", "请改为把张量保存为 .npy。"),
        )
    rows_at_once = max(1, _CELLS_AT_ONCE // max(1, cells.shape[1]))
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        for start in range(0, cells.shape[0], rows_at_once):
            if went_on is not None:
                went_on(start, cells.shape[0])
            rows = cells[start : start + rows_at_once]
            file.writelines(",".join(map(exact_text, row)) + "\r\n" for row in rows)


def as_tsv(plane: TensorPlane) -> str:
    """The plane with tabs between columns, exact numbers."""
    return "\n".join("\t".join(map(exact_text, row)) for row in plane.cells)
