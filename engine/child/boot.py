"""The first file of the child, run by its path: loads this package under a private name and hands over.

Nothing of ours may be on `sys.path`: the script is free to import an `engine.py` or an `app.py` of its own.
"""

import sys
from collections.abc import Callable


def _load() -> Callable[[], None]:
    """The function that runs the script."""
    import importlib
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    package = os.path.dirname(here)
    name = "_gradstep_engine"
    spec = importlib.util.spec_from_file_location(
        name, os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    if spec is None or spec.loader is None:
        raise ImportError("Gradstep is not installed whole: there is no " + package)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    run_child: Callable[[], None] = importlib.import_module(name + ".child.run").run_child
    return run_child


if sys.version_info < (3, 11):  # noqa: UP036 - the learner chooses the interpreter
    sys.exit("This Python is too old for Gradstep: it needs 3.11 or newer.")
_load()()
