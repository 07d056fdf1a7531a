"""A file that appears under its name only when it is complete; until then an earlier one stays as it was."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import GradstepError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name to write to, which becomes `path` when the block ends well. Raises GradstepError where that cannot be."""
    if path.is_dir():
        raise GradstepError(
            Bilingual(f"{path} is a folder.", f"{path} 是一个文件夹。"),
            Bilingual("Choose another name.", "请选择另一个名称。"),
        )
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        _removed(part)
        why = error.strerror or error
        raise GradstepError(
            Bilingual(f"{path} cannot be written: {why}.", f"无法写入 {path}：{why}。"),
            Bilingual("Choose another place.", "请选择另一个位置。"),
        ) from error
    except BaseException:
        _removed(part)
        raise


def _removed(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
