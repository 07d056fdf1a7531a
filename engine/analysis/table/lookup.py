"""Finds rows by any name that a learner may know an op by: function, method, module, autograd node, optimizer."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .operation import OPERATIONS
from .rule import RULES
from .words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it is shown: names with their arguments ("relu(input, inplace=False)"), what else it is called, words.

    order: its arguments in the textbook's order of gradients.
    """

    forms: tuple[str, ...]
    modules: tuple[str, ...]
    nodes: tuple[str, ...]
    order: tuple[str, ...]
    words: Words


def entries() -> list[Entry]:
    """All rows of both tables, each once, in the order of their first names."""
    found: dict[int, tuple[list[str], Entry]] = {}
    for row, form in OPERATIONS.values():
        forms = found.setdefault(id(row), ([], Entry((), row.modules, row.nodes, row.order, row.words)))[0]
        forms.append(form.text)
    made = [replace(entry, forms=tuple(forms)) for forms, entry in found.values()]
    rules: dict[int, tuple[list[str], Words]] = {}
    for name, rule in RULES.items():
        rules.setdefault(id(rule), ([], rule.words))[0].append(name)
    made += [Entry(tuple(names), (), (), (), words) for names, words in rules.values()]
    return sorted(made, key=lambda entry: entry.forms[0].lower())


def named(name: str) -> list[Entry]:
    """The rows that answer to a name: "relu_", "F.relu", "nn.ReLU", "ReluBackward0", "torch.Tensor.add", "SGD"."""
    last = name.rpartition(".")[2]
    wanted = {last, last.rstrip("_"), last.rstrip("0123456789")}
    return [entry for entry in entries() if wanted & set(_names(entry))]


def near(name: str) -> list[str]:
    """Names like one that no row answers to, best first."""
    known = sorted({known for entry in entries() for known in _names(entry)})
    return difflib.get_close_matches(name.rpartition(".")[2], known, n=4, cutoff=0.6)


def _names(entry: Entry) -> Iterator[str]:
    yield from (form.partition("(")[0] for form in entry.forms)
    yield from entry.modules
    yield from entry.nodes
