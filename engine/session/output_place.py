"""Where a script computes what its network answers, as its trace tells: the last op before the loss compares."""

from __future__ import annotations

from ..analysis.moved.samples import samples
from ..bilingual import Bilingual
from ..errors import GradstepError, SessionError
from ..events import Event
from ..trace.reader import Trace
from ..wire.options import OutputPlace


def output_place(trace: Trace) -> OutputPlace:
    """Of the first iteration that tells. Raises SessionError where none does."""
    for iteration in [one.number for one in trace.iterations() if one.number >= 0][:3]:
        try:
            value = samples(trace, iteration).output
        except GradstepError:
            continue
        events = trace.events(iteration=iteration)
        made = next((event for event in events if any(slot.value == value for slot in event.outputs)), None)
        site = None if made is None else trace.site(made.site)
        source = None if site is None else trace.source(site.source)
        if made is None or site is None or source is None:
            continue
        alike = [event.position for event in events if _is_alike(event, made)]
        span = site.line, site.column, site.end_line, site.end_column
        name = made.function.rpartition(".")[2]
        return OutputPlace(name, source.path, *span, alike.index(made.position), len(alike))
    raise SessionError(
        Bilingual("This run does not tell what its network answers.", "这次运行没有说明网络的回答是什么。"),
        Bilingual(
            "That takes a loss of torch, or the difference of prediction and target.",
            "这需要 torch 的损失函数，或预测与目标之差。",
        ),
    )


def _is_alike(event: Event, made: Event) -> bool:
    return event.site == made.site and event.function == made.function and event.phase == made.phase
