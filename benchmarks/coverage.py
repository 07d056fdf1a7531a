"""How much is explained and checked: over all examples, the model zoo, and torch's own operation database.

Run: python benchmarks/coverage.py [examples] [zoo] [op_db]    (all three by default; op_db takes some minutes)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.trace.reader import Trace
from tests.helpers.coverage import Counts, Coverage, example_traces, op_traces, source_traces
from tests.helpers.zoo import zoo

SAMPLES = 3
SHOWN = 40


def main() -> None:
    """Prints a table for each set, then what was not checked."""
    wanted = sys.argv[1:] or ["examples", "zoo", "op_db"]
    sets = {"examples": example_traces, "zoo": lambda: source_traces(zoo()), "op_db": lambda: op_traces(SAMPLES)}
    print(f"{'':22}{'events':>8}{'row':>8}{'formula':>9}{'neither':>9}{'checked':>9}{'differ':>8}")
    for name in wanted:
        coverage = measure(sets[name]())
        for what in ("ops", "gradients", "updates"):
            print(line(f"{name} {what}", getattr(coverage, what)))
        for what in ("ops", "gradients", "updates"):
            report(getattr(coverage, what))


def measure(traces: Iterator[tuple[str, Trace]]) -> Coverage:
    """The coverage of all traces together."""
    coverage = Coverage()
    for _, trace in traces:
        coverage.add(trace)
    return coverage


def line(title: str, counts: Counts) -> str:
    """Shares of all events; checked: of those that compute something."""
    total = max(counts.events, 1)
    shares = (counts.rows, counts.formulas, counts.events - counts.rows - counts.formulas)
    cells = "".join(f"{share / total:>{width}.1%}" for share, width in zip(shares, (8, 9, 9), strict=True))
    return f"{title:22}{counts.events:>8}{cells}{counts.share_checked:>9.1%}{len(counts.differing):>8}"


def report(counts: Counts) -> None:
    """Why events were not checked, the most frequent first; and every difference."""
    for (name, reason), times in counts.reasons.most_common(SHOWN):
        print(f"    {times:>5} x {name}: {reason}")
    for difference in counts.differing[:SHOWN]:
        print(f"    DIFFERS {difference}")


if __name__ == "__main__":
    main()
