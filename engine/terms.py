"""The terms of the field, defined once: labels, tooltips, the glossary and lessons read them here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Term:
    """One concept. key: its name in code ("grad_z"). symbol: as the window writes it ("∂C/∂z"), "" if it has none.

    names, sentences: by language ("en"): what it is called, and one sentence of what it means. formula: as one line of
    text, the same in every language, "" if it has none.
    """

    key: str
    symbol: str
    names: Mapping[str, str]
    sentences: Mapping[str, str]
    formula: str = ""

    def name(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What it is called; in English where the language has no word for it yet."""
        return self.names.get(language, self.names[DEFAULT_LANGUAGE])

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What it means; in English where the language has no sentence for it yet."""
        return self.sentences.get(language, self.sentences[DEFAULT_LANGUAGE])


def _term(key: str, symbol: str, name: str, sentence: str, formula: str = "") -> Term:
    return Term(key, symbol, {DEFAULT_LANGUAGE: name}, {DEFAULT_LANGUAGE: sentence}, formula)


_ROWS = (
    _term("x", "x", "input", "The data that goes into the network."),
    _term("W", "w", "weights", "The numbers that a layer multiplies its input by; training changes them."),
    _term("b", "b", "bias", "The number that a unit adds to its weighted sum; training changes it."),
    _term("t", "t", "target", "What the network should have answered."),
    _term("z", "z⁽ˡ⁾", "weighted input", "What layer l makes of its input before the activation.", "z = w·x + b"),
    _term("a", "a⁽ˡ⁾", "activation", "The output of layer l: a function of its weighted input.", "a = f(z)"),
    _term("loss", "C", "loss", "One number for how wrong the network's answer is; also called cost.", "C = C(a, t)"),
    _term(
        "grad_z", "∂C/∂z", "gradient of z", "How much C changes if z changes a little.", "∂C/∂z = ∂C/∂a·f′(z)"
    ),
    _term(
        "grad_a", "∂C/∂a", "gradient of a", "How much C changes if a changes a little.", "∂C/∂a⁽ˡ⁾ = wᵀ·∂C/∂z⁽ˡ⁺¹⁾"
    ),
    _term(
        "grad_W", "∂C/∂w", "gradient of w", "How much C changes if a weight changes a little.", "∂C/∂w = ∂C/∂z·xᵀ"
    ),
    _term("grad_b", "∂C/∂b", "gradient of b", "How much C changes if a bias changes a little.", "∂C/∂b = ∂C/∂z"),
    _term(
        "slope", "f′(z)", "local derivative",
        "How much an activation changes if its input changes a little; σ′ for the sigmoid.", "σ′(z) = a·(1 - a)",
    ),
    _term("lr", "η", "learning rate", "How far an update goes along the gradient."),
    _term("event", "", "step", "One recorded happening: an op, an autograd node, an update."),
    _term("position", "", "position", "A place in the trace: the number of events that are completed."),
    _term("iteration", "", "iteration", "One pass of the training loop: forward, backward, update."),
    _term(
        "update", "", "update", "A change of a parameter, by an optimizer or by the script itself.", "w ← w - η·∂C/∂w"
    ),
    _term("phase", "", "phase", "A part of an iteration: forward, backward or update."),
    _term("quantity", "", "quantity", "A value that has a name in the textbook: z, a, C, a gradient, a new weight."),
    _term("twin", "", "twin", "A forward op and the autograd nodes that it made belong together."),
    _term("run", "", "run", "One execution of a script."),
    _term("trace", "", "trace", "What is stored of a run."),
    _term("script", "", "script", "The learner's own program."),
    _term("child", "", "script's process", "The process in which the script runs."),
    _term("value", "", "value", "What a tensor held at one moment."),
)  # fmt: skip

TERMS: Mapping[str, Term] = {term.key: term for term in _ROWS}
"""All terms by key, in the order of the glossary."""


def term(key: str) -> Term:
    """The term with this key. Raises KeyError for an unknown one."""
    return TERMS[key]
