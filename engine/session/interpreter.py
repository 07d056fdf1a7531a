"""Which Python a script runs in, and why one cannot serve."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..bilingual import Bilingual, same
from ..errors import GradstepError, SessionError

OLDEST = (3, 11)
_ASK_S = 30.0
_QUESTION = "import sys; sys.stdout.write('Python %d.%d' % tuple(sys.version_info[:2]))"


def interpreter(chosen: str | Path | None) -> str:
    """The program to start. A folder stands for the environment in it; a name without a folder is looked for in PATH.

    None is the Python that runs here. Raises GradstepError for a folder that holds no environment.
    """
    if chosen is None or not os.fspath(chosen):
        return sys.executable
    text = os.path.expanduser(os.fspath(chosen))
    if os.path.isdir(text):
        inside = [os.path.join(text, *parts) for parts in (("bin", "python"), ("Scripts", "python.exe"))]
        found = next((path for path in inside if os.path.isfile(path)), None)
        if found is None:
            raise GradstepError(
                Bilingual(f"The folder {text} holds no Python environment.", f"文件夹 {text} 里没有 Python 环境。"),
                Bilingual("Give the path of a Python or of an environment.", "请给出一个 Python 或一个环境的路径。"),
            )
        text = found
    return os.path.abspath(text) if os.path.dirname(text) else text


def cannot_be_started(python: str, error: OSError) -> GradstepError:
    """What is said of a program that the system does not start."""
    why = same(error.strerror or str(error))
    if isinstance(error, FileNotFoundError):
        why = Bilingual("there is no such file", "没有这个文件")
    return GradstepError(
        Bilingual(
            f"The Python {python} cannot be started: {why.english}.", f"无法启动 Python {python}：{why.chinese}。"
        ),
        Bilingual("Choose another interpreter.", "请选择另一个解释器。"),
    )


def did_not_start(python: str, exit_code: int | None) -> SessionError:
    """What is said of one that did not answer: it is asked who it is. exit_code: None if it still runs."""
    oldest = f"Python {OLDEST[0]}.{OLDEST[1]}"
    hint = Bilingual(
        f"Choose a {oldest} or newer with torch and numpy.", f"请选择装有 torch 和 numpy 的 {oldest} 或更新版本。"
    )
    version = _version(python)
    if version is None:
        return SessionError(Bilingual(f"{python} is no Python.", f"{python} 不是 Python。"), hint)
    if version < OLDEST:
        old = f"{version[0]}.{version[1]}"
        what = Bilingual(
            f"{python} is Python {old}, which is too old for Gradstep.",
            f"{python} 是 Python {old}，对 Gradstep 来说太旧了。",
        )
        return SessionError(what, hint)
    how = Bilingual(f"ended with exit code {exit_code}", f"就以退出码 {exit_code} 结束了")
    if exit_code is None:
        how = Bilingual("did not answer in time", "没有及时回应")
    what = Bilingual(
        f"The Python {python} {how.english} before the script could start.",
        f"脚本还没能启动，Python {python} {how.chinese}。",
    )
    return SessionError(what, hint)


def no_loopback() -> SessionError:
    """What is said where the processes cannot talk to each other."""
    return SessionError(
        Bilingual(
            "The loopback interface (127.0.0.1) of this machine is off, and Gradstep's processes talk over it.",
            "本机的回环接口（127.0.0.1）已关闭，而 Gradstep 的进程要靠它通信。",
        ),
        Bilingual(
            "No other network is needed. Switch it on, on Linux with: ip link set lo up",
            "不需要其他网络。请打开它，在 Linux 上用：`ip link set lo up`",
        ),
    )


def _version(python: str) -> tuple[int, int] | None:
    """Which Python this is, None for what is none."""
    try:
        done = subprocess.run(
            [python, "-c", _QUESTION], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.decode(errors="replace").split()
    numbers = words[1].split(".") if len(words) == 2 and words[0] == "Python" else []
    return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 and all(map(str.isdigit, numbers)) else None
