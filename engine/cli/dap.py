"""`gradstep dap`: the Debug Adapter Protocol, for editors, on the standard streams or on a port."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from ..dap.serving import serve_port, serve_streams, token_from
from ..errors import EnglishError

EPILOG = """An editor starts this; docs/editors.md has configurations for VS Code, Neovim and others.

examples:
  gradstep dap                 the protocol on stdin and stdout
  gradstep dap --port 4711     on 127.0.0.1; the token that is printed goes into the configuration

GRADSTEP_DAP_TOKEN in the environment is used as the token, so that it can stay the same."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep dap`."""
    parser.add_argument(
        "--port", type=int, metavar="N", help="listen on 127.0.0.1:N, 0 for a free port (default: stdin and stdout)"
    )


def run(options: argparse.Namespace) -> int:
    """Serves until the editor is gone, or on a port until Ctrl-C; returns 0."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _leave)
    if options.port is not None:
        if not 0 <= options.port < 1 << 16:
            raise EnglishError(f"There is no port {options.port}.", "Ports go from 0 to 65535.")
        token = token_from(dict(os.environ))
        serve_port(options.port, token, lambda port: _announce(port, token))
    elif sys.stdin.isatty():
        raise EnglishError(
            "An editor talks to this command, not a person at a terminal.", "See docs/editors.md, or use --port N."
        )
    else:
        serve_streams()
    return 0


def _announce(port: int, token: str) -> None:
    print(f"Debug adapter at 127.0.0.1:{port}\ntoken: {token}", flush=True)


def _leave(number: int, frame: FrameType | None) -> None:
    """Asked to end: scripts are ended too, on the way out."""
    raise SystemExit(128 + number)
