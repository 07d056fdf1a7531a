"""Tensors on different devices, and devices that are not there."""

from __future__ import annotations

from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _differ(facts: Facts) -> Told | None:
    by_device: dict[str, list[str]] = {}
    for operand in facts.operands:
        by_device.setdefault(operand.device, []).append(operand.name or operand.role.english)
    where = "; ".join(f"{device}: {', '.join(names)}" for device, names in by_device.items())
    data = next((x for x in facts.operands if not x.requires_grad), None)
    wanted = next((x.device for x in facts.operands if data is not None and x.device != data.device), "")
    if len(by_device) < 2 or data is None:
        where, name, device = "", "x", "device"
    else:
        name, device = data.code("x"), f'"{wanted}"'
    shown = (f" Here: {where}.", f"这里：{where}。") if where else ("", "")
    return told(
        (
            f"All tensors of one operation must lie on the same device.{shown[0]}",
            f"一个操作中的所有张量必须在同一设备上。{shown[1]}",
        ),
        (
            "Move the data to the model's device (or the model to the data's) before this line; .to gives a "
            "new tensor.",
            "在这一行之前把数据移到模型所在的设备（或反过来）；.to 返回新的张量。",
        ),
        f"{name} = {name}.to({device})",
    )


def _absent(facts: Facts) -> Told | None:
    built = "not compiled" in facts.message
    return told(
        (
            "This PyTorch was built without CUDA, so there is no GPU to move to; .cuda() does not fall back to the CPU."
            if built
            else "PyTorch can use CUDA, but finds no GPU or no driver here.",
            "这个 PyTorch 没有编译 CUDA 支持，没有 GPU 可用；.cuda() 不会自动退回 CPU。"
            if built
            else "这个 PyTorch 支持 CUDA，但这里找不到 GPU 或驱动。",
        ),
        (
            "Choose the device once, by what is there, and use .to(device).",
            "按实际情况选择一次设备，之后都用 .to(device)。",
        ),
        'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")',
        facts.line.replace(".cuda()", ".to(device)") if ".cuda()" in facts.line else "",
    )


def _ordinal(facts: Facts) -> Told | None:
    return told(
        (
            "There are fewer GPUs than this number says; they are counted from 0.",
            "GPU 没有这么多；编号从 0 开始。",
        ),
        ("Look at how many there are.", "查看有多少个 GPU。"),
        "print(torch.cuda.device_count())",
    )


def _to_numpy(facts: Facts) -> Told | None:
    x = facts.operand("0")
    name = "x" if x is None else x.code("x")
    return told(
        (
            "NumPy knows only the computer's own memory, and this tensor lies on the GPU.",
            "NumPy 只能使用主内存，而这个张量在 GPU 上。",
        ),
        ("Bring it to the CPU first.", "先把它移到 CPU。"),
        f"{name}.detach().cpu().numpy()",
    )


def _assert(facts: Facts) -> Told | None:
    return told(
        (
            "A check failed on the GPU, mostly an index or a class label out of range. The GPU works behind "
            "the script, "
            "so the mistake may lie lines before the one that is named, and nothing on this GPU works any more in this "
            "process.",
            "GPU 上的一项检查失败了，多半是索引或类别标签超出范围。GPU 的执行落后于脚本，所以出错的地方可能在所"
            "指的行之前；"
            "此后本进程中的 GPU 操作都会失败。",
        ),
        (
            "Run on the CPU, where the message says which index, or make the GPU wait after each operation.",
            "先在 CPU 上运行，那里会说明是哪个索引；或者让 GPU 每步都等待。",
        ),
        "CUDA_LAUNCH_BLOCKING=1 python script.py  # in the shell",
        "print(target.min(), target.max())",
    )


ROWS = (
    Row("device_assert", r"device-side assert", _assert),
    Row("no_gpu", r"not compiled with CUDA|No CUDA GPUs are available|Found no NVIDIA driver", _absent),
    Row("no_such_gpu", r"invalid device ordinal", _ordinal),
    Row("numpy_of_gpu", r"can't convert .* device type tensor to numpy", _to_numpy),
    Row(
        "devices_differ",
        r"on the same device|not on the expected device|"
        r"Input type \(torch\.(?:cuda\.)?\w+\) and weight type \(torch\.(?:cuda\.)?\w+\) should be|"
        r"indices should be either on",
        lambda facts: _differ(facts) if len({x.device for x in facts.operands}) != 1 else None,
    ),
)
