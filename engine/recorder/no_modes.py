"""Reading a tensor so that no dispatch mode sees it, neither the script's nor ours of the aten level."""

from __future__ import annotations

import contextlib

import torch
from torch.utils._python_dispatch import _disable_current_modes


def no_modes() -> contextlib.AbstractContextManager[object]:
    """Without dispatch modes for a while; costs next to nothing where there are none."""
    return _disable_current_modes() if torch._C._len_torch_dispatch_stack() else contextlib.nullcontext()
