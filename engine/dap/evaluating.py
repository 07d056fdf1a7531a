"""What an editor evaluates: watch expressions at the place where the run stands, and in the console a few orders."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from ..analysis.watches.watch import Found, WatchError, parse, value
from ..errors import EnglishError
from ..session.place import Level
from .here import Here
from .messages import RequestError
from .tensors import of_result
from .variables import Variable

_MOST_COPIED = 10_000
"""Elements that are put into the clipboard."""

_LONGEST = 10_000
_NAME = re.compile(r"[^\W\d]\w*(\.\w+)*|`[^`]*`")


def evaluated(here: Here, text: str, context: str) -> Variable:
    """The result of an expression. Raises RequestError with the reason where there is none."""
    if len(text) > _LONGEST:
        raise RequestError(f"An expression has at most {_LONGEST:,} letters.")
    try:
        watch = parse(text)
    except WatchError as error:
        if context == "hover":
            raise RequestError(error.message.english) from None
        raise RequestError(f"{error.message.english} (at letter {error.column + 1})", error.hint.english) from None
    place = here.moment.place
    found = value(watch, here.trace, place.position, place.iteration)
    if found.result is None:
        raise RequestError(found.reason.english)
    if context == "clipboard":
        return Variable(text, _copied(found))
    return of_result(found.result, text, text if _NAME.fullmatch(text) else f"({text})")


def _copied(found: Found) -> str:
    """All numbers as Python would write them; of very many only what is shown."""
    if isinstance(found.result, str):
        return found.result
    array: np.ndarray[Any, Any] = np.asarray(found.result)
    if array.size > _MOST_COPIED or array.dtype.kind == "c":
        return found.text().english
    return json.dumps(array.tolist())


ORDERS = {
    "level": f":level NAME    what one step is: {', '.join(Level)}",
    "iteration": ":iteration     on to the next iteration",
    "phase": ":phase         on to the next phase",
    "twin": ":twin          to the backward of this operation, or back to the operation",
    "to": ":to N          to a position, forward or back",
    "cut": ":cut A = B     change a value; no gradient goes on from it to what it was made of",
    "eof": ":eof           the end of the input that the script waits for",
    "help": ":help          this list",
}
"""Orders of the console: everything that moves a session and that the protocol has no request for."""


def order_of(text: str) -> tuple[str, str]:
    """(order, what follows it) of a line that begins with a colon. Raises GradstepError for an unknown one."""
    name, _, rest = text.strip().removeprefix(":").strip().partition(" ")
    if name not in ORDERS:
        raise EnglishError(f"There is no order :{name}.", "Write :help for a list.")
    return name, rest.strip()


def help_text() -> str:
    """What `:help` prints."""
    return "\n".join(["Expressions as in gradstep watch, and:", *(f"  {line}" for line in ORDERS.values())])
