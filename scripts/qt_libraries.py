"""Sees to the system libraries that Qt's wheels need on Linux: installs what is missing, or prints the line that does.

    python scripts/qt_libraries.py offscreen    what the tests and picture exports need
    python scripts/qt_libraries.py window       and what a window on an X11 display needs
    python scripts/qt_libraries.py display      and Xvfb, an X11 display without a screen, for the tests that want one

Ends with 0 when all are there. Uses nothing but the standard library: it runs before anything is known to work.
"""

import ctypes
import os
import shutil
import subprocess
import sys

# Library file, or program, to the package of Debian and Ubuntu that has it, each found missing in turn on Debian 12.
OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW = OFFSCREEN | {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
DISPLAY = WINDOW | {
    "Xvfb": "xvfb",
    "libxcb-xtest.so.0": "libxcb-xtest0",
}
PURPOSES = {"offscreen": OFFSCREEN, "window": WINDOW, "display": DISPLAY}


def is_loadable(library: str) -> bool:
    """Whether the dynamic linker finds this library, by the name that Qt asks for; or the shell this program."""
    if ".so" not in library:
        return shutil.which(library) is not None
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(libraries: dict[str, str]) -> dict[str, str]:
    """Those of the libraries, with their packages, that cannot be loaded here."""
    return {library: package for library, package in libraries.items() if not is_loadable(library)}


def advice(absent: dict[str, str], has_apt: bool) -> str:
    """What to do about the absent libraries, when this program may not do it."""
    if has_apt:
        line = f"sudo apt-get install -y --no-install-recommends {' '.join(absent.values())}"
        return f"Qt needs some system libraries. Run this line and try again:\n    {line}"
    return f"Qt needs these system libraries. Install them in your system's way and try again:\n    {' '.join(absent)}"


def install(packages: list[str]) -> None:
    """Installs Debian packages; needs root. A failure is apt's to tell, and shows in what is still missing then."""
    print(f"Installing Qt's system libraries: {' '.join(packages)} ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        command = ["apt-get", *step]
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def main(arguments: list[str]) -> int:
    """Runs the program; returns its exit code."""
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: python scripts/qt_libraries.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    if sys.platform != "linux":
        return 0  # Qt's wheels for macOS and Windows need nothing beside them
    absent = missing(PURPOSES[arguments[0]])
    has_apt = shutil.which("apt-get") is not None
    if absent and has_apt and os.geteuid() == 0:
        install(list(absent.values()))
        absent = missing(absent)
    if not absent:
        return 0
    print(advice(absent, has_apt), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
