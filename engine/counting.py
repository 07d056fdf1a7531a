"""Iterations as people count them.

A trace, JSON, CSV and npz files, lesson files and Python index iterations from 0, with -1 for the set-up. Whatever is
said to people or typed by them (sentences, options of the command line, conditions, watches) counts from 1, as the
window does; 0 is the set-up.
"""

from __future__ import annotations


def from_one(index: int) -> int:
    """The number by which people know an iteration: 1 is the first, 0 the set-up."""
    return index + 1


def from_zero(number: int) -> int:
    """The iteration's index in a trace, of the number that people know it by."""
    return number - 1
