"""docs/editors.md and VS Code's manifest say what the adapter takes: each key, order and filter, and nothing else."""

from __future__ import annotations

import json
import re

from engine.dap.evaluating import ORDERS
from engine.dap.settings import __doc__ as settings_doc
from engine.session.place import Level
from tests.helpers.dap_client import ROOT

MANIFEST = ROOT / "resources" / "editors" / "vscode" / "package.json"
TEXT = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def keys_of_settings() -> set[str]:
    """The keys that settings.py reads; `noDebug` comes from the editor itself."""
    source = (ROOT / "engine" / "dap" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'asked\.\w+\("(\w+)"', source)) - {"noDebug"}


def test_each_key_is_described() -> None:
    section = TEXT.partition("## The configuration")[2].partition("## What you see")[0]
    described = {
        name for row in re.findall(r"^\| (.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert described == keys_of_settings() | {"token"}
    assert settings_doc is not None
    assert {name for name in keys_of_settings() if f"`{name}`" not in settings_doc} == set()


def test_the_manifest_offers_the_same_keys_and_levels() -> None:
    debugger = json.loads(MANIFEST.read_text(encoding="utf-8"))["contributes"]["debuggers"][0]
    launch = debugger["configurationAttributes"]["launch"]["properties"]
    assert set(launch) == (keys_of_settings() - {"script"}) | {"token"}
    assert launch["level"]["enum"] == [level.value for level in Level]
    assert (debugger["runtime"], debugger["args"]) == ("gradstep", ["dap"])


def test_each_order_of_the_console_is_described() -> None:
    section = TEXT.partition("The debug console also takes")[2].partition("## Limits")[0]
    assert {f":{name}" for name in ORDERS} == {name.split()[0] for name in re.findall(r"`(:\w+[^`]*)`", section)}


def test_the_configurations_in_the_page_are_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    read = [json.loads(block if block.startswith("{") else f"{{{block}}}") for block in blocks]
    known = keys_of_settings() | {"token", "name", "type", "request", "debugServer"}
    assert len(read) == 2
    assert {key for one in read[0]["configurations"] for key in one} <= known
    assert set(read[1]) <= known
