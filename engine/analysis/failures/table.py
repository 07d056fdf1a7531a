"""The table of errors: every row, in the order in which they are tried. A new kind of error is a row in `rows/`."""

from __future__ import annotations

import re
from collections.abc import Callable

from .facts import Facts
from .row import Row
from .rows import (
    backward,
    batch_sizes,
    broadcasting,
    convolution,
    devices,
    dtypes,
    freed_graph,
    in_place,
    indices,
    joining,
    leaving_torch,
    loading,
    matrix_products,
    memory,
    missing_grad,
    modules,
    optimizers,
    other,
    python_errors,
    state_dicts,
    targets,
    views,
)
from .told import Told

ROWS: tuple[Row, ...] = (
    *loading.ROWS,
    *state_dicts.ROWS,
    *devices.ROWS,
    *memory.ROWS,
    *freed_graph.ROWS,
    *in_place.ROWS,
    *missing_grad.ROWS,
    *backward.ROWS,
    *targets.ROWS,
    *dtypes.ROWS,
    *matrix_products.ROWS,
    *convolution.ROWS,
    *batch_sizes.ROWS,
    *joining.ROWS,
    *views.ROWS,
    *indices.ROWS,
    *leaving_torch.ROWS,
    *optimizers.ROWS,
    *modules.ROWS,
    *broadcasting.ROWS,
    *python_errors.ROWS,
    *other.ROWS,
)

_LONGEST = 4000
"""Characters of an error that are looked at: patterns take long in a message of a million, and torch's are shorter."""


def explained(type_: str, message: str, facts: Callable[[re.Match[str]], Facts], op: str) -> tuple[str, Told]:
    """The key of the first row that concerns an error and has something to say, and what it says.

    facts: what is known, given where a row's pattern was found. The last row of the table takes every error.
    """
    text = f"{type_}: {message}"[:_LONGEST]
    for row in ROWS:
        found = row.search(op, text)
        said = None if found is None else row.explain(facts(found))
        if said is not None:
            return row.key, said
    raise LookupError(f"no row takes {type_}")
