"""No alarm on the examples, on the scripts of the feature tests, and on the model zoo."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.events import Kind
from tests.helpers.diagnosed import ROOT, diagnosis, diagnosis_of_script, trace_of
from tests.helpers.zoo import zoo

EXAMPLES = ROOT / "resources" / "examples"
SCRIPTS = sorted((ROOT / "tests" / "features" / "scripts").glob("*.py"))

RUNS = [
    ("hello", ("--iterations", "20")),
    ("autograd", ()),
    ("four_three_one", ("--passes", "40")),
    ("linear_regression", ("--epochs", "40")),
    ("scratch_minibatch", ("--epochs", "1")),
    ("two_layer", ("--epochs", "40")),
    ("two_layer", ("--epochs", "40", "--mixed")),
    ("two_layer", ("--epochs", "40", "--quartic")),
    ("digits", ("--epochs", "1", "--drawn")),
    *(("lenet", ("--optimizer", name)) for name in ("sgd", "momentum", "nesterov", "adam", "rmsprop")),
]


@pytest.mark.parametrize(("name", "argv"), RUNS, ids=lambda part: part if isinstance(part, str) else " ".join(part))
def test_examples(name: str, argv: tuple[str, ...]) -> None:
    assert diagnosis_of_script(EXAMPLES / f"{name}.py", *argv).findings == ()


def test_the_two_wrong_variants_are_found() -> None:
    piling = diagnosis_of_script(EXAMPLES / "linear_regression.py", "--epochs", "40", "--no-zero-grad")
    assert [finding.rule for finding in piling.findings] == ["missing-zero-grad"]
    unused = diagnosis_of_script(EXAMPLES / "four_three_one.py", "--passes", "40", "--buggy")
    assert [finding.rule for finding in unused.findings] == ["updated-but-unread"]
    assert "bout" in unused.findings[0].seen.sentence.english


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_of_the_features(script: Path) -> None:
    assert diagnosis_of_script(script).findings == ()


@pytest.mark.parametrize("name", [name for name in zoo() if name != "nerf"])
def test_the_zoo(name: str) -> None:
    assert diagnosis(zoo()[name], head="").findings == ()


def test_the_zoos_nerf_really_has_a_dead_layer(tmp_path: Path) -> None:
    (finding,) = diagnosis(zoo()["nerf"], head="").findings
    assert finding.rule == "dead-relu"
    script = tmp_path / "nerf.py"
    script.write_text(zoo()["nerf"], encoding="utf-8")
    with trace_of(script) as trace:
        boxes = [e.outputs[0].value for e in trace.events() if e.kind == Kind.NODE and e.name == "AccumulateGrad"]
        assert boxes
        assert all(value is not None and not trace.array(value).any() for value in boxes)
