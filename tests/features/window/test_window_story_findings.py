"""Stories about findings: a slip is counted at the panel's title, explained, and its events are gone to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest

from tests.app.models.test_findings_model import SLIP
from tests.helpers.window_user import User


def test_a_slip_in_a_run_is_counted_explained_and_gone_to(user: User, tmp_path: Path) -> None:
    script = tmp_path / "slip.py"
    script.write_text(SLIP)
    user.run(script)
    dock, finding = user.window.docks.by_key["findings"], user.window.panels.debugging.finding
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: dock.windowTitle() == "Findings · 1")
    user.wait(lambda: not finding.is_looking)
    assert finding.view.sentence.text() == "1 finding in 3 iterations."
    dock.raise_()
    assert "Try:" in finding.view.detail.toPlainText()
    one = finding.model.found(0)
    assert one is not None
    finding.view.list.setFocus()
    QTest.keyClick(finding.view.list, Qt.Key.Key_Return)
    user.wait(lambda: user.window.state.place.position == one.proofs[0].position)
    finding.view.detail.anchorClicked.emit(QUrl(str(one.proofs[-1].position)))
    user.wait(lambda: user.window.state.place.position == one.proofs[-1].position)


def test_looking_can_be_stopped_and_taken_up_again(hello: User) -> None:
    finding = hello.window.panels.debugging.finding
    finding.look()
    assert finding.is_looking
    finding.view.button.click()
    hello.wait(lambda: not finding.is_looking)
    assert finding.view.sentence.text() == "Stopped."
    finding.view.button.click()
    hello.wait(lambda: finding.view.sentence.text().startswith("No mistakes seen in"))
    assert hello.window.docks.by_key["findings"].windowTitle() == "Findings"
