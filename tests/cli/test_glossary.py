"""`gradstep glossary` prints a card under any name it has, in both languages."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("name", ["lr", "learning rate", "学习率", "η", "Learning Rate"])
def test_all_names_lead_to_the_same_card(run: Run, name: str) -> None:
    printed = run("glossary", name)
    assert printed.code == 0
    assert printed.lines[0].startswith("learning rate")
    assert "w ← w - η·∂C/∂w" in printed.out
    assert "A bigger step learns faster." in printed.out, "what is often believed"


def test_a_layer_has_formula_derivative_shapes_and_names(run: Run) -> None:
    printed = run("glossary", "nn.Linear").out
    for part in ("Formula", "Local derivative", "x [N, in] → y [N, out]; w [out, in], b [out]", "AddmmBackward"):
        assert part in printed


def test_in_chinese(run: Run) -> None:
    printed = run("glossary", "leaf", "--language", "zh").out
    assert printed.startswith("叶子节点")
    assert "另见: " in printed
    assert "See also" not in printed


def test_the_list_has_every_group(run: Run) -> None:
    printed = run("glossary").out
    for title in ("Autograd", "Losses", "Layers for sequences"):
        assert f"\n{title}\n" in printed
    assert "自动微分" in run("glossary", "--language", "zh").out


def test_an_operation_without_a_card_has_the_words_of_the_table(run: Run) -> None:
    assert "op.einsum" in run("glossary", "einsum").lines[0]


def test_an_unknown_word_has_a_way_on(run: Run) -> None:
    printed = run("glossary", "softmx")
    assert printed.code == 2
    assert "softmax" in printed.err
