"""Brings the window's texts in other languages up to date: finds new ones in the code, and compiles what is there.

    python scripts/translations.py

Texts that are still to be translated are marked `unfinished` in resources/i18n/gradstep_zh_CN.ts; a test finds them.
The file can be edited by hand or with Qt Linguist; run this once more afterwards.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "resources" / "i18n" / "gradstep_zh_CN.ts"


def tool(name: str) -> str:
    """One of Qt's programs, which PySide6 brings along."""
    import PySide6

    folder = Path(PySide6.__file__).parent
    found = next((path for place in (folder, folder / "Qt" / "libexec") for path in place.glob(f"{name}*")), None)
    if found is None:
        sys.exit(f"PySide6 in {folder} has no {name}. Install PySide6-Essentials.")
    return str(found)


def update(texts: Path) -> None:
    """Adds texts that are new in the code and takes away those that are gone."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*.py"))
    languages = ["-source-language", "en_US", "-target-language", "zh_CN"]
    command = [tool("lupdate"), *sources, *languages, "-locations", "none", "-no-obsolete", "-ts", str(texts)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def compile_texts(texts: Path, into: Path) -> None:
    """Writes the binary file that Qt reads."""
    subprocess.run([tool("lrelease"), "-silent", str(texts), "-qm", str(into)], check=True)


def main() -> None:
    update(TEXTS)
    compile_texts(TEXTS, TEXTS.with_suffix(".qm"))
    left = len(re.findall('type="unfinished"', TEXTS.read_text(encoding="utf-8")))
    print(f"{TEXTS.relative_to(ROOT)}: {left} texts are still to be translated.")


if __name__ == "__main__":
    main()
