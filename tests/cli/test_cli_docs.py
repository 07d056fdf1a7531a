"""docs/cli.md and docs/export.md say all that the command line and the exports can do."""

import re
from pathlib import Path

import pytest

from engine.cli.commands import COMMANDS, parser_of
from engine.export.csv_file import COLUMNS
from engine.export.formats import FORMATS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def section(name: str) -> str:
    """What docs/cli.md says of a command."""
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^## gradstep {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/cli.md has no section on gradstep {name}"
    return found[1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_option_of_each_command_is_described(command) -> None:
    parser = parser_of(command, command.load())
    flags = [option for action in parser._actions for option in action.option_strings]
    options = [option for option in flags if option not in ("-h", "--help")]
    places = [str(action.metavar) for action in parser._actions if not action.option_strings]
    described = section(command.name)
    assert [name for name in options + places if f"`{name}" not in described and f" {name}" not in described] == []


def test_nothing_is_described_that_there_is_not() -> None:
    for command in COMMANDS:
        parser = parser_of(command, command.load())
        known = {option for action in parser._actions for option in action.option_strings}
        named = set(re.findall(r"`(--[a-z-]+)", section(command.name)))
        assert named - known == set(), command.name


def test_each_format_and_column_is_described() -> None:
    text = (DOCS / "export.md").read_text(encoding="utf-8")
    assert [row.name for row in FORMATS if f"--to {row.name}" not in text] == []
    assert [column for column in COLUMNS if f"`{column}`" not in text] == []
