"""What the window does not need for its first paint, and loads beside it right afterwards.

NOTE [Loaded later]
Loading all modules takes longer than a window may take to appear. Those that only a dialog, a job, a plot or an opened
trace needs are imported in the function that needs them. A thread loads them meanwhile, so that hardly anybody waits
there: `load_later` names them, most urgent first.
"""

from __future__ import annotations

import importlib

from app.models.source_lines import coloured_lines
from engine.analysis.explain.formulas import formula_of

_MODULES = (
    *("numpy.ma", "pyqtgraph", "app.plots.curves_drawing", "app.plots.browsing"),
    *("engine.analysis.table.operations", "engine.analysis.table.updates", "engine.analysis.verdict.checker"),
    *("engine.analysis.explain.chain", "engine.analysis.failures.finding"),
    *("engine.analysis.findings.doctor", "engine.analysis.compare.report"),
    *("app.dialogs.palette", "app.dialogs.run_options"),
)


def load_later() -> None:
    """Loads them; meant for a thread beside the window's."""
    coloured_lines("")  # the first look at a source makes the lexer's tables
    for name in _MODULES:
        importlib.import_module(name)
    formula_of("")  # the first op without a row reads torch's table of formulas, which is long
