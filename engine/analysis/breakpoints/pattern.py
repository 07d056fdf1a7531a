"""Names and patterns of names."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache


def fits(pattern: str, name: str) -> bool:
    """Whether a name is the pattern itself ("layers[0]") or fits it ("layer*", "*.weight"); "" fits every name."""
    return not pattern or pattern == name or _compiled(pattern).match(name) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
