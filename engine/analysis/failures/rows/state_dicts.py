"""load_state_dict of another model's weights."""

from __future__ import annotations

import re

from ..facts import Facts
from ..row import Row
from ..told import Told, told

_MOST = 4


def _mismatch(facts: Facts) -> Told | None:
    message = facts.message
    missing, unexpected = _names("Missing key", message), _names("Unexpected key", message)
    sizes = re.findall(
        r"size mismatch for ([\w.]+): copying a param with shape torch\.Size\((\[.*?\])\) from checkpoint, the shape "
        r"in current model is torch\.Size\((\[.*?\])\)",
        message,
    )
    parts_en, parts_zh = [], []
    for name, stored, wanted in sizes[:_MOST]:
        parts_en.append(f"{name} is {stored} in the file and {wanted} in the model.")
        parts_zh.append(f"{name} 在文件中是 {stored}，在模型中是 {wanted}。")
    if missing:
        parts_en.append(f"The file lacks {_listed(missing)}.")
        parts_zh.append(f"文件中缺少 {_listed(missing)}。")
    if unexpected:
        parts_en.append(f"The model has no {_listed(unexpected)}.")
        parts_zh.append(f"模型中没有 {_listed(unexpected)}。")
    meaning = (
        f"The stored weights are of another model than {facts.found[1]}. {' '.join(parts_en)}",
        f"保存的权重与 {facts.found[1]} 不是同一个模型。{''.join(parts_zh)}",
    )
    if unexpected and all(name.startswith("module.") for name in unexpected):
        return told(
            meaning,
            (
                "They come from DataParallel, which puts `module.` before each name.",
                "它们来自 DataParallel，每个名字前多了 module.。",
            ),
            'state = {name.removeprefix("module."): w for name, w in state.items()}',
        )
    fix = (
        "Build the model with the sizes and names that it was stored with.",
        "按保存时的大小和名字建立模型。",
    )
    return told(
        meaning, fix, "" if sizes else "model.load_state_dict(state, strict=False)  # leaves out what does not fit"
    )


def _names(title: str, message: str) -> list[str]:
    found = re.search(rf"{title}\(s\) in state_dict: (.*?)\.\s*(?:\n|$)", message)
    return re.findall(r'"(.*?)"', found[1]) if found else []


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" … (+{more})" if more > 0 else "")


ROWS = (Row("state_dict", r"Error\(s\) in loading state_dict for (\w+)", _mismatch),)
