"""Another program on the same display, in a process of its own.

other_program.py paste          prints what is on the clipboard
other_program.py copy TEXT      puts a text on the clipboard and stays until it is ended
other_program.py drag PATH X Y  shows a small window at X, Y from which a file can be dragged
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QEventLoop, QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class File(QLabel):
    def __init__(self, path: str) -> None:
        super().__init__("drag me")
        self._path = path

    def mousePressEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(self._path)])
        drag = QDrag(self)
        drag.setMimeData(data)
        print("dropped", drag.exec(Qt.DropAction.CopyAction), flush=True)


app = QApplication(sys.argv)
what, *rest = sys.argv[1:]
window = File(rest[0] if rest else "")
if what == "drag":
    window.setGeometry(int(rest[1]), int(rest[2]), 120, 60)
    window.show()
    while not window.windowHandle().isExposed():  # until then a press goes to what is below
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    print("ready", flush=True)
elif what == "copy":
    app.clipboard().setText(rest[0])
    QTimer.singleShot(0, lambda: print("ready", flush=True))
else:
    QTimer.singleShot(0, lambda: (print(app.clipboard().text(), flush=True), app.quit()))
app.exec()
