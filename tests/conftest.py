"""What every test stands on: offscreen Qt, one arithmetic thread, hypothesis without deadlines, no thread left over."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Read by Qt, torch and numpy when they start, none of which has, and inherited by the child processes of tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

settings.register_profile(
    "gradstep",
    deadline=None,  # a loaded machine is slow, not wrong
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gradstep")

THREAD_GRACE_S = 2.0


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """Fails a test that leaves a thread running; threads of wider fixtures were there before and may stay."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    while left := [thread for thread in threading.enumerate() if thread not in before]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads still running after the test: {', '.join(thread.name for thread in left)}")
        time.sleep(0.01)
