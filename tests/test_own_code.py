"""Which files are the script's own, also where a script is part of an installed package."""

from __future__ import annotations

import json

import pytest

from engine.own_code import is_library

PACKAGES = "/venv/lib/python3.11/site-packages"
LESSON = f"{PACKAGES}/gradstep_runtime/resources/lessons/11-mistakes"


@pytest.mark.parametrize(
    ("path", "script", "expected"),
    [
        ("/home/ada/net/model.py", "/home/ada/net/train.py", False),
        ("/home/ada/shared/blocks.py", "/home/ada/net/train.py", False),
        (f"{PACKAGES}/einops/einops.py", "/home/ada/net/train.py", True),
        (f"{PACKAGES}/einops/einops.py", "", True),
        ("/usr/lib/python3.12/random.py", "/home/ada/net/train.py", True),
        (f"{LESSON}/script.py", f"{LESSON}/script.py", False),
        (f"{LESSON}/parts/net.py", f"{LESSON}/script.py", False),
        (f"{PACKAGES}/einops/einops.py", f"{LESSON}/script.py", True),
        (f"{LESSON}/.venv/lib/python3.11/site-packages/einops/einops.py", f"{LESSON}/script.py", True),
        (f"{PACKAGES}/launcher.py", f"{PACKAGES}/launcher.py", False),
        (f"{PACKAGES}/other.py", f"{PACKAGES}/launcher.py", True),
        (f"{PACKAGES}/einops/einops.py", f"{PACKAGES}/launcher.py", True),
        (r"C:\net\.venv\Lib\site-packages\einops\einops.py", r"C:\net\train.py", True),
    ],
)
def test_a_library_is_what_was_installed_and_does_not_belong_to_the_script(
    path: str, script: str, expected: bool
) -> None:
    assert is_library(path, script) is expected


def test_python_itself_is_a_library() -> None:
    assert is_library(json.__file__, "/home/ada/net/train.py")
