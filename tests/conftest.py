"""What every test stands on: offscreen Qt, one thread to compute, hypothesis without deadlines, nothing left over."""

import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.warm_start import Warm, warm_starts

# Read by Qt, torch and numpy when they start, none of which has, and inherited by the child processes of tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))  # the shipped fonts and no others
os.environ["QT_SCALE_FACTOR"], os.environ["QT_FONT_DPI"] = "1", "96"
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has them ignore Ctrl+C, and the processes that are sent one too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "gradstep",
    deadline=None,  # a loaded machine is slow, not wrong
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gradstep")

GRACE_S = 2.0

T = TypeVar("T")

WARM = Warm()
"""Scripts start from it, see NOTE [Warm starts]."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """See `docs/screenshots.md`."""
    parser.addoption("--approve", action="store_true", help="take the panels of today for the approved pictures")


def pytest_collection_finish() -> None:
    """Keeps Python's collector off what the tests themselves are: looking through them took over a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_outlives_its_test() -> Iterator[None]:
    """Fails a test that leaves a thread or a process running; those of wider fixtures were there before and stay."""
    threads, children = set(threading.enumerate()), running_children()
    yield
    left_threads = still_there(lambda: set(threading.enumerate()) - threads)
    left_children = still_there(lambda: running_children() - children)
    names = [f"thread {thread.name}" for thread in left_threads] + [f"process {child}" for child in left_children]
    if names:
        pytest.fail(f"still running after the test: {', '.join(names)}")


@pytest.fixture(autouse=True, scope="session")
def scripts_start_warm() -> Iterator[None]:
    """Scripts are started from a Python that has torch."""
    with warm_starts(WARM):
        yield
    WARM.close()


@pytest.fixture(autouse=True)
def cold_where_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test marked `cold_start` starts scripts as the program itself does."""
    before = WARM.is_allowed
    WARM.is_allowed = before and request.node.get_closest_marker("cold_start") is None
    yield
    WARM.is_allowed = before


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Fails the run if anything in this process asks for a name or a connection beyond this machine."""
    touched: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def is_here(host: object) -> bool:
        return str(host) in ("", "None", "localhost", "::1") or str(host).startswith("127.")

    def connected(own: socket.socket, address: Any) -> None:
        if own.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            touched.append(f"a connection to {address}")
            raise OSError("tests have no network")
        connect(own, address)

    def looked_up(host: Any, *others: Any, **named: Any) -> Any:
        if not is_here(host):
            touched.append(f"the address of {host}")
            raise OSError("tests have no network")
        return look_up(host, *others, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connected)
        patch.setattr(socket, "getaddrinfo", looked_up)
        yield
    assert not touched, f"the network was asked for {', '.join(touched)}"


@pytest.fixture(autouse=True)
def widgets_end_with_their_test() -> Iterator[None]:
    """Else windows are there until the next one runs, and take on that one's looks, widget by widget."""
    yield
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def usual_float_type() -> Iterator[None]:
    """Lets each test begin with float32 as torch's default, and fails one that leaves another."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_default_dtype(torch.float32)
    yield
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_default_dtype() != torch.float32:
        torch.set_default_dtype(torch.float32)
        pytest.fail("torch's default type is another one after the test")


def still_there(look: Callable[[], set[T]]) -> set[T]:
    """What `look` still finds after giving it a moment to end."""
    deadline = time.monotonic() + GRACE_S
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def running_children() -> set[tuple[int, str]]:
    """Our child processes, each with its command line, on systems that list them (Linux); none elsewhere."""
    numbers = [number for task in Path("/proc/self/task").glob("*/children") for number in text_of(task).split()]
    commands = {int(number): command_line(number) for number in numbers}
    # multiprocessing keeps its tracker to the end of the program; a process that has ended has no command line.
    warm = None if WARM.process is None else WARM.process.pid
    return {
        (number, line)
        for number, line in commands.items()
        if line and number != warm and "resource_tracker" not in line
    }


def command_line(number: str) -> str:
    """The command of a process, empty when it has ended."""
    return text_of(Path(f"/proc/{number}/cmdline")).replace("\0", " ").strip()


def text_of(path: Path) -> str:
    """What a file of /proc says, nothing once its thread or process has ended."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
