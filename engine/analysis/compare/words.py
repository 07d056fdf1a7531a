"""A difference in a sentence: "randn at train.py:12 drew other numbers"."""

from __future__ import annotations

import math

import numpy as np

from ...bilingual import NOTHING, Bilingual, listed
from ...bilingual import sentence as put_together
from ...counting import from_one
from ..notation.numbers import format_number
from .difference import Difference, Spot, Way
from .numbers import Distance, Unlike

_MOST_ARGUMENTS = 4
_RUNS = Bilingual("the first", "第一次运行"), Bilingual("the second", "第二次运行")


def sentence(found: Difference, names: tuple[Bilingual, Bilingual] = _RUNS) -> Bilingual:
    """What differs, without how far. names: what to call the two runs."""
    spot = found.spot
    what = _called(spot)
    en, zh = what.english, what.chinese
    match found.way:
        case Way.ONLY_FIRST:
            return put_together(f"Only {names[0].english} has {en}.", f"只有 {names[0].chinese} 有 {zh}。")
        case Way.ONLY_SECOND:
            return put_together(f"Only {names[1].english} has {en}.", f"只有 {names[1].chinese} 有 {zh}。")
        case Way.ONLY_ITERATION:
            one = names[0 if found.first else 1]
            return put_together(
                f"Only {one.english} goes on to iteration {from_one(spot.iteration)}.",
                f"只有 {one.chinese} 继续到第 {from_one(spot.iteration)} 次迭代。",
            )
        case Way.OTHER_OP:
            assert found.first is not None
            assert found.second is not None
            calls = _called(found.first), _called(found.second)
            return put_together(
                f"{names[0].english} calls {calls[0].english}, {names[1].english} calls {calls[1].english}.",
                f"{names[0].chinese} 调用 {calls[0].chinese}，{names[1].chinese} 调用 {calls[1].chinese}。",
            )
        case Way.FUNCTION:
            assert found.first is not None
            assert found.second is not None
            functions = found.first.function, found.second.function
            return put_together(
                f"{en} is {functions[0]} in {names[0].english} and {functions[1]} in {names[1].english}.",
                f"{zh} 在 {names[0].chinese} 中是 {functions[0]}，在 {names[1].chinese} 中是 {functions[1]}。",
            )
        case Way.ARGUMENTS:
            settings = arguments_text(found)
            return put_together(
                f"{en} has other settings: {settings.english}.", f"{zh} 的设置不同：{settings.chinese}。"
            )
        case Way.ERROR:
            return put_together(
                f"{en} raised an error in one run only, or another one.", f"{zh} 只在一次运行中出错，或出了不同的错。"
            )
        case Way.INPUT:
            return put_together(
                f"{en} reads another {found.slot}, which no recorded event made: other data, or other weights.",
                f"{zh} 读取的 {found.slot} 不同，而它不是由记录的事件产生的：数据不同，或权重不同。",
            )
        case Way.SOURCE:
            return put_together(
                f"{en} reads another value ({found.slot}): another event made it.",
                f"{zh} 读取的值（{found.slot}）不同：它由另一个事件产生。",
            )
        case Way.DRAW:
            return put_together(
                f"{en} drew other numbers: another seed, or other draws before it.",
                f"{zh} 抽到的随机数不同：种子不同，或之前抽取的次数不同。",
            )
        case Way.RESULT:
            how = _result(found, spot)
            return put_together(f"{en} {how.english}.", f"{zh} {how.chinese}。")
        case Way.FOLLOWS:
            return put_together(f"{en} differs because what it reads does.", f"{zh} 不同，因为它读取的值不同。")


def unlike_text(found: Unlike) -> Bilingual:
    """How two values differ, and how far they are apart."""
    head, far = NOTHING, NOTHING
    if found.what != "numbers":
        head = Bilingual(f"{found.first} and {found.second}", f"{found.first} 与 {found.second}")
    if found.distance is not None:
        far = distance_text(found.distance)
    return head + Bilingual("; ", "；") + far if head and far else head or far


def distance_text(found: Distance) -> Bilingual:
    """How far two arrays are apart, and where the most."""
    many = NOTHING
    if found.elements > 1:
        place = list(found.where)
        where = Bilingual(f" at {place}", f"在 {place} 处") if place else NOTHING
        many = Bilingual(
            f"{found.differing:,} of {found.elements:,} numbers differ, most{where.english}: ",
            f"{found.elements:,} 个数中有 {found.differing:,} 个不同，相差最大的{where.chinese or '一对'}：",
        )
    apart = apart_text(found)
    one, other = number(found.first), number(found.second)
    return many + Bilingual(f"{one} and {other}, {apart.english}", f"{one} 与 {other}，{apart.chinese}")


def apart_text(found: Distance) -> Bilingual:
    """The largest difference, and what that is in roundings."""
    if not math.isfinite(found.difference):
        return Bilingual("not to be compared", "无法比较")
    size = Bilingual(f"apart by {found.difference:.2g}", f"相差 {found.difference:.2g}")
    if not found.roundings:
        return size
    roundings = roundings_text(found.roundings)
    return size + Bilingual(f" ({roundings.english})", f"（{roundings.chinese}）")


def roundings_text(roundings: float) -> Bilingual:
    """How many roundings of its format a difference is."""
    if not math.isfinite(roundings):
        return Bilingual("many roundings", "许多次舍入")
    if roundings < 0.5:
        return Bilingual("less than a rounding", "不到一次舍入")
    count = f"{roundings:.0f}" if roundings < 1000 else f"{roundings:.1e}"
    return Bilingual(f"{count} rounding{'' if count == '1' else 's'}", f"{count} 次舍入")


def arguments_text(found: Difference) -> Bilingual:
    """The settings that differ: "lr 0.1 and 0.2"."""
    parts = [
        Bilingual(
            f"{name} {one or 'not given'} and {other or 'not given'}",
            f"{name} 为 {one or '未给出'} 与 {other or '未给出'}",
        )
        for name, one, other in found.arguments[:_MOST_ARGUMENTS]
    ]
    more = len(found.arguments) - len(parts)
    return listed([*parts, Bilingual(f"and {more} more", f"另有 {more} 项")] if more > 0 else parts)


def number(x: complex) -> str:
    """One number, in few digits."""
    return str(x) if isinstance(x, complex) else format_number(np.float64(x), 8, typographic=False)


def _called(spot: Spot) -> Bilingual:
    """An event and where it was called from."""
    place = f"{spot.file}:{spot.line}" if spot.line else ""
    of = f" of {spot.tensor}" if spot.tensor else f" in {spot.module}" if spot.module else ""
    of_zh = f"{spot.tensor} 的 " if spot.tensor else f"{spot.module} 中的 " if spot.module else ""
    return Bilingual(
        f"{spot.name}{of}{f' at {place}' if place else ''}", f"{of_zh}{spot.name}{f'（{place}）' if place else ''}"
    )


def _result(found: Difference, spot: Spot) -> Bilingual:
    what = "" if found.unlike is None else found.unlike.what
    if what == "shape":
        return Bilingual("gives another shape from the same inputs", "从相同的输入得到了不同的形状")
    if what == "dtype":
        return Bilingual("gives numbers of another format", "得到的数格式不同")
    if spot.kind == "op":
        return Bilingual("gives other numbers, and reads the same", "读取的相同，得到的数却不同")
    return Bilingual("gives other numbers, though the same arrives", "传来的相同，得到的数却不同")
