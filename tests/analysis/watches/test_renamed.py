"""Expressions whose names are replaced by others."""

import pytest

from engine.analysis.watches.parsing import parse
from engine.analysis.watches.scanning import renamed

NAMES = {"w1": "hidden.weight", "b1": "my net.0.bias", "w2": "w1"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("w1", "hidden.weight"),
        (" w1[0, 2] ", " hidden.weight[0, 2] "),
        ("w1.abs().max()", "hidden.weight.abs().max()"),
        ("w1 * 2 + b1", "hidden.weight * 2 + `my net.0.bias`"),
        ("w2 - w1", "w1 - hidden.weight"),
        ("dC/dw1 + new w1 + w12", "dC/dw1 + new w1 + w12"),
        ("net.w1 + `w1`", "net.w1 + `w1`"),
        ("1.5e-3", "1.5e-3"),
    ],
)
def test_only_whole_names_are_replaced(text: str, wanted: str) -> None:
    assert renamed(text, NAMES) == wanted
    parse(wanted)


def test_what_cannot_be_read_stays_for_the_parser_to_refuse() -> None:
    assert renamed("w1 ; w1", NAMES) == "hidden.weight ; w1"
