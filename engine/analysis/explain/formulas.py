"""PyTorch's own derivative formulas, for ops without a row: read as text from the table that torch is built from.

Source: `torchgen/packaged/autograd/derivatives.yaml`, which lies beside torch in every installation. It is found
without importing torch and read as plain data. Where torch is not installed there are no formulas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_HEAD = re.compile(r"(?P<name>\w+)(?:\.\w+)?\((?P<arguments>.*)\) *-> *(?P<results>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Formula:
    """What PyTorch writes of one op: its signature, and for each argument the gradient as a C++ expression.

    node: name of the autograd node ("AtanBackward0"). signature: "atan(Tensor self) -> Tensor". gradients: argument (or
    several, "self, other") -> expression, in which `grad` is dC/d(result). arguments: names in the signature's order;
    tensors: those of them that are one tensor. results: what expressions call the op's results.
    """

    node: str
    signature: str
    gradients: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...]
    tensors: tuple[str, ...]
    results: tuple[str, ...]


def formula_of(node: str) -> Formula | None:
    """The formula of an autograd node by its name ("AtanBackward0"), None where there is none or torch is missing."""
    return _formulas().get(node)


@cache
def _formulas() -> Mapping[str, Formula]:
    path = _path()
    if path is None:
        return {}
    import yaml  # hardly any run has an op without a row, and all would wait for it

    try:
        safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=safe)
        return {formula.node: formula for formula in _read(entries)}
    except (OSError, yaml.YAMLError, ValueError, AttributeError, TypeError):
        # Another torch may write its table in another form; then there are no formulas.
        return {}


def _path() -> Path | None:
    spec = find_spec("torchgen")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name("packaged") / "autograd" / "derivatives.yaml"
    return path if path.is_file() else None


def _read(entries: list[dict[str, Any]]) -> Iterator[Formula]:
    """Entries in the file's order: nodes of one name are numbered as they come (torchgen's `load_derivatives`)."""
    count: Counter[str] = Counter()
    for entry in entries:
        head = _HEAD.fullmatch(entry["name"])
        if head is None:
            continue
        cases = entry.get("dispatch", {"Default": entry})
        given = [part.split("=")[0].split() for part in _parts(head["arguments"])]
        arguments = tuple(part[-1] for part in given)
        tensors = tuple(part[-1] for part in given if re.fullmatch(r"Tensor(\(\w+!?\))?\??", part[0]))
        results = _results(head["results"])
        for key, case in cases.items():
            gradients = tuple(
                (names, str(text))
                for names, text in case.items()
                if set(re.split(r", *", str(names))) <= set(arguments) and text != "non_differentiable"
            )
            if not gradients:
                continue
            prefix = _prefix(head["name"]) + ("" if key == "Default" else key)
            node = f"{prefix}{count[prefix]}"
            count[prefix] += 1
            yield Formula(node, entry["name"], gradients, arguments, tensors, results)


def _results(written: str) -> tuple[str, ...]:
    """ "(Tensor, Tensor)" -> result0, result1; named ones keep their names; one alone is `result`."""
    parts = _parts(written.strip().removeprefix("(").removesuffix(")")) if written.startswith("(") else [written]
    if len(parts) == 1:
        return ("result",)
    named = [part.split() for part in parts]
    return tuple(part[1] if len(part) > 1 else f"result{place}" for place, part in enumerate(named))


def _parts(arguments: str) -> list[str]:
    """The arguments of a signature; commas inside parentheses and brackets part nothing."""
    found, depth = [""], 0
    for character in arguments:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [part for part in found if part.strip(" *")]


def _prefix(name: str) -> str:
    camel = "".join(part.title() for part in name.split("_"))
    return f"{camel}Backward".replace("ForwardBackward", "Backward")
