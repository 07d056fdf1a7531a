"""Why a trace has no numbers of a value: what the trace says, a word or a sentence in English, in both languages."""

from __future__ import annotations

from ..bilingual import Bilingual, same

THINNED = "thinned"
BATCHED = "batched by vmap"
META = "a meta tensor has no data"
LARGE_STATE = "large optimizer state is kept at iterations 0-2 and 2^n"

_WORDS = {
    "": Bilingual("its file is gone", "存放它的文件不见了"),
    THINNED: Bilingual("dropped to stay within the trace's budget", "为了不超出记录的容量上限而被舍去"),
    BATCHED: Bilingual(BATCHED, "由 vmap 成批处理"),
    META: Bilingual(META, "meta 张量没有数据"),
    LARGE_STATE: Bilingual(LARGE_STATE, "优化器的大型状态只在第 0 至 2 次和第 2^n 次迭代保留"),
}


def why_not_kept(reason: str) -> Bilingual:
    """The reason in words, without a full stop. What torch itself said of a tensor stays in English."""
    return _WORDS.get(reason) or same(reason.rstrip("."))
