"""Which elements of input, kernel and result meet in the three products of a walking kernel; see kernel_walk."""

from __future__ import annotations

from dataclasses import dataclass

from ....bilingual import NOTHING, Bilingual
from ..call import Call
from ..case import Backward, Forward, Index, Operand, Worked
from ..sums import counted
from .kernel_walk import LETTERS, OFFSETS, Walk, parted
from .many_terms import Sides, plain_sum, sum_of_products
from .windows import Places, grid

General = list[int | str]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of elements to multiply and add up. at: their places; general: the places with letters; below: under Σ."""

    at: tuple[Places, Places]
    general: tuple[General, General]
    below: str

    def __len__(self) -> int:
        return len(self.at[0])

    def sides(self, left: Operand, right: Operand) -> Sides:
        """The sum of left·right."""
        return sum_of_products(left, right, self.at, self.general, self.below)

    @property
    def swapped(self) -> Pairs:
        """The same with the sides exchanged."""
        return Pairs((self.at[1], self.at[0]), (self.general[1], self.general[0]), self.below)


def under_kernel(index: Index, kernel: Index, walk: Walk, letter: str = "c") -> Pairs:
    """(kernel, input) for one element of the result. kernel: the kernel's shape; letter: of the input's channels."""
    front, o, spot = parted(index, len(walk.axes))
    first = first_channel(o, kernel, walk.groups)
    reads = [axis.read(i) for axis, i in zip(walk.axes, spot, strict=True)]
    channels = range(kernel[1])
    offsets = grid([o], channels, *([u for u, _ in read] for read in reads))
    places = grid(*([n] for n in front), [first + c for c in channels], *([p for _, p in read] for read in reads))
    letters = [letter, *OFFSETS[: len(spot)]]
    from_group = f"{first}+{letter}" if first else letter
    return Pairs((offsets, places), ([o, *letters], [*front, from_group, *walk.corner(spot)]), ",".join(letters))


def over_element(index: Index, kernel: Index, walk: Walk, letter: str = "o") -> Pairs:
    """(result, kernel) for one element of the input: the windows that cover it, in each map of its group."""
    count = len(walk.axes)
    front, c, spot = parted(index, count)
    per_group, maps = kernel[1], kernel[0] // walk.groups
    group = range(maps * (c // per_group), maps * (c // per_group + 1))
    readers = [axis.readers(i) for axis, i in zip(walk.axes, spot, strict=True)]
    outputs = grid(*([n] for n in front), group, *([i for _, i in part] for part in readers))
    offsets = grid(group, [c % per_group], *([u for u, _ in part] for part in readers))
    general: tuple[General, General] = (
        [*front, letter, *LETTERS[:count]],
        [letter, c % per_group, *walk.offset_at(spot)],
    )
    return Pairs((outputs, offsets), general, ",".join((letter, *LETTERS[:count])))


def at_weight(index: Index, kernel: Index, walk: Walk, result: Index) -> Pairs:
    """(result, input) for one weight: all places at which the kernel used it. result: the result's shape."""
    o, c, *offset = index
    count = len(offset)
    first = first_channel(o, kernel, walk.groups)
    batch = [range(size) for size in result[: len(result) - count - 1]]
    used = [axis.used(u) for axis, u in zip(walk.axes, offset, strict=True)]
    outputs = [range(*part.indices(axis.outputs)) for (part, _), axis in zip(used, walk.axes, strict=True)]
    inputs = [range(*part.indices(axis.inputs)) for (_, part), axis in zip(used, walk.axes, strict=True)]
    front = ["n"] * len(batch)
    letters = [*front, *LETTERS[:count]]
    general: tuple[General, General] = (
        [*front, o, *LETTERS[:count]],
        [*front, first + c, *walk.under(tuple(offset))],
    )
    return Pairs((grid(*batch, [o], *outputs), grid(*batch, [first + c], *inputs)), general, ",".join(letters))


def first_channel(o: int, kernel: Index, groups: int) -> int:
    """The first of the input's channels that output channel o sees."""
    return kernel[1] * (o // (kernel[0] // groups))


def settings_of(case: Forward | Backward) -> Call:
    """The call without its arrays, which an equation of one element does not need as a whole."""
    return Call(case.op.name, case.op.function, case.settings, {})


def bias_equation(case: Backward, count: int) -> Worked:
    """dC/db of one channel: what arrived for it, over the batch and all places."""
    (o,) = case.index
    shape = case.upstream.array.shape
    batch, sizes = shape[: -count - 1], shape[-count:]
    front, letters = ["n"] * len(batch), LETTERS[:count]
    places = grid(*map(range, batch), [o], *map(range, sizes))
    symbols, numbers, computed = plain_sum(
        case.upstream, places, [*front, o, *letters], ",".join((*front, *letters))
    )  # fmt: skip
    return Worked(symbols, numbers, computed, note=_summed(len(places)))


def _summed(count: int) -> Bilingual:
    places = counted(count, Bilingual("place", "个位置"))
    return Bilingual(f"Summed over {places.english}.", f"对 {places.chinese}求和。")


def used(count: int) -> Bilingual:
    """At how many places a weight was used, in words."""
    return (
        Bilingual("This weight was used at one place.", "这个权重在 1 个位置被用到。")
        if count == 1
        else Bilingual(
            f"This weight was used at {count} places; each adds its part.",
            f"这个权重在 {count} 个位置被用到；各加上自己的一份。",
        )
    )


def covering(pairs: int, maps: int, each: Bilingual) -> Bilingual:
    """How many windows cover an element. pairs: over all maps. each: ", in each of 3 maps", for several."""
    windows = counted(pairs // maps, Bilingual("window", "个窗口"))
    covers = Bilingual("covers", "覆盖") if pairs == maps else Bilingual("cover", "覆盖")
    rest = each if maps > 1 else NOTHING
    return Bilingual(
        f"{windows.english} {covers.english} this element{rest.english}.",
        f"有 {windows.chinese}{covers.chinese}这个元素{rest.chinese}。",
    )
