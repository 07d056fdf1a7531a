"""The table of findings keeps its promises: unique names, texts in both languages, references that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.analysis.findings import run
from engine.analysis.findings.doctor import diagnose
from engine.analysis.findings.rule import RULES, Rule, rule
from tests.helpers.diagnosed import HEAD, trace_of
from tests.helpers.slips import wrong

PILING = wrong()["zero_grad forgotten"][1]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("row", RULES.values(), ids=lambda row: row.name)
def test_each_text_is_there_in_both_languages(row: Rule) -> None:
    for text in (row.title, row.why, row.attempt):
        assert text.english
        assert not CHINESE.search(text.english)
        assert CHINESE.search(text.chinese)
    assert row.look.__doc__
    assert not row.title.english.endswith(".")
    assert row.why.english.endswith(".")


def test_explanations_refer_to_rules_that_exist() -> None:
    assert [name for row in RULES.values() for name in row.explained_by if name not in RULES or name == row.name] == []


def test_a_second_row_of_a_name_is_refused() -> None:
    add = rule("dead-relu", title=("a", "a"), why=("a", "a"), attempt=("a", "a"))
    with pytest.raises(ValueError, match="has a row already"):
        add(lambda _: [])


def test_of_a_long_trace_the_ends_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "script.py"
    script.write_text(HEAD + PILING.replace("range(4)", "range(12)"), encoding="utf-8")
    with trace_of(script) as trace:
        per_iteration = trace.iterations()[5].end - trace.iterations()[5].begin
        monkeypatch.setattr(run, "MOST_EVENTS", 6 * per_iteration)
        found = diagnose(trace)
        middle = diagnose(trace, 6)
    assert found.total == 13
    assert {0, 11} < set(found.iterations)
    assert 6 not in found.iterations
    assert 6 in middle.iterations
    assert [finding.rule for finding in found.findings] == ["missing-zero-grad"]


def test_one_iteration_keeps_what_has_an_event_there(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n" + PILING, encoding="utf-8"
    )
    with trace_of(script) as trace:
        assert [finding.rule for finding in diagnose(trace, 1).findings] == ["missing-zero-grad"]
        assert diagnose(trace, 3).findings == ()
