"""Marks an answer: right, or wrong and, where it is a slip that is known by name, which one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .languages import Words

ZERO_TOLERANCE = 1e-9
_PLAIN = str.maketrans("−–，．＋－×（）０１２３４５６７８９", "--,.+-x()0123456789")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")
_POWER = re.compile(r"\s*[x*]\s*10\s*(?:\^|\*\*)?\s*\(?([-+]?\d+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)\)?$")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_FEWEST_FIGURES = 2
_LEAST_ROUNDED = 0.005
"""Where the tolerance is smaller, small differences are what the question is about."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from. key: as it stands in a file. words: None where the key says it all."""

    key: str
    words: Words | None = None

    def say(self, language: str) -> str:
        """What to show."""
        return self.key if self.words is None else self.words.say(language)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right. answer: a number, the key of an option, or a shape. text: as it is shown.

    symbol: the quantity that is asked for, "" for others. options: to choose from. slips: (name, wrong answer).
    """

    answer: float | str | tuple[int, ...] | None
    text: str
    symbol: str = ""
    options: tuple[Option, ...] = ()
    slips: tuple[tuple[str, float | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """right: None for an answer in the learner's own words, which nobody marks. slip: its name, "" if none is known.

    given: the answer as it was understood, "" where it was not understood.
    """

    right: bool | None
    slip: str = ""
    given: str = ""


def number_in(text: str) -> float | None:
    """The number of an answer ("-0,014", "−1.4×10⁻²", "3/4"), None where there is none."""
    plain = text.translate(_PLAIN).strip().lower()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    power = _POWER.search(plain)
    exponent = 0
    if power is not None:
        exponent = int(power[1].translate(_SUPERSCRIPTS))
        plain = plain[: power.start()]
    above, slash, below = plain.partition("/")
    parts = [part.strip() for part in ((above, below) if slash else (above,))]
    if abs(exponent) > 300 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [float(part) for part in parts]
    if slash and numbers[1] == 0:
        return None
    return (numbers[0] / numbers[1] if slash else numbers[0]) * 10.0**exponent


def shape_in(text: str) -> tuple[int, ...] | None:
    """The shape of an answer: "(3, 4)", "[3,4]", "3x4", "3×4"; "()" is a single number's."""
    plain = text.translate(_PLAIN).strip().lower().removeprefix("torch.size")
    inner = plain.strip("()[] ")
    if not inner:
        return () if plain else None
    parts = [part for part in re.split(r"[\s,x*]+", inner) if part]
    return tuple(int(part) for part in parts) if all(part.isascii() and part.isdigit() for part in parts) else None


def agrees(given: float, truth: float, tolerance: float, text: str = "") -> bool:
    """Whether a number is right: within the tolerance, or rightly rounded to the figures that were written."""
    off = abs(given - truth)
    if off <= max(tolerance * abs(truth), ZERO_TOLERANCE if truth == 0 else 0.0):
        return True
    if tolerance < _LEAST_ROUNDED:
        return False
    mantissa, _, power = text.translate(_PLAIN).strip().lower().lstrip("+-").replace(",", ".").partition("e")
    if "/" in text or _POWER.search(text.lower()) or not _NUMBER.fullmatch(f"{mantissa}e{power or 0}"):
        return False
    figures = mantissa.replace(".", "").lstrip("0")
    decimals = len(mantissa.partition(".")[2]) - int(power or 0)
    return len(figures) >= _FEWEST_FIGURES and "." in mantissa and off <= 0.5 * 10.0**-decimals * (1 + 1e-9)


def chosen_option(text: str, options: tuple[Option, ...]) -> Option | None:
    """The option that an answer means: its key, its words in any language, or its place from 1."""
    plain = text.strip().lower()
    for option in options:
        names = {option.key.lower()}
        if option.words is not None:
            names |= {option.words.english.lower(), option.words.chinese.lower()}
        if plain in names or plain.translate(_PLAIN) in names:
            return option
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= len(options):
        return options[int(plain) - 1]
    return None
