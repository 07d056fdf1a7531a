"""How the window runs a script, from what the user chose."""

from __future__ import annotations

import subprocess
from pathlib import Path

from app.state import RunOptions
from engine.cli.script_options import environment_with
from engine.session.session import Launch


def launch_of(script: Path, folder: Path | None, options: RunOptions, budget_bytes: int) -> Launch:
    """How the script is run: as from a terminal in that folder, which the user may have chosen."""
    if options.folder:
        script, folder = script.absolute(), Path(options.folder)
    is_inside = folder is not None and script.is_relative_to(folder)
    name = script.relative_to(folder) if folder is not None and is_inside else script
    return Launch(
        name,
        options.arguments,
        device=options.device,
        seed=options.seed,
        budget_bytes=budget_bytes,
        python=options.python or None,
        folder=folder,
        environment=environment_with(list(options.environment)) if options.environment else None,
        stdin=subprocess.PIPE,
        with_aten=options.with_aten,
    )
