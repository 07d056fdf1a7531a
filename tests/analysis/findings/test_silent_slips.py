"""Silent mistakes are found, with the line and the events that prove them; each rule has a program that it sees."""

from __future__ import annotations

import re

import pytest

from engine.analysis.findings.finding import Sure
from engine.analysis.findings.rule import RULES
from engine.bilingual import NOTHING
from engine.wire.changes import Change, change_of
from tests.helpers.chinese import english_left, has_chinese
from tests.helpers.diagnosed import diagnosis
from tests.helpers.slips import learner_slips, right, wrong

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]\d+)?")
VISIBLE = [slip for slip in learner_slips() if "rule" in slip]
UNSEEN = [slip for slip in learner_slips() if "unseen" in slip]


@pytest.mark.parametrize("slip", VISIBLE, ids=lambda slip: slip["id"])
def test_a_learners_slip_is_found_and_nothing_else(slip: dict[str, str]) -> None:
    assert [finding.rule for finding in diagnosis(slip["source"], head="").findings] == [slip["rule"]]


@pytest.mark.parametrize("slip", UNSEEN, ids=lambda slip: slip["id"])
def test_what_a_trace_cannot_show_is_no_alarm(slip: dict[str, str]) -> None:
    assert slip["unseen"]
    assert diagnosis(slip["source"], head="").findings == ()


@pytest.mark.parametrize("name", wrong())
def test_a_wrong_program_is_found_and_nothing_else(name: str) -> None:
    rule, source = wrong()[name]
    assert [finding.rule for finding in diagnosis(source).findings] == [rule]


@pytest.mark.parametrize("name", right())
def test_a_correct_program_is_no_alarm(name: str) -> None:
    assert diagnosis(right()[name]).findings == ()


def test_every_rule_has_a_program_that_it_sees() -> None:
    seen = {slip["rule"] for slip in VISIBLE} | {rule for rule, _ in wrong().values()}
    assert set(RULES) - seen == set()


def test_each_finding_has_a_place_and_a_proof() -> None:
    for rule, source in wrong().values():
        for finding in diagnosis(source).findings:
            assert finding.file == "script.py", rule
            assert finding.source, rule
            assert finding.seen.positions, rule
            assert any(digit.isdigit() for digit in finding.seen.sentence.english), rule


@pytest.mark.parametrize("name", wrong())
def test_what_was_seen_is_said_in_chinese_with_the_same_numbers(name: str) -> None:
    for finding in diagnosis(wrong()[name][1]).findings:
        for text in (finding.seen.sentence, finding.seen.what_if):
            assert bool(text.english) == bool(text.chinese)
            assert not has_chinese(text.english)
            assert text == NOTHING or has_chinese(text.chinese)
            assert english_left(text.chinese) == []
            assert "  " not in text.english + text.chinese
            assert sorted(NUMBER.findall(text.english)) == sorted(NUMBER.findall(text.chinese))


def test_runs_to_try_can_be_run_as_they_are_written() -> None:
    tried = {}
    for rule, source in wrong().values():
        for finding in diagnosis(source).findings:
            if finding.seen.change:
                assert finding.seen.what_if, rule
                tried[finding.rule] = change_of(finding.seen.change)
    assert tried["zero-learning-rate"] == Change("lr", "0.01")
    assert tried["dead-relu"] == Change("relu", "leaky_relu")
    assert {"learning-rate-too-high", "vanishing-gradient"} <= set(tried)


LOOP = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for _ in range(3):
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""


def test_the_proof_of_a_missing_zero_grad_is_two_updates_and_the_backward_between() -> None:
    (finding,) = diagnosis(LOOP).findings
    assert finding.seen.sure == Sure.CERTAIN
    assert finding.source == "loss.backward()"
    assert finding.iteration == 1
    added, first, second = finding.seen.positions
    assert first < added < second


def test_softmax_before_cross_entropy_names_both_lines() -> None:
    source = """
x, t = torch.randn(4, 3), torch.tensor([0, 1, 2, 0])
net = nn.Linear(3, 3)
p = torch.softmax(net(x), dim=1)
q = p.view(4, 3)
loss = F.cross_entropy(q, t)
loss.backward()
"""
    (finding,) = diagnosis(source).findings
    assert finding.source == "loss = F.cross_entropy(q, t)"
    assert "the probabilities of softmax from line 10" in finding.seen.sentence.english
    assert finding.line == 12


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ("torch.log(w)", "the smallest input is 0, and log of 0 is -inf"),
        ("w / (2 * w)", "0 is divided by 0"),
        ("2.0 / w", "something is divided by 0"),
        ("torch.exp(100 + w)", "the largest input is 101, too large for float32"),
        ("torch.sqrt(w)", "the derivative of sqrt at line 9, with an input that is 0, has no finite value"),
    ],
)
def test_the_first_nan_or_infinity_is_named_with_its_reason(op: str, said: str) -> None:
    source = f"""
w = torch.tensor([0.0, 1.0], requires_grad=True)
y = {op}
loss = (y * 2).sum()
loss.backward()
"""
    (finding,) = diagnosis(source).findings
    assert finding.rule == "not-finite"
    assert finding.line == (11 if "derivative" in said else 9)
    assert said in finding.seen.sentence.english


def test_an_infinity_that_goes_nowhere_is_only_maybe() -> None:
    source = LOOP.replace("    loss =", "    optimizer.zero_grad()\n    loss =") + "print(torch.log(torch.zeros(2)))\n"
    (finding,) = diagnosis(source).findings
    assert (finding.rule, finding.seen.sure) == ("not-finite", Sure.MAYBE)


def test_a_broadcast_loss_counts_its_differences() -> None:
    (finding,) = diagnosis("loss = ((torch.ones(5, 1) - torch.arange(5.0)) ** 2).mean()\n").findings
    assert "takes [5, 1] and [5]: 25 differences are averaged where 5 are meant" in finding.seen.sentence.english


def test_what_one_mistake_explains_is_not_said_twice() -> None:
    source = LOOP.replace("lr=0.05", "lr=0.9").replace("range(3)", "range(30)")
    assert [finding.rule for finding in diagnosis(source).findings] == ["missing-zero-grad"]
