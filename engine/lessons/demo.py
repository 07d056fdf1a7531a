"""A demo: a teacher's stops in a recorded run, played in order. A small JSON file beside the trace; it can run nothing.

{"gradstep_demo": 1, "stops": [{"position": 12, "quantity": 3, "iteration": 0, "level": "quantity", "note": "The bias",
"question": "Why is it cheap?", "framing": [1.5, 320.0, 80.0], "chosen": {"quantity": 2}}]}
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..bilingual import Bilingual, same
from ..errors import GradstepError
from ..limits import MIB
from ..session.place import Level, Place

VERSION = 1
SUFFIX = ".demo.json"
MOST_STOPS = 500
LONGEST_TEXT = 2_000
_KEY = "gradstep_demo"
_MOST_NUMBER = 1 << 53
_MOST_AXES = 64
_SMALLEST_ZOOM, _LARGEST_ZOOM, _FARTHEST = 0.001, 1000.0, 1e9
_HINT = Bilingual(
    "Is it the right file? Demos are written by Add stop to demo.", "这个文件对吗？演示由“添加停靠点到演示”写成。"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected at a stop; all None for nothing.

    card, pill: ids in the graph. position: of an event. value: id of a snapshot. quantity: index among the iteration's.
    symbol: what it is called. element: a place in the value.
    """

    card: str | None = None
    position: int | None = None
    value: int | None = None
    quantity: int | None = None
    pill: str | None = None
    symbol: str = ""
    element: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class DemoStop:
    """Where one stands, how the graph is seen, and what the teacher says there.

    framing: zoom, and what is in the middle (x, y in the graph's own units); None where the whole graph is fitted.
    question: for the class, "" for none.
    """

    place: Place
    level: Level
    chosen: Chosen = Chosen()
    framing: tuple[float, float, float] | None = None
    note: str = ""
    question: str = ""


def demo_file(trace: Path) -> Path:
    """Where the demo of a trace is kept."""
    return trace.with_name(f"{trace.name.removesuffix('.gradstep')}{SUFFIX}")


def read_demo(file: Path) -> tuple[DemoStop, ...]:
    """The stops of a file, in order. Raises GradstepError, with what is wrong, where it holds no demo."""
    try:
        if file.stat().st_size > MIB:
            raise GradstepError(Bilingual(f"{file} is too large for a demo.", f"{file} 太大，不会是演示。"), _HINT)
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise GradstepError(
            Bilingual(f"{file} cannot be read ({error.strerror}).", f"无法读取 {file}（{error.strerror}）。")
        ) from None
    except (ValueError, RecursionError) as error:
        raise GradstepError(Bilingual(f"{file} is not JSON: {error}.", f"{file} 不是 JSON：{error}。"), _HINT) from None
    if not isinstance(found, dict) or found.get(_KEY) != VERSION or not isinstance(found.get("stops"), list):
        raise GradstepError(
            Bilingual(f"{file} is no demo of version {VERSION}.", f"{file} 不是版本 {VERSION} 的演示。"), _HINT
        )
    if len(found["stops"]) > MOST_STOPS:
        raise GradstepError(
            Bilingual(f"{file} has more than {MOST_STOPS} stops.", f"{file} 的停靠点超过 {MOST_STOPS} 个。"), _HINT
        )
    stops = []
    for number, row in enumerate(found["stops"], 1):
        try:
            stops.append(_stop(row))
        except (_OddError, TypeError, ValueError, KeyError) as error:
            why = error.what if isinstance(error, _OddError) else same(str(error))
            raise GradstepError(
                Bilingual(
                    f"{file}: stop {number} cannot be understood ({why.english}).",
                    f"{file}：无法理解第 {number} 个停靠点（{why.chinese}）。",
                ),
                _HINT,
            ) from None
    return tuple(stops)


def write_demo(file: Path, stops: Sequence[DemoStop]) -> None:
    """Writes the file whole. Raises GradstepError where it cannot be written."""
    text = json.dumps({_KEY: VERSION, "stops": [_row(stop) for stop in stops]}, indent=1, ensure_ascii=False)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        new.write_text(f"{text}\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        raise GradstepError(
            Bilingual(
                f"The demo cannot be written to {file} ({error.strerror}).",
                f"演示无法写入 {file}（{error.strerror}）。",
            ),
            Bilingual("Save it elsewhere with Save as, in the panel Demo.", "请在“演示”面板中用“另存为”保存到别处。"),
        ) from None


class _OddError(Exception):
    """A row is not as `_row` would write it. what: the end of "it cannot be understood: "."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.what = Bilingual(english, chinese)


def _row(stop: DemoStop) -> dict[str, Any]:
    chosen = {key: value for key, value in asdict(stop.chosen).items() if value not in (None, "")}
    return {
        "position": stop.place.position,
        "quantity": stop.place.quantity,
        "iteration": stop.place.iteration,
        "level": str(stop.level),
        "note": stop.note,
        "question": stop.question,
        "framing": stop.framing,
        "chosen": chosen,
    }


def _stop(row: Any) -> DemoStop:
    """Raises _OddError, ValueError or KeyError for anything that `_row` would not write."""
    if not isinstance(row, dict):
        raise _OddError("it is no object", "它不是对象")
    position = _number(row["position"], "position")
    iteration = _number(row.get("iteration", -1), "iteration", -1)
    place = Place(position, _maybe_number(row.get("quantity"), "quantity"), iteration)
    texts = [_text(row.get(key, ""), key) for key in ("note", "question")]
    return DemoStop(place, Level(row["level"]), _chosen(row.get("chosen", {})), _framing(row.get("framing")), *texts)


def _chosen(row: Any) -> Chosen:
    if not isinstance(row, dict):
        raise _OddError("chosen is no object", "`chosen` 不是对象")
    element = row.get("element")
    if element is not None and not (isinstance(element, list) and len(element) <= _MOST_AXES):
        raise _OddError("element is no list of numbers", "`element` 不是数的列表")
    return Chosen(
        _maybe_text(row.get("card"), "card"),
        _maybe_number(row.get("position"), "position"),
        _maybe_number(row.get("value"), "value"),
        _maybe_number(row.get("quantity"), "quantity"),
        _maybe_text(row.get("pill"), "pill"),
        _text(row.get("symbol", ""), "symbol"),
        None if element is None else tuple(_number(one, "element") for one in element),
    )


def _framing(row: Any) -> tuple[float, float, float] | None:
    if row is None:
        return None
    if not isinstance(row, list) or len(row) != 3 or not all(type(one) in (int, float) for one in row):
        raise _OddError("framing is not three numbers", "`framing` 不是三个数")
    zoom, x, y = (float(one) for one in row)
    if not (_SMALLEST_ZOOM <= zoom <= _LARGEST_ZOOM and max(abs(x), abs(y)) <= _FARTHEST and math.isfinite(x + y)):
        raise _OddError("framing is out of range", "`framing` 超出范围")
    return zoom, x, y


def _number(found: Any, name: str, least: int = 0) -> int:
    if type(found) is not int or not least <= found <= _MOST_NUMBER:
        raise _OddError(f"{name} is no number that counts something", f"`{name}` 不是用来计数的数")
    return found


def _maybe_number(found: Any, name: str) -> int | None:
    return None if found is None else _number(found, name)


def _text(found: Any, name: str) -> str:
    if not isinstance(found, str) or len(found) > LONGEST_TEXT:
        raise _OddError(
            f"{name} is no text of at most {LONGEST_TEXT} letters", f"`{name}` 不是至多 {LONGEST_TEXT} 个字符的文字"
        )
    return found


def _maybe_text(found: Any, name: str) -> str | None:
    return None if found is None else _text(found, name)
