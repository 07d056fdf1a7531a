"""`gradstep desktop`: puts Gradstep into the menus of a Linux desktop and lets it open traces, for this user only."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..errors import EnglishError

EPILOG = (
    "It writes a menu entry, the file type of .gradstep and the icon below ~/.local/share (or XDG_DATA_HOME), "
    "and needs no rights of an administrator. Opening a trace runs no code; scripts are not registered."
)

_RESOURCES = Path(__file__).resolve().parents[2] / "resources"
_REFRESH = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""Programs that let a desktop see what is new, each with its folder; many systems look by themselves."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep desktop`."""
    parser.add_argument("--remove", action="store_true", help="take it out of the menus again")


def run(options: argparse.Namespace) -> int:
    """Writes or removes the files; returns 0."""
    if not sys.platform.startswith("linux"):
        raise EnglishError(
            "gradstep desktop is for Linux desktops.", "Here, open traces with: gradstep open FILE.gradstep"
        )
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    try:
        if options.remove:
            for place in places(data).values():
                place.unlink(missing_ok=True)
        else:
            install(data, _command())
    except OSError as error:
        raise EnglishError(f"{error.filename} cannot be written ({error.strerror}).", "Check its rights.") from error
    for program, folder in _REFRESH:
        found = shutil.which(program)
        if found and (data / folder).is_dir():
            subprocess.run([found, str(data / folder)], check=False, stdout=subprocess.DEVNULL)
    print("Removed from the menus." if options.remove else f"Gradstep is in the menus now, and opens traces ({data}).")
    return 0


def places(data: Path) -> dict[str, Path]:
    """Where each of our files goes, by its path below `resources/`. data: the user's XDG data folder."""
    return {
        "desktop/gradstep.desktop": data / "applications" / "gradstep.desktop",
        "desktop/application-x-gradstep.xml": data / "mime" / "packages" / "application-x-gradstep.xml",
        "icons/gradstep.svg": data / "icons" / "hicolor" / "scalable" / "apps" / "gradstep.svg",
    }


def install(data: Path, command: str) -> None:
    """Writes the files, with the command that starts Gradstep put in."""
    for name, place in places(data).items():
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (_RESOURCES / name).read_text(encoding="utf-8")
        place.write_text(text.replace("@command@", command), encoding="utf-8")


def _command() -> str:
    """The absolute path of the program `gradstep` of this Python."""
    beside = Path(sys.executable).with_name("gradstep")
    found = str(beside) if beside.is_file() else shutil.which("gradstep")
    if found is None:
        raise EnglishError("There is no program gradstep to start.", "Install Gradstep with pip, pipx or uv first.")
    return found
