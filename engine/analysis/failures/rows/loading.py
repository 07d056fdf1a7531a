"""DataLoader and its worker processes."""

from __future__ import annotations

from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _inside(facts: Facts) -> Told | None:
    last = [line.strip() for line in facts.message.splitlines() if line.strip()][-1]
    return told(
        (
            f"Your Dataset (or collate function) raised this in worker process {facts.found[2]}: {last}",
            f"你的 Dataset（或 collate 函数）在工作进程 {facts.found[2]} 中抛出了异常：{last}",
        ),
        (
            "Run with num_workers=0 to stop where it happens, and try the sample by itself.",
            "设 num_workers=0 以便停在出错处，并单独试取那个样本。",
        ),
        "DataLoader(data, num_workers=0)",
        "data[0]",
    )


def _killed(facts: Facts) -> Told | None:
    return told(
        (
            "A process that loads data was ended from outside, mostly because memory (or shared memory, "
            "/dev/shm) ran out.",
            "加载数据的进程被外部终止，多半是内存（或共享内存 /dev/shm）耗尽。",
        ),
        (
            "Use fewer workers and smaller batches; num_workers=0 shows a mistake of its own.",
            "减少工作进程和批次大小；num_workers=0 可以看出其自身的错误。",
        ),
        "DataLoader(data, num_workers=0)",
    )


def _main_guard(facts: Facts) -> Told | None:
    return told(
        (
            'Worker processes import the script again; what is not inside `if __name__ == "__main__":` runs in each of '
            "them and starts workers anew.",
            '工作进程会重新导入脚本；不在 if __name__ == "__main__": 里的代码会在每个进程中再次运行并再启动进程。',
        ),
        ("Put what runs into the guard.", "把要运行的代码放进这个判断里。"),
        'if __name__ == "__main__":',
        "    main()",
    )


def _collate(facts: Facts) -> Told | None:
    return told(
        (
            "A batch is stacked from samples of numbers and tensors; one of yours is of another type.",
            "一个批次由数字和张量组成的样本堆叠而成；你的某个样本是别的类型。",
        ),
        (
            "Return tensors from __getitem__, or say how to put samples together.",
            "在 __getitem__ 中返回张量，或自己说明如何合并样本。",
        ),
        "DataLoader(data, collate_fn=my_collate)",
    )


ROWS = (
    Row("worker_raised", r"Caught (\w+) in DataLoader worker process (\d+)", _inside),
    Row("worker_killed", r"DataLoader worker \(pid.*?(?:exited unexpectedly|is killed by signal)", _killed),
    Row("main_guard", r"start a new process before the\s+current process has finished its bootstrapping", _main_guard),
    Row("collate", r"default_collate: batch must contain", _collate),
)
