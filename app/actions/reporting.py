"""What is told of a mistake of Gradstep's own, and the report file that the user may keep; nothing is sent anywhere."""

from __future__ import annotations

import platform
import tempfile
import time
from pathlib import Path

from PySide6 import __version__ as pyside_version

from app.notices import Notice
from engine.bilingual import Bilingual, same, sentences
from engine.cli.versions import gradstep_version


def notice_of_mistake(error: BaseException, text: str, steps: list[str]) -> Notice:
    """What the bar says about an exception that nobody expected. text: its traceback. steps: what was done last."""
    report = write_report(text, steps)
    where = Bilingual("Please report it with the details.", "请连同详情一起报告。")
    if report is not None:
        where = Bilingual(
            f"A report for the developers is in {report}; it holds no numbers of yours.",
            f"给开发者的报告在 {report}；其中没有你的数据。",
        )
    return Notice(
        Bilingual(
            "Gradstep itself made a mistake; your script is not to blame.", "这是 Gradstep 自身的错误，与你的脚本无关。"
        ),
        same(str(error) or type(error).__name__),
        sentences(Bilingual("You can go on.", "你可以继续。"), where),
        text.strip(),
    )


def write_report(text: str, steps: list[str], folder: Path | None = None) -> Path | None:
    """Writes what developers need into a text file in a folder (None: the system's for temporary files).

    It has versions, the traceback and the names of the actions done last, and nothing of the script or its data.
    None where it cannot be written.
    """
    place = folder or Path(tempfile.gettempdir())
    begun = f"gradstep-report-{time.strftime('%Y%m%d-%H%M%S')}"
    names = (f"{begun}{again}.txt" for again in ("", *(f"-{number}" for number in range(2, 10))))
    file = next((place / name for name in names if not (place / name).exists()), place / f"{begun}.txt")
    lines = [
        f"Gradstep {gradstep_version()}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"PySide6 {pyside_version}",
        f"Last actions: {', '.join(steps) or 'none'}",
        "",
        text.strip(),
        "",
    ]
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write("\n".join(lines))
    except OSError:
        return None
    return file
