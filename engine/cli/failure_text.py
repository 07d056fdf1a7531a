"""A failure as lines of text and as JSON: the line of source, the operands, the meaning, the fix, torch's message."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from ..analysis.failures.failure import Failure, Operand, Place
from ..bilingual import NOTHING, Bilingual
from .terminal import Terminal, columns, filled

_FIX = Bilingual("What usually fixes it", "通常的改法")
_SAYS = Bilingual("The message", "原始消息")
_NEEDS = {True: Bilingual("requires grad", "需要梯度"), False: NOTHING, None: NOTHING}


def failure_text(found: Failure, terminal: Terminal, chinese: bool) -> list[str]:
    """The lines that `gradstep why` prints."""
    lines = [terminal.bold(_title(found, chinese))]
    if found.place is not None and found.place.text:
        lines.append(f"  {found.place.text}")
    happened = _event(found, chinese)
    if happened:
        lines += ["", happened]
    lines += [f"  {line}" for line in _table(found.operands, chinese)]
    lines += ["", *_wrapped(found.told.meaning.in_language(chinese), terminal.width)]
    fix = f"{_FIX.in_language(chinese)}{'：' if chinese else ': '}{found.told.fix.in_language(chinese)}"
    lines += ["", *_wrapped(fix, terminal.width)]
    lines += [f"    {line}" for line in found.told.code]
    message = f"{found.type}: {found.message}" if found.message else found.type
    lines += ["", terminal.dim(f"{_SAYS.in_language(chinese)}{'：' if chinese else ':'}")]
    return lines + [terminal.red(f"  {line}") for line in message.splitlines()]


def failure_json(found: Failure) -> dict[str, Any]:
    """Everything that is known of a failure, in both languages."""
    return {
        "kind": found.kind,
        "type": found.type,
        "message": found.message,
        "position": found.position,
        "op": None if found.event is None else found.event.name,
        "place": _place_json(found.place),
        "node": None if found.node is None else found.node.name,
        "forward": None if found.forward is None else found.forward.name,
        "forward_place": _place_json(found.forward_place),
        "operands": [_operand_json(operand) for operand in found.operands],
        "meaning": found.told.meaning.plain(),
        "fix": found.told.fix.plain(),
        "code": list(found.told.code),
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"path": place.path, "line": place.line, "text": place.text}


def _operand_json(operand: Operand) -> dict[str, Any]:
    return {
        "name": operand.name,
        "role": operand.role.plain(),
        "shape": list(operand.shape),
        "dtype": operand.dtype,
        "device": operand.device,
        "requires_grad": operand.requires_grad,
        "origin": operand.origin.plain(),
    }


def _title(found: Failure, chinese: bool) -> str:
    if found.place is None:
        return found.type
    name = Path(found.place.path).name
    return (
        f"{name} 第 {found.place.line} 行 · {found.type}"
        if chinese
        else f"{name} line {found.place.line} · {found.type}"
    )


def _event(found: Failure, chinese: bool) -> str:
    """Which event it was; of an autograd node also the op whose gradient it computes."""
    event = found.event
    if event is None:
        return ""
    at = f"（位置 {event.position}）" if chinese else f" (position {event.position})"
    forward, place = found.forward, found.forward_place
    if forward is None:
        return f"{event.name}{at}"
    if place is None:
        return (
            f"{event.name}{at}：{forward.name} 的梯度"
            if chinese
            else f"{event.name}{at}, the gradient of {forward.name}"
        )
    if chinese:
        return f"{event.name}{at}：第 {place.line} 行中 {forward.name} 的梯度：{place.text}"
    return f"{event.name}{at}, the gradient of {forward.name} in line {place.line}: {place.text}"


def _table(operands: tuple[Operand, ...], chinese: bool) -> list[str]:
    rows = [
        (
            operand.name or "-",
            operand.role.in_language(chinese),
            f"[{', '.join(map(str, operand.shape))}]",
            operand.dtype,
            operand.device,
            _NEEDS[operand.requires_grad].in_language(chinese),
            operand.origin.in_language(chinese),
        )
        for operand in operands
    ]
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(filled(cell, width) for cell, width in zip(row, widths, strict=True) if width) for row in rows]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most this width; a text of wide characters is left to the terminal."""
    return textwrap.wrap(text, width, break_long_words=False) if columns(text) == len(text) else [text]
