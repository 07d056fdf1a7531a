"""What the child is told when it starts: one JSON text in its environment, gone before the script runs."""

from __future__ import annotations

from dataclasses import dataclass

OPTIONS_VARIABLE = "GRADSTEP_CHILD"
"""Environment variable that holds the encoded `ChildOptions`."""


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The call that computes what the network answers: of a function's last name, in a file, at a span of its source.

    number, count: which one of how many calls there it is, in each pass, from 0.
    """

    function: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class BranchOrigin:
    """That a run is a branch of another one.

    parent: absolute path of its trace; started: when that run began, as its trace says. position: where they part, -1
    for a change from the start. edits: what is changed there, as "w1 = 0.5". changes: what is put in the place of what
    the script asks for, as "lr=0.1" (see `engine.child.changes`). output: where the script computes what the network
    answers, for a change of that; None where nothing is asked of it.
    """

    parent: str
    started: str
    position: int
    edits: tuple[str, ...]
    changes: tuple[str, ...]
    output: OutputPlace | None = None


@dataclass(frozen=True, slots=True)
class ChildOptions:
    """How to run the script.

    script: path as the user gave it, relative to the child's folder; it becomes `sys.argv[0]`. arguments: the rest of
    `sys.argv`. trace: absolute path of the file to write, "" to record nothing. device: torch's name of the default
    device. seed: seeds torch, numpy and random; None leaves them as Python starts them. first_iteration,
    last_iteration: the window [first, last) of iterations to record, None: no end. live: a gate stands before each
    event, and the script is held at the first. port, token: of the controlling side's listener. fingerprint: absolute
    path of a file to leave hashes of the final state in, "" for none. beside: absolute path of a trace to hold the
    script's own numbers beside, "" for none; report: where to leave what was found; renamed: "own=trace's" names.
    branch: of which run this is a branch, None for none.
    generators: states of the random generators to begin with, as JSON (`engine.child.generators`), "" to leave them.
    guard: the file descriptor that a guard waits on, -1 for no guard. crash: of the file to note a crash in, or -1.
    asks: tell when the script waits for input.
    with_aten: record what torch calls inside its operations too.
    """

    script: str
    arguments: tuple[str, ...]
    trace: str
    device: str
    seed: int | None
    first_iteration: int
    last_iteration: int | None
    budget_bytes: int
    live: bool
    port: int
    token: str
    fingerprint: str
    beside: str = ""
    report: str = ""
    renamed: tuple[str, ...] = ()
    branch: BranchOrigin | None = None
    generators: str = ""
    guard: int = -1
    crash: int = -1
    asks: bool = False
    with_aten: bool = False
