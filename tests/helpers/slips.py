"""Programs with one mistake each and the rule that shall see it, and correct ones; all follow `diagnosed.HEAD`."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

from tests.helpers.correct_programs import CORRECT
from tests.helpers.slips_of_losses import LOSSES
from tests.helpers.slips_of_numbers import NUMBERS
from tests.helpers.slips_of_updates import UPDATES

_GOLDEN = Path(__file__).resolve().parents[1] / "goldens" / "learner_slips.json"


def wrong() -> dict[str, tuple[str, str]]:
    """Name -> (rule that shall see it, source)."""
    return {name: (rule, dedent(source)) for name, (rule, source) in (UPDATES | LOSSES | NUMBERS).items()}


def right() -> dict[str, str]:
    """Correct programs by name."""
    return {name: dedent(source) for name, source in CORRECT.items()}


def learner_slips() -> list[dict[str, str]]:
    """id, belief, source, and either the rule that shall see it or why a trace cannot show it ("unseen")."""
    return list(json.loads(_GOLDEN.read_text(encoding="utf-8"))["slips"])
