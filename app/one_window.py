"""One window a trace: who opens a trace that another window of the same user shows has that one come to the front.

NOTE [One window]
Each window listens at a local socket named after the trace that it shows, which only the same user can reach. Opening
asks there first. A socket that a killed window left behind answers nobody and is put away.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 500


def _name(trace: Path) -> str:
    return f"gradstep-{hashlib.sha256(str(trace.resolve()).encode()).hexdigest()[:24]}"


class OneWindow(QObject):
    """What one window shows, told to other windows.

    Signals:
        wanted(): somebody opened the trace that is shown here.
    """

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None
        self._shown = ""

    def is_elsewhere(self, trace: Path) -> bool:
        """Whether another window shows this trace; if so it comes to the front."""
        name = _name(trace)
        if name == self._shown:
            return False
        socket = QLocalSocket()
        socket.connectToServer(name)
        found = socket.waitForConnected(_ANSWER_MS)
        socket.abort()
        return found

    def shows(self, trace: Path | None) -> None:
        """From now on this window shows this trace, or none."""
        name = "" if trace is None else _name(trace)
        if name == self._shown:
            return
        self.close()
        if not name:
            return
        QLocalServer.removeServer(name)  # nobody answered there, see NOTE [One window]
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        if server.listen(name):  # else two windows on one trace, which is no harm
            server.newConnection.connect(self._on_asked)
            self._server, self._shown = server, name

    def close(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
        self._server, self._shown = None, ""

    def _on_asked(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.abort()
            socket.deleteLater()
        self.wanted.emit()
