"""--language, of every command that speaks both of Gradstep's languages."""

from __future__ import annotations

import argparse

_ENGLISH, _CHINESE = "en", "zh"


def add_language(parser: argparse.ArgumentParser) -> None:
    """Adds --language; see `speaks_chinese`. English is the default, as all else on the command line is English."""
    parser.add_argument(
        "--language", choices=(_ENGLISH, _CHINESE), default=_ENGLISH, help="what to say it in (default: en)"
    )


def speaks_chinese(options: argparse.Namespace) -> bool:
    """Whether Chinese was asked for."""
    return bool(options.language == _CHINESE)
