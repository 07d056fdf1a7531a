"""The table of commands. A new one is a file beside this one and a row here; `docs/cli.md` describes each."""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import NoReturn

from ..errors import EnglishError


@dataclass(frozen=True, slots=True)
class Command:
    """One command. usage: its arguments in short. summary: one line. Its file has `add_arguments` and `run`."""

    name: str
    usage: str
    summary: str

    def load(self) -> ModuleType:
        """The module that carries it out: `add_arguments(parser)`, and `run(options) -> exit code`."""
        return importlib.import_module(f"{__package__}.{self.name.replace('-', '_')}")


COMMANDS = (
    Command("open", "[FILE]", "the window, on a trace or a script"),
    Command("record", "SCRIPT [-- ARGS...]", "run a script and record all of it into a trace"),
    Command("show", "TRACE", "print what a trace holds: every z, a, gradient and update"),
    Command("explain", "TRACE QUANTITY", "one number as an equation, with the numbers put in"),
    Command("op", "[NAME]", "what an operation, layer, autograd node or optimizer does"),
    Command("glossary", "[TERM]", "the words of the field: meaning, formula, shapes, slope"),
    Command("watch", "TRACE EXPR...", "expressions such as norm(dC/dw1), over iterations"),
    Command("by-hand", "TRACE NUMBERS", "hold your own numbers beside a trace's; a script is run"),
    Command("export", "TRACE --to FORMAT", "a trace as JSON, CSV or NumPy arrays"),
    Command("why", "TRACE", "why a recorded run failed, and what usually fixes it"),
    Command("check", "TRACE", "recompute a trace in NumPy: every op, gradient and update"),
    Command("compare", "TRACE TRACE", "two runs side by side: where they first differ"),
    Command("what-if", "TRACE", "run a trace's script again with one change; compare"),
    Command("branches", "TRACE", "the tree of what-if runs that a trace belongs to"),
    Command("doctor", "TRACE", "mistakes that a trace shows, and what to try"),
    Command("lessons", "[WHAT] [NAME]", "learn by predicting; handouts and marks for a class"),
    Command("verify", "SCRIPT [-- ARGS...]", "check that recording a script changes none of its bits"),
    Command("dap", "[--port N]", "a debug adapter: step tensors in VS Code, Neovim and others"),
    Command("devices", "", "the devices that a script can run on here"),
    Command("desktop", "[--remove]", "put Gradstep into the menus of a Linux desktop"),
    Command("version", "", "the versions of Gradstep and of what it uses"),
)


class UsageError(EnglishError):
    """The command line cannot be understood."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are sentences."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        hint = f"See: {self.prog} -h"
        foreign = message.partition("unrecognized arguments: ")[2]
        if foreign and any(action.dest == "script" for action in self._actions):
            hint = f"If they are the script's, put -- before them: {self.prog} SCRIPT -- {foreign}"
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", hint)


def parser_of(command: Command, module: ModuleType) -> Parser:
    """The parser of a command's arguments."""
    parser = Parser(
        prog=f"gradstep {command.name}",
        description=f"{command.summary[:1].upper()}{command.summary[1:]}.",
        epilog=getattr(module, "EPILOG", None),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    return parser
