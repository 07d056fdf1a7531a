"""Whether a text is Chinese: it has Chinese characters, and no English words but names and code."""

from __future__ import annotations

import re

_HAN = re.compile("[\u4e00-\u9fff]")
_TWO_WORDS = re.compile(r"(?<![\w.=(])[A-Za-z][a-z]+ [a-z]{2,}(?![\w.(=])")
_WORDS = re.compile(
    r"(?<![\w.])(?:the|of|is|are|was|were|and|or|at|in|on|to|by|for|from|with|no|not|it|its|this|that|which|line|step|an"
    r"|steps|lines|iteration|iterations|element|elements|row|rows|value|values|number|numbers|result|because|so|here)"
    r"(?![\w.(=])"
)
_NAMES = ("batch norm", "log_softmax")


def has_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


def english_left(text: str) -> list[str]:
    """Words of a Chinese text that somebody forgot to translate; what stands in backquotes is code."""
    bare = re.sub("`[^`]*`", "", text)
    for name in _NAMES:
        bare = bare.replace(name, "")
    return [*_TWO_WORDS.findall(bare), *_WORDS.findall(bare)]
