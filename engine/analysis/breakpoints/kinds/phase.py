"""The beginning of a phase."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....counting import from_one
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if not fits(wanted.pattern, here.phase):
        return False
    return before is None or (before.iteration, before.phase) != (here.iteration, here.phase)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    phase, phase_zh = here.phase, _PHASES.get(here.phase, here.phase)
    return Bilingual(
        f"The phase {phase} of iteration {from_one(here.iteration)} begins.",
        f"第 {from_one(here.iteration)} 次迭代的{phase_zh}阶段开始。",
    )


_PHASES = {
    "setup": "准备",
    "zero": "梯度清零",
    "forward": "前向",
    "backward": "反向",
    "update": "更新",
    "other": "其他",
}
_PATTERN = Bilingual(
    'phase: "setup", "zero", "forward", "backward", "update" or "other"',
    '阶段："setup"、"zero"、"forward"、"backward"、"update" 或 "other"',
)
add(What.PHASE, Kind("Phase", _fits, _sentence, pattern=_PATTERN))
