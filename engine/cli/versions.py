"""Which versions are at work, without importing what they are versions of."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path


def gradstep_version() -> str:
    """The version of this Gradstep: the installed one's, or in a bare checkout what its pyproject.toml says."""
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    if project.is_file():
        with project.open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    return installed("gradstep") or "unknown"


def installed(distribution: str) -> str:
    """The version of an installed distribution, "" if there is none."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""
