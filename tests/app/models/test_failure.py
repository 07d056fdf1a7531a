"""Where a traceback leads to in the script."""

from __future__ import annotations

from pathlib import Path

from app.models.failure import Failure, failure_in, notice_of
from app.notices import Notice
from engine.analysis.failures import failure as explained
from engine.analysis.failures.told import Told
from engine.bilingual import Bilingual

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/train.py", line 12, in <module>
    main()
  File "/home/me/train.py", line 9, in main
    loss = criterion(output, target)
  File "/usr/lib/torch/nn/functional.py", line 3383, in mse_loss
    raise ValueError("sizes differ")
ValueError: sizes differ
"""


def test_the_innermost_line_of_the_users_own_files_is_found() -> None:
    script = Path("/home/me/train.py")
    assert failure_in(TRACEBACK, {script}) == Failure(script, 9, "ValueError: sizes differ")


def test_a_syntax_error_has_a_line_too() -> None:
    text = '  File "/home/me/train.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n'
    assert failure_in(text, {Path("/home/me/train.py")}) == Failure(
        Path("/home/me/train.py"), 3, "SyntaxError: invalid syntax"
    )


def test_elsewhere_or_nothing_is_no_place() -> None:
    assert failure_in(TRACEBACK, {Path("/home/me/other.py")}) is None
    assert failure_in("", {Path("/home/me/train.py")}) is None


def test_what_is_told_is_the_meaning_the_fix_and_the_traceback() -> None:
    told = Told(Bilingual("It is so.", "是这样。"), Bilingual("Do this.", "这样做。"), ("x = x.T", "y = x"))
    found = explained.Failure("kind", "RuntimeError", "m", None, None, None, None, None, None, (), told)
    what = Bilingual("It failed.", "失败了。")
    fix = Bilingual("Do this.\n    x = x.T\n    y = x", "这样做。\n    x = x.T\n    y = x")
    assert notice_of(found, what, TRACEBACK) == Notice(what, told.meaning, fix, TRACEBACK)
