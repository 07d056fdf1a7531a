"""Starts the processes of scripts from one that has imported torch already, which is most of what a start costs.

NOTE [Warm starts]
Importing torch takes Python one and a half seconds of computing, the first step of an optimizer two more (it imports
torch's compiler), and the tests start hundreds of scripts. So one Python is started with the command line of them all
(`python boot.py`) and held while it reads its site's modules, with torch imported (`warm/sitecustomize.py`). Where a
test starts a script, that process splits (`fork`), and what was split off goes on as Python always goes on from there:
it runs boot.py as a clean `__main__` and ends like any Python, with its own environment, folder, descriptors and
process group. Linux lets us take it in as a child of our own (as "subreaper"), so a `Popen` waits for it, and signals
it, like any other.

What differs from a cold start: torch and numpy are in `sys.modules` before the script, hashes of texts are the same in
all scripts, and Python's collector does not see what was there before the script. Tests whose point is how a script
starts, what it does to its process, or how it is ended are marked `cold_start`; and so starts each process that asks
for another Python, has other variables of the environment that are read as Python or torch starts, or has a terminal.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BOOT = Path(__file__).resolve().parents[2] / "engine" / "child" / "boot.py"
HERE = Path(__file__).with_name("warm")
READ_AT_THE_START = (
    "PYTHON", "LD_", "LC_", "LANG", "OMP_", "GOMP_", "MKL_", "OPENBLAS_", "TORCH", "PYTORCH", "CUDA", "ATEN",
)  # fmt: skip
_SET_CHILD_SUBREAPER = 36


def read_at_the_start(environment: Any) -> dict[str, str]:
    """The variables that Python, or torch when it is imported, looks at; torch's compiler sets one itself."""
    read = {name: value for name, value in environment.items() if name.startswith(READ_AT_THE_START)}
    read.pop("TORCHINDUCTOR_CACHE_DIR", None)
    return read


class Warm:
    """A Python that waits to be split; it is started when it is first asked."""

    def __init__(self) -> None:
        self.cold = subprocess.Popen
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = read_at_the_start(os.environ)
        self.lock = threading.Lock()
        self.is_allowed = sys.platform == "linux"

    def start(self) -> None:
        """Starts it; it imports torch while we go on."""
        self.asking, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for size in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self.asking.setsockopt(socket.SOL_SOCKET, size, 1 << 20)
        before = os.environ.get("PYTHONPATH")
        path = str(HERE) if not before else f"{HERE}{os.pathsep}{before}"
        with other:
            self.process = self.cold(
                [sys.executable, str(BOOT)],
                env=os.environ | {"PYTHONPATH": path, "GRADSTEP_WARM_SOCKET": str(other.fileno())},
                pass_fds=(other.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,
            )

    def close(self) -> None:
        """Ends it."""
        if self.process is not None:
            self.asking.close()
            self.process.wait()

    def can(self, arguments: Any, environment: Any, descriptors: list[int]) -> bool:
        """Whether what is to be started would be what it can become."""
        if not self.is_allowed or list(arguments) != [sys.executable, str(BOOT)]:
            return False
        wanted = read_at_the_start(os.environ if environment is None else environment)
        return wanted == self.environment and not any(map(os.isatty, descriptors))

    def split(self, folder: Any, environment: Any, group: int, descriptors: dict[int, int]) -> int:
        """The process number of a new child of ours. descriptors: which of ours lies under which number there."""
        with self.lock:
            if self.process is None:
                self.start()
            mine, its = socket.socketpair()
            wanted = {
                "folder": os.path.abspath(folder or os.curdir),
                "environment": dict(os.environ if environment is None else environment),
                "group": os.getpgrp() if group < 0 else group,
                "parent": os.getpid(),
                "numbers": list(descriptors),
            }
            control = ctypes.CDLL(None).prctl
            with mine:
                with its:
                    control(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
                    try:
                        text = json.dumps(wanted).encode()
                        socket.send_fds(self.asking, [text], [its.fileno(), *descriptors.values()])
                        its.close()
                        number, trouble = json.loads(mine.recv(1000))
                    finally:
                        control(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
                mine.send(b"!")
        if trouble:
            os.waitpid(number, 0)
            raise OSError(trouble, os.strerror(trouble), folder)
        return int(number)


@contextlib.contextmanager
def warm_starts(warm: Warm) -> Iterator[None]:
    """Within, `subprocess` starts scripts warm."""

    class Popen(subprocess.Popen):  # type: ignore[type-arg]
        """A process that may have been split off."""

        def _execute_child(
            self, args: Any, executable: Any, preexec_fn: Any, close_fds: Any, pass_fds: Any, cwd: Any, env: Any,
            startupinfo: Any, creationflags: Any, shell: Any, p2cread: int, p2cwrite: int, c2pread: int, c2pwrite: int,
            errread: int, errwrite: int, restore_signals: Any, gid: Any, gids: Any, uid: Any, umask: Any,
            start_new_session: Any, process_group: int,
        ) -> None:  # fmt: skip
            own = {0: p2cread, 1: c2pwrite, 2: errwrite}
            given = {number: number if one < 0 else one for number, one in own.items()} | {one: one for one in pass_fds}
            if shell or start_new_session or not warm.can(args, env, list(given.values())):
                super()._execute_child(
                    args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell,
                    p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, restore_signals, gid, gids, uid, umask,
                    start_new_session, process_group,
                )  # type: ignore[misc]  # fmt: skip
                return
            try:
                self.pid = warm.split(cwd, env, process_group, given)
                self._child_created = True
            finally:
                self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Popen)
        yield
