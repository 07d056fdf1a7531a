"""A lesson with its recorded runs: every stop's place, every question's truth, every answer's mark."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..glossary.mentions import with_mentions
from ..glossary.shelf import CARDS, spoken
from ..trace.reader import Trace
from .expressions import parse_expression
from .kinds import KINDS, SHAPE_SLIPS
from .languages import CHINESE, Words
from .lesson import Lesson, Question, Stop
from .marks import Mark, Truth
from .moments import Moment, moment_of, placeholders
from .slips import SLIPS


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with its words filled in. options: (key, words) to choose from. how: how to answer."""

    question: Question
    prompt: str
    options: tuple[tuple[str, str], ...]
    how: str


class PlayedLesson:
    """What a face needs to show a lesson: it holds no place, and asks nobody. traces: by the ids of the runs."""

    def __init__(self, lesson: Lesson, traces: Mapping[str, Trace], language: str) -> None:
        self.lesson = lesson
        self.language = language
        self.text = lesson.text(language)
        self.traces = traces
        self._moments: dict[str, Moment] = {}
        self._truths: dict[str, Truth] = {}

    def moment(self, stop: Stop) -> Moment:
        """Where a stop is. Raises GradstepError where the run has no such place."""
        if stop.id not in self._moments:
            self._moments[stop.id] = replace(moment_of(self.traces[stop.run], stop.where), runs=self.traces)
        return self._moments[stop.id]

    def needs(self, stop: Stop) -> frozenset[str]:
        """Ids of the runs that must be there to show a stop: its own, and those that its texts and questions quote."""
        texts = [self.text.stops[stop.id].text]
        for question in stop.questions:
            asked = self.text.questions[question.id]
            texts += [asked.prompt, asked.why, *asked.options]
            texts += [f"{{{{ {text} }}}}" for text in (question.answer, question.than, question.proof) if text]
            texts += [f"{{{{ {slip.value} }}}}" for slip in question.slips if question.kind == "number"]
        written = [parse_expression(one) for text in texts for one in placeholders(text)]
        return frozenset({stop.run, *(one.run for one in written if one.run)})

    def heading(self, stop: Stop) -> str:
        """A stop's heading."""
        return self.text.stops[stop.id].title

    def words(self, stop: Stop) -> str:
        """A stop's text with the numbers that are known before it happens, and its words of the glossary marked."""
        return self._marked(self.moment(stop).filled(self.text.stops[stop.id].text, self.language, revealed=False))

    def truth(self, stop: Stop, question: Question) -> Truth:
        """What is right. Raises GradstepError where the run does not tell."""
        if question.id not in self._truths:
            count = len(self.text.questions[question.id].options)
            self._truths[question.id] = KINDS[question.kind].truth(question, self.moment(stop), count)
        return self._truths[question.id]

    def posed(self, stop: Stop, question: Question) -> Posed:
        """The question as it is asked, with its words of the glossary marked."""
        asked = self.text.questions[question.id]
        kind, truth, moment = KINDS[question.kind], self.truth(stop, question), self.moment(stop)
        if question.kind == "choose":
            words = [moment.filled(option, self.language, revealed=False) for option in asked.options]
        else:
            words = [option.say(self.language) for option in truth.options]
        keys = [option.key for option in truth.options]
        prompt = self._marked(moment.filled(asked.prompt, self.language, revealed=False))
        return Posed(question, prompt, tuple(zip(keys, words, strict=True)), kind.how.say(self.language))

    def mark(self, stop: Stop, question: Question, answer: str) -> Mark:
        """The mark of an answer."""
        return KINDS[question.kind].mark(question, self.truth(stop, question), answer)

    def right_answer(self, stop: Stop, question: Question) -> str:
        """What would have been right, in words; the number with what it comes from."""
        truth = self.truth(stop, question)
        option = next((one for one in truth.options if one.key == truth.answer), None)
        if option is None:
            return truth.text
        if question.kind == "choose":
            words = self.text.questions[question.id].options[int(option.key) - 1]
            return f"{option.key}. {self.moment(stop).filled(words, self.language, revealed=True)}"
        said = option.say(self.language)
        return said if said == truth.text else f"{said} ({truth.text})"

    def why(self, stop: Stop, question: Question) -> str:
        """What is said once the answer is there."""
        why = self.text.questions[question.id].why
        return self._marked(self.moment(stop).filled(why, self.language, revealed=True))

    def slip(self, stop: Stop, name: str) -> str:
        """What is said to a wrong answer that is known by name."""
        own = self.text.slips.get(name)
        if own is not None:
            return self.moment(stop).filled(own.text, self.language, revealed=True)
        words: Words | None = SLIPS.get(name) or SHAPE_SLIPS.get(name)
        return "" if words is None else words.say(self.language)

    def term(self, key: str, words: str = "") -> str:
        """A word of the glossary as a text has it: the given words, else its name."""
        return spoken(key, words, self._is_chinese)

    def meaning(self, key: str) -> str:
        """What a word of the glossary means, in one sentence."""
        found = CARDS.get(key)
        return "" if found is None else found.sentence.in_language(self._is_chinese)

    def term_html(self, key: str, words: str = "") -> str:
        """The same for a page, with what it means to be read when the mouse rests on it."""
        return f'<dfn title="{html.escape(self.meaning(key))}">{self._written(key, words)}</dfn>'

    def term_link(self, key: str, words: str = "") -> str:
        """The same for a window, where it leads to the card: a link to "term:KEY"."""
        title = html.escape(self.meaning(key))
        return f'<a href="term:{html.escape(key)}" title="{title}">{self._written(key, words)}</a>'

    @property
    def _is_chinese(self) -> bool:
        return self.language == CHINESE

    def _written(self, key: str, words: str) -> str:
        """Its words on a page; what is code stays code."""
        said = html.escape(self.term(key, words))
        return f"<code>{said}</code>" if words.startswith("`") else said

    def _marked(self, text: str) -> str:
        return with_mentions(text, self._is_chinese)
