"""The table of actions: whole, without two actions on one key, and in step with menus and toolbar."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from app.actions.bars import TOOLBAR, all_menus
from app.actions.table import Action, all_actions
from app.assets import icon_names
from app.state import AppState

KEYS = {
    "continue": "F5", "reverse_continue": "Ctrl+F5", "step_over": "F10", "step_back": "Ctrl+F10", "step_into": "F11",
    "step_back_into": "Ctrl+F11", "step_out": "Shift+F11", "step_back_out": "Ctrl+Shift+F11", "breakpoint": "F9",
    "run_to": "F8", "restart": "Ctrl+Shift+F5", "stop": "Shift+F5", "next_phase": "PgDown", "previous_phase": "PgUp",
    "next_iteration": "Ctrl+PgDown", "previous_iteration": "Ctrl+PgUp", "fit": "Ctrl+0", "actual_size": "Ctrl+1",
    "collapse": "Ctrl+[", "expand": "Ctrl+]", "theme": "Ctrl+T", "present": "F12",
}  # fmt: skip


@pytest.fixture
def rows() -> dict[str, Action]:
    return {row.id: row for row in all_actions()}


def test_the_keys_are_those_that_were_agreed(rows: dict[str, Action]) -> None:
    assert {key: rows[key].shortcut for key in KEYS} == KEYS


def test_no_two_actions_share_a_key_or_an_id(rows: dict[str, Action]) -> None:
    assert len(rows) == len(all_actions())
    keys = [key for row in rows.values() for key in (row.shortcut, *row.canvas_keys) if key]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_keys_by_which_panels_edit_their_rows_are_left_to_them(rows: dict[str, Action]) -> None:
    """Qt does nothing at all at a key that is a panel's and the window's."""
    assert {row.shortcut for row in rows.values()}.isdisjoint({"F2", "Return", "Del", "Ins"})


def test_every_key_is_one_that_qt_knows(rows: dict[str, Action]) -> None:
    keys = [key for row in rows.values() for key in (row.shortcut, *row.canvas_keys) if key]
    unknown = [key for key in keys if QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) != key]
    assert unknown == []


def test_every_icon_is_bundled(rows: dict[str, Action]) -> None:
    assert {row.icon for row in rows.values() if row.icon} - set(icon_names()) == set()


def test_every_action_is_in_a_menu_and_every_name_is_an_action(rows: dict[str, Action]) -> None:
    in_menus = {key for _, keys in all_menus() for key in keys if key}
    assert in_menus == set(rows)
    assert {key for key in TOOLBAR if key} <= set(rows)


def test_with_nothing_open_only_opening_and_looks_can_be_done(rows: dict[str, Action]) -> None:
    state = AppState()
    possible = {key for key, row in rows.items() if row.enabled(state)}
    assert {"open_script", "open_trace", "theme", "about", "close"} <= possible
    assert possible.isdisjoint({"step_over", "step_back", "continue", "stop", "restart", "run_to", "save_trace", "fit"})
