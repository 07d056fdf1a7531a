"""`gradstep doctor`: findings with place and advice, exit code 1 for a certain one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.trace.reader import Trace
from tests.helpers.chinese import english_left
from tests.helpers.diagnosed import HEAD, ROOT, trace_of

EXAMPLES = ROOT / "resources" / "examples"


@pytest.fixture(scope="module")
def piling_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of the example that forgets to clear its gradients."""
    return kept(tmp_path_factory.mktemp("traces"), EXAMPLES / "linear_regression.py", "--epochs", "4", "--no-zero-grad")


def kept(folder: Path, script: Path, *argv: str) -> Path:
    """A script's trace as a file that stays."""
    with trace_of(script, *argv) as trace:
        path = folder / f"{script.stem}.gradstep"
        path.write_bytes(trace.path.read_bytes())
        return path


def test_a_healthy_run_is_0(run, hello_path: Path) -> None:
    printed = run("doctor", hello_path)
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.strip().endswith(": no findings.")


def test_a_certain_finding_is_1_and_names_the_place(run, piling_path: Path) -> None:
    printed = run("doctor", piling_path)
    assert printed.code == 1
    lines = (EXAMPLES / "linear_regression.py").read_text(encoding="utf-8").splitlines()
    backward = 1 + next(i for i, line in enumerate(lines) if "loss.backward()" in line)
    text = " ".join(printed.out.split())
    assert text.startswith("certain: Gradients pile up: zero_grad is missing")
    assert f"linear_regression.py:{backward} loss.backward()" in text
    assert f"The update at line {backward + 1} read the gradient of bias, weight" in text
    assert "(4 updates in all)" in text
    assert "try: Empty the gradients once an iteration" in text
    assert "optimizer.zero_grad()" in text
    assert printed.lines[-1].endswith("4 iterations: 1 finding.")
    assert [line for line in printed.lines if len(line) > 80] == []


def test_json_has_both_languages_and_the_proof(run, piling_path: Path) -> None:
    printed = run("doctor", piling_path, "--json")
    found = json.loads(printed.out)
    (finding,) = found["findings"]
    assert printed.code == 1
    assert (finding["rule"], finding["sure"]) == ("missing-zero-grad", "certain")
    assert finding["title"]["zh"] == "梯度不断累加：缺少 zero_grad"
    assert finding["source"] == "loss.backward()"
    with Trace(piling_path) as trace:
        events = [trace.event(position) for position in finding["positions"]]
    assert [(event.name, event.iteration) for event in events if event is not None] == [
        ("AccumulateGrad", 1),
        ("SGD", 0),
        ("SGD", 1),
    ]


def test_all_of_it_comes_in_chinese(run, piling_path: Path) -> None:
    printed = run("doctor", piling_path, "--language", "zh")
    backward, *_ = re.findall(r"linear_regression\.py:(\d+)", printed.out)
    text = re.sub(r"\n +", "", printed.out)
    assert text.startswith("确定：梯度不断累加：缺少 zero_grad")
    assert f"第 {int(backward) + 1} 行的更新使用了 bias、weight 的梯度" in text
    assert printed.lines[-1] == f"{piling_path.name}，4 次迭代：发现 1 处问题。"
    without_code = [line for line in printed.lines if "gradstep show" not in line and "loss.backward()" not in line]
    assert [found for line in without_code for found in english_left(line)] == []


def test_one_iteration_can_be_chosen(run, piling_path: Path) -> None:
    assert run("doctor", piling_path, "--iteration", "2").code == 1
    printed = run("doctor", piling_path, "--iteration", "4")
    assert printed.code == 0
    assert "no findings" in printed.out


@pytest.mark.parametrize("options", [["--iteration", "99"], ["--nonsense"]])
def test_wrong_use_is_2(run, hello_path: Path, options: list[str]) -> None:
    printed = run("doctor", hello_path, *options)
    assert (printed.code, printed.out) == (2, "")


def test_an_empty_trace_is_2(run, tmp_path: Path) -> None:
    script = tmp_path / "nothing.py"
    script.write_text("print('nothing')\n", encoding="utf-8")
    printed = run("doctor", kept(tmp_path, script))
    assert printed.code == 2
    assert "holds no events" in printed.err


def test_likely_findings_alone_are_0(run, tmp_path: Path) -> None:
    script = tmp_path / "swapped.py"
    script.write_text(HEAD + "p = nn.Linear(3, 4)(torch.randn(5, 3)).softmax(0)\n", encoding="utf-8")
    printed = run("doctor", kept(tmp_path, script))
    assert printed.code == 0
    assert "likely: softmax over the batch" in printed.out


def test_it_needs_no_torch(piling_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import gradstep\n"
        "code = gradstep.main(['doctor', sys.argv[2]])\n"
        "print('code', code, [name for name in ('torch', 'PySide6', 'app') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), str(piling_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "code 1 []"
