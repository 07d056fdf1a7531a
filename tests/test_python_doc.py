"""Every line of code in docs/python.md runs, in order, and gives what stands there."""

from __future__ import annotations

import doctest
import linecache
import re
from pathlib import Path
from typing import Any

import pytest

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_what_is_documented_runs_and_gives_what_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    reports: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
    for i, (language, block) in enumerate(BLOCKS):
        if language == "python":
            name = f"<block {i}>"
            linecache.cache[name] = (len(block), None, block.splitlines(keepends=True), name)
            exec(compile(block, name, "exec"), names)
        else:
            assert language == "pycon"
            test = doctest.DocTestParser().get_doctest(block, names, f"block {i}", "docs/python.md", 0)
            runner.run(test, out=reports.append, clear_globs=False)
            names = test.globs
    assert "".join(reports) == ""


def test_each_method_is_documented() -> None:
    from engine.export.objects import RecordedEvent, RecordedIteration, RecordedTrace
    from engine.export.shown import RecordedChain

    for kind in (RecordedTrace, RecordedIteration, RecordedEvent, RecordedChain):
        public = [name for name in vars(kind) if not name.startswith("_")]
        hidden = {"begin", "end", "number", "parameter", "path", "products"}
        assert [name for name in public if name not in hidden and name not in TEXT] == [], kind
