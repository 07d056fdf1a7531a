"""Memory that ran out."""

from __future__ import annotations

from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _gpu(facts: Facts) -> Told | None:
    return told(
        (
            "The GPU's memory is full: parameters, optimizer state, and every activation that backward needs "
            "are in it.",
            "GPU 内存已满：参数、优化器状态和反向传播所需的全部激活都在其中。",
        ),
        (
            "Use a smaller batch; add numbers, not tensors, to a running total; evaluate under no_grad.",
            "减小批次；累计时加数字而不是张量；评估时使用 no_grad。",
        ),
        "total += loss.item()",
        "with torch.no_grad(): ...",
    )


def _main(facts: Facts) -> Told | None:
    sizes = facts.found[1] if facts.found.groups() and facts.found[1] else ""
    amount = f" It wanted {int(sizes):,} bytes at once." if sizes else ""
    amount_zh = f"一次申请了 {int(sizes):,} 字节。" if sizes else ""
    return told(
        (
            f"The computer's memory is not enough.{amount} A broadcast that makes n x n out of n is a frequent cause.",
            f"主内存不足。{amount_zh}常见原因是广播把 n 个数变成了 n x n 个。",
        ),
        ("Look at the shapes in this line, or use a smaller batch.", "检查这一行中的形状，或减小批次。"),
    )


ROWS = (
    Row("gpu_memory", r"CUDA out of memory|CUDA error: out of memory|MPS backend out of memory|OutOfMemoryError", _gpu),
    Row("memory", r"can't allocate memory: you tried to allocate (\d+) bytes", _main),
    Row("memory", r"^MemoryError|not enough memory|Storage size calculation overflowed", _main),
)
