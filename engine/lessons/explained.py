"""What a learner explained in words of their own at the stops of a lesson, as stops of a demo beside a saved trace.

The trace stays what ran, and nobody's opinion of it: it can be handed on, checked and opened anywhere. The words lie in
a file of their own beside it, and are opened with it, each at its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..analysis.quantities import quantities
from ..session.place import Level, Place
from .demo import LONGEST_TEXT, DemoStop
from .kinds import KINDS
from .markdown import to_text
from .moments import Moment
from .played import PlayedLesson

_ANY_WIDTH = 1_000_000


def explained(played: PlayedLesson, answers: Mapping[str, str], run: str) -> tuple[DemoStop, ...]:
    """One stop for each question on this run that was answered in the learner's own words: these, and the question.

    answers: by the questions' ids. Raises GradstepError where the run has no such place.
    """
    found = []
    for stop, question in played.lesson.questions:
        words = answers.get(question.id, "")
        if stop.run == run and words and not KINDS[question.kind].is_marked:
            asked = " ".join(to_text(played.posed(stop, question).prompt, _ANY_WIDTH, played.term))
            place = _place(played.moment(stop))
            found.append(DemoStop(place, Level.QUANTITY, note=_short(words), question=_short(asked)))
    return tuple(found)


def _place(moment: Moment) -> Place:
    """Where one stands once the stop's question is answered."""
    if moment.quantity is not None:
        return Place(moment.known_at, moment.quantity.index + 1, moment.iteration)
    known = quantities(moment.trace, moment.iteration) if moment.iteration >= 0 else []
    return Place(moment.known_at, sum(one.known_at <= moment.known_at for one in known), moment.iteration)


def _short(text: str) -> str:
    """As much as a demo's file takes."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
