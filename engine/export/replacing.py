"""A file that appears under its name only when it is complete; until then an earlier one stays as it was."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import GradstepError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name to write to, which becomes `path` when the block ends well. Raises GradstepError where that cannot be."""
    if path.is_dir():
        raise GradstepError(f"{path} is a folder.", "Choose another name.")
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        _removed(part)
        raise GradstepError(f"{path} cannot be written: {error.strerror or error}.", "Choose another place.") from error
    except BaseException:
        _removed(part)
        raise


def _removed(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
