"""Settings of optimizers and schedulers as a trace has them: numbers, texts and lists of such."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
from torch import Tensor


def plain_setting(held: Any) -> Any:
    """A setting as JSON has it; None for what is none, or of another kind. Runs no code of the script.

    A tensor of one number is that number. The counted milestones of MultiStepLR are a sorted list.
    """
    if isinstance(held, Tensor):
        return plain_setting(held.item()) if held.numel() == 1 else None
    if isinstance(held, np.number | np.bool_):
        return plain_setting(held.item())
    if isinstance(held, float):
        return held if math.isfinite(held) else repr(held)
    if type(held) in (bool, int, str):
        return held
    if type(held) is Counter:
        return sorted(held.elements())
    if isinstance(held, list | tuple):
        return [plain_setting(item) for item in held]
    if type(held) is dict:
        return {str(key): plain_setting(item) for key, item in held.items()}
    return None
