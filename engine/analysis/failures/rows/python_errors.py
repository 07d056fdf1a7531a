"""Python's own errors, in words."""

from __future__ import annotations

from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _name(facts: Facts) -> Told | None:
    name = facts.found[1]
    imports = {
        "nn": "from torch import nn",
        "F": "import torch.nn.functional as F",
        "np": "import numpy as np",
        "plt": "import matplotlib.pyplot as plt",
        "torch": "import torch",
        "optim": "from torch import optim",
    }
    return told(
        (
            f"{name} has no value here: it is not imported, spelt otherwise, or assigned on a way that was not taken.",
            f"这里的 {name} 没有值：没有导入、拼写不同，或者给它赋值的那条路没有执行。",
        ),
        ("Import or assign it before this line.", "在这一行之前导入或赋值。"),
        imports.get(name, ""),
    )


def _module(facts: Facts) -> Told | None:
    return told(
        (
            f"The Python that ran the script has no package {facts.found[1]}.",
            f"运行脚本的 Python 没有安装 {facts.found[1]}。",
        ),
        (
            "Install it there, or choose the Python that has it: with --python, in the window in the run options.",
            "在那里安装它，或选择装有它的 Python：命令行用 --python，窗口里用“运行选项”。",
        ),
        f"pip install {facts.found[1].partition('.')[0]}",
    )


def _file(facts: Facts) -> Told | None:
    return told(
        (
            f"There is no file {facts.found[1]}. A relative name is looked for in the folder that the script "
            "was started in.",
            f"没有文件 {facts.found[1]}。相对路径从启动脚本时所在的文件夹算起。",
        ),
        (
            "Start the script in its folder, or name the file from the script's own place.",
            "在脚本所在的文件夹启动，或从脚本自身的位置写路径。",
        ),
        'Path(__file__).parent / "data.csv"',
    )


def _arguments(facts: Facts) -> Told | None:
    return told(
        (
            f"A call does not fit the function's parameters: {facts.found[0].removeprefix('TypeError: ')}.",
            f"调用与函数的参数不符：{facts.found[0].removeprefix('TypeError: ')}。",
        ),
        (
            "Compare the call with the `def` line; a method's first parameter is self.",
            "把调用与 def 那一行对照；方法的第一个参数是 self。",
        ),
    )


def _unread(facts: Facts) -> Told | None:
    return told(
        (
            "Python could not read the file, so nothing of it ran and there is no step to look at.",
            "Python 读不懂这个文件，所以它一行也没有运行，也没有可以查看的步骤。",
        ),
        (
            "Mend this line or the one above it (a missing bracket, quote, colon or indent is often noticed late), "
            "save, and run it again.",
            "改正这一行或它的上一行（缺少括号、引号、冒号或缩进，往往到后面才被发现），保存后重新运行。",
        ),
    )


def _other(facts: Facts) -> Told | None:
    if facts.event is not None:
        return None
    return told(
        (
            f"Python raised {facts.type} in the script itself, in no torch operation; the message says why.",
            f"Python 在脚本自身中抛出了 {facts.type}，与 torch 操作无关；原因见消息。",
        ),
        ("Look at the values in that line one step earlier.", "回退一步，查看这一行中的各个值。"),
    )


ROWS = (
    Row("name", r"(?:NameError|UnboundLocalError): .*?'(\w+)'", _name),
    Row("package", r"ModuleNotFoundError: No module named '([\w.]+)'", _module),
    Row("file", r"FileNotFoundError: .*?'(.*?)'", _file),
    Row("arguments", r"TypeError: [\w.]+\(\) (?:missing \d+|takes \d+|got an unexpected)[^\n]*", _arguments),
    Row("syntax", r"^(?:SyntaxError|IndentationError|TabError): ", _unread),
    Row("python", r".", _other),
)
