"""Precision and recall of the findings, over programs with and without a mistake.

Run: python benchmarks/findings.py

Wrong programs have one mistake each, and its rule's name. A finding counts as right if it names that one. Programs that
the rules' thresholds were chosen with are among them, so the figures say what is covered rather than what to expect.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.analysis.findings.finding import Sure
from tests.helpers.diagnosed import HEAD, diagnosis
from tests.helpers.slips import learner_slips, right, wrong
from tests.helpers.zoo import zoo


@dataclass(slots=True)
class Score:
    """Of one group of programs: mistakes there are, mistakes found, findings in all, those of them that are right."""

    mistakes: int = 0
    found: int = 0
    findings: int = 0
    certain: int = 0
    true: int = 0
    certain_and_true: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, name: str, source: str, head: str, rule: str | None) -> None:
        """Diagnoses one program. rule: what it should find, None for nothing."""
        findings = diagnosis(source, head).findings
        self.mistakes += rule is not None
        self.found += any(finding.rule == rule for finding in findings)
        if rule is not None and all(finding.rule != rule for finding in findings):
            self.missed.append(f"{name}: {rule}")
        for finding in findings:
            is_certain = finding.seen.sure == Sure.CERTAIN
            self.findings += 1
            self.certain += is_certain
            self.true += finding.rule == rule
            self.certain_and_true += is_certain and finding.rule == rule
            if finding.rule != rule:
                self.false.append(f"{name}: {finding.rule}")

    def line(self, title: str) -> str:
        """One row of the table."""
        recall = f"{self.found}/{self.mistakes}"
        precision = f"{self.true}/{self.findings}"
        return f"{title:<34}{recall:>10}{precision:>12}{self.certain_and_true:>9}/{self.certain}"


def main() -> None:
    """Prints the table, and what was missed or wrong."""
    learners, others, correct = Score(), Score(), Score()
    for slip in learner_slips():
        learners.add(slip["id"], slip["source"], "", slip.get("rule"))
    for name, (rule, source) in wrong().items():
        others.add(name, source, HEAD, rule)
    for name, source in right().items():
        correct.add(name, source, HEAD, None)
    for name, source in zoo().items():
        correct.add(f"zoo: {name}", source, "", None)
    print(f"{'programs':<34}{'recall':>10}{'precision':>12}{'certain':>10}")
    groups = {"learners' silent slips": learners, "other mistakes": others, "correct programs": correct}
    for title, score in groups.items():
        print(score.line(title))
    for score in groups.values():
        print("\n".join([*(f"missed {text}" for text in score.missed), *(f"false {text}" for text in score.false)]))


if __name__ == "__main__":
    main()
