"""Python imports this by its name before the script it was started with: holds it there, with torch already imported.

Each request on the socket splits off a process that goes on from here: it runs the script, `boot.py`, as Python runs
any script, and ends as any Python ends. See `tests/helpers/warm_start.py`, which asks.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import random
import socket
import sys
import time

OUT_OF_THE_WAY = 400
"""Descriptors from here on are ours; a script's are far below."""


def serve() -> None:
    """Returns in the processes that are split off; the one that splits them ends with the other end of its socket."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.remove(here)
    asked = socket.socket(fileno=out_of_the_way(int(os.environ["GRADSTEP_WARM_SOCKET"])))
    import numpy
    import torch._dynamo  # noqa: F401 - the first step of any optimizer imports it

    gc.collect()
    gc.freeze()  # else each process looks through it all when it ends, and has copies of it made
    while True:
        text, descriptors, _, _ = socket.recv_fds(asked, 1 << 20, 16)
        if not text:
            os._exit(0)
        between = os.fork()
        if between == 0:
            if os.fork():
                os._exit(0)  # whoever asked takes in what was split off
            asked.close()
            become(json.loads(text), descriptors)
            random.seed()
            numpy.random.seed()
            return
        os.waitpid(between, 0)
        for descriptor in descriptors:
            os.close(descriptor)


def become(wanted: dict, descriptors: list[int]) -> None:
    """Takes on folder, environment, process group and descriptors as wanted; waits until whoever asked lets it go."""
    answers, *given = [out_of_the_way(descriptor) for descriptor in descriptors]
    while os.getppid() != wanted["parent"]:
        time.sleep(0.0005)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.setpgid(0, wanted["group"])
    for descriptor, number in zip(given, wanted["numbers"], strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    trouble = 0
    try:
        os.chdir(wanted["folder"])
    except OSError as error:
        trouble = error.errno
    os.write(answers, json.dumps([os.getpid(), trouble]).encode())
    os.read(answers, 1)
    os.close(answers)
    if trouble:
        os._exit(255)


def out_of_the_way(descriptor: int) -> int:
    """The same open file under a high number."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
    os.close(descriptor)
    return moved


serve()
