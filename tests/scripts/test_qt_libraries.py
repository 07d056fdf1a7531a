"""The check for Qt's system libraries: what it finds missing, installs as root, and tells everybody else to install."""

import subprocess
import sys

import pytest

from scripts import qt_libraries


class Machine:
    """A pretended Linux: which libraries load, which packages apt was told to install, and whether that helps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, absent: set[str], root: bool, apt: bool, works: bool = True):
        self.absent = absent
        self.installed: list[str] = []
        self.works = works
        monkeypatch.setattr(qt_libraries, "is_loadable", lambda library: library not in self.absent)
        monkeypatch.setattr("sys.platform", "linux")
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if apt else None)
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        assert command[0] == "apt-get"
        if "install" in command:
            self.installed += [word for word in command[2:] if not word.startswith("-")]
            if self.works:
                self.absent.clear()
        return subprocess.CompletedProcess(command, 0 if self.works else 100)


def test_nothing_is_done_where_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(monkeypatch, absent=set(), root=True, apt=True)
    assert qt_libraries.main(["window"]) == 0
    assert (machine.installed, *capsys.readouterr()) == ([], "", "")


def test_root_gets_just_the_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, absent={"libEGL.so.1", "libxkbcommon.so.0"}, root=True, apt=True)
    assert qt_libraries.main(["offscreen"]) == 0
    assert machine.installed == ["libegl1", "libxkbcommon0"]


def test_others_get_one_line_to_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(monkeypatch, absent={"libEGL.so.1", "libGL.so.1"}, root=False, apt=True)
    assert qt_libraries.main(["offscreen"]) == 1
    assert machine.installed == []
    assert "    sudo apt-get install -y --no-install-recommends libegl1 libgl1\n" in capsys.readouterr().err


def test_without_apt_the_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Machine(monkeypatch, absent={"libEGL.so.1"}, root=True, apt=False)
    assert qt_libraries.main(["offscreen"]) == 1
    message = capsys.readouterr().err
    assert "libEGL.so.1" in message
    assert "apt-get" not in message


def test_an_installation_that_failed_is_not_taken_for_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Machine(monkeypatch, absent={"libGL.so.1"}, root=True, apt=True, works=False)
    assert qt_libraries.main(["offscreen"]) == 1
    assert "libgl1" in capsys.readouterr().err


def test_tests_do_not_ask_for_what_only_a_display_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, absent={"libxcb-cursor.so.0"}, root=False, apt=True)
    assert qt_libraries.main(["offscreen"]) == 0
    assert qt_libraries.main(["window"]) == 1


def test_a_display_needs_a_program_too(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, absent={"Xvfb"}, root=True, apt=True)
    assert qt_libraries.main(["window"]) == 0
    assert qt_libraries.main(["display"]) == 0
    assert machine.installed == ["xvfb"]


def test_other_systems_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, absent={"libEGL.so.1"}, root=False, apt=False)
    monkeypatch.setattr("sys.platform", "darwin")
    assert qt_libraries.main(["window"]) == 0


@pytest.mark.parametrize("arguments", [[], ["screen"], ["window", "offscreen"]])
def test_a_wrong_call_is_told_the_right_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert qt_libraries.main(arguments) == 2
    assert "offscreen|window|display" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux dynamic linker")
def test_the_linker_knows_what_is_there() -> None:
    assert not qt_libraries.is_loadable("libgradstep-has-no-such.so.1")
    assert qt_libraries.is_loadable("libc.so.6")
    assert qt_libraries.is_loadable("sh")
    assert not qt_libraries.is_loadable("gradstep-has-no-such-program")
