"""How large an expression, its numbers and its work may be: whoever typed it, or whichever file it came from."""

from __future__ import annotations

import time

from ...bilingual import Bilingual
from .answers import NoAnswer

MOST_CHARACTERS = 500
MOST_PARTS = 150
"""Names, numbers, operators and calls of one expression."""

DEEPEST = 60
"""How far its brackets and operators may be nested."""

LARGEST_WHOLE = 2**63 - 1
MOST_MADE = 1 << 24
"""Elements of an array that an expression makes."""

MOST_WORK = 1 << 27
"""Elements that one evaluation may touch, products of matrices counted by multiplications."""

MOST_BINS = 10_000
PATIENCE_S = 2.0


class Budget:
    """What one evaluation has left to spend; each operation pays before it runs."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._work_left = MOST_WORK
        self._patience_s = patience_s
        self._deadline = time.monotonic() + patience_s

    def make(self, elements: int) -> None:
        """Pays for an array. Raises NoAnswer if it is too large, or the evaluation has done too much."""
        if elements > MOST_MADE:
            raise NoAnswer(
                Bilingual(
                    f"This would make {elements:,} numbers; a watch makes at most {MOST_MADE:,}.",
                    f"这会产生 {elements:,} 个数；一个监视表达式最多产生 {MOST_MADE:,} 个。",
                )
            )
        self.touch(elements)

    def touch(self, elements: int) -> None:
        """Pays for reading numbers or for multiplying them. Raises NoAnswer where that is too much."""
        self._work_left -= max(elements, 1)
        if self._work_left < 0:
            raise NoAnswer(
                Bilingual(
                    f"This would take more than {MOST_WORK:,} operations; a part of it may do, as in w[:100].",
                    f"这需要超过 {MOST_WORK:,} 次运算；也许取其中一部分就够了，例如 w[:100]。",
                )
            )
        if time.monotonic() > self._deadline:
            raise NoAnswer(
                Bilingual(
                    f"This takes longer than {self._patience_s:g} s; a part of it may do, as in w[:100].",
                    f"这需要超过 {self._patience_s:g} 秒；也许取其中一部分就够了，例如 w[:100]。",
                )
            )
