"""Compares a picture with an approved one as somebody would who lays them side by side: a panel that moved, a line that
is missing and another colour are seen, letters that another machine smooths a little differently are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

TILE_PX = 16
MOST_APART = 6.5
"""Of 255, on average over a tile, in the colour that differs most: half of what a changed word makes. Letters that are
half a pixel off come to 6. A line of one pixel that is missing is less, too, and not seen."""

_FADED = 0.25
_STEP = 5
"""Of 255: what is stored is rounded to multiples of it, which nobody sees and makes files half as large."""


def load(path: Path) -> np.ndarray:
    """A stored picture: float array, shape (height, width, 3), 0 to 255."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.float64)


def store(picture: np.ndarray, path: Path) -> None:
    """Writes a small PNG."""
    path.parent.mkdir(exist_ok=True)
    rounded = Image.fromarray((np.rint(picture / _STEP) * _STEP).astype(np.uint8))
    few = rounded.getcolors(256)
    (rounded if few is None else rounded.quantize(len(few), dither=Image.Dither.NONE)).save(path, optimize=True)


def pixels(image: QImage) -> np.ndarray:
    """Its colours: float array, shape (height, width, 3), 0 to 255."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.float64)


def held_against(actual: np.ndarray, file: Path, now: Path, *, approve: bool) -> str:
    """What is wrong with a picture whose approved one is in `file`, as a sentence; "" where nothing is.

    Where something is, the picture is written to `now`, and what differs beside it; or, to approve it, to `file`.
    """
    approved = load(file) if file.is_file() else None
    told = "Nobody has approved it yet." if approved is None else compare(actual, approved)
    if told and approve:
        store(actual, file)
        return ""
    if told:
        store(actual, now)
        if approved is not None and approved.shape == actual.shape:
            store(difference(actual, approved), now.with_suffix(".difference.png"))
    return told


def apart(actual: np.ndarray, approved: np.ndarray) -> np.ndarray:
    """How far each tile of two pictures of one size is apart, where each may be up to a pixel off in any direction.

    Returns an array of shape (tiles down, tiles across); the last ones may be narrower.
    """
    soft, wanted = _softened(actual), _softened(approved)
    height, width = wanted.shape[:2]
    halves = _halves(np.pad(soft, ((1, 1), (1, 1), (0, 0)), mode="edge"))
    moved = [
        _tile_means(np.abs(halves[down : down + 2 * height : 2, right : right + 2 * width : 2] - wanted))
        for down in range(5)
        for right in range(5)
    ]
    return np.min(moved, axis=0)


def compare(actual: np.ndarray, approved: np.ndarray) -> str:
    """What is different, as a sentence; "" where they look the same."""
    if actual.shape != approved.shape:
        (high, wide), (was_high, was_wide) = actual.shape[:2], approved.shape[:2]
        return f"It is {wide}x{high} now and was {was_wide}x{was_high}."
    if np.abs(actual - approved).max(initial=0) <= MOST_APART:
        return ""
    tiles = apart(actual, approved)
    found = np.argwhere(tiles > MOST_APART)
    if not len(found):
        return ""
    (top, left), (bottom, right) = found.min(axis=0) * TILE_PX, (found.max(axis=0) + 1) * TILE_PX
    share = len(found) / tiles.size
    return (
        f"It looks different between x {left} and {right}, y {top} and {bottom}: in {share:.1%} of the picture, "
        f"by up to {tiles.max():.0f} of 255 (up to {MOST_APART:g} is taken for the same)."
    )


def difference(actual: np.ndarray, approved: np.ndarray) -> np.ndarray:
    """The actual picture with all faded that looks the same; both are of one size."""
    shown = apart(actual, approved) > MOST_APART
    mask = np.repeat(np.repeat(shown, TILE_PX, axis=0), TILE_PX, axis=1)[: actual.shape[0], : actual.shape[1], None]
    return np.where(mask, actual, 255 - (255 - actual) * _FADED)


def _softened(picture: np.ndarray) -> np.ndarray:
    """Each pixel as the average of the 3 x 3 around it."""
    height, width = picture.shape[:2]
    around = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    return sum(around[down : down + height, right : right + width] for down in range(3) for right in range(3)) / 9


def _halves(picture: np.ndarray) -> np.ndarray:
    """The picture with a pixel put between each two: height and width are 2n - 1."""
    for axis in (0, 1):
        first, second = np.delete(picture, -1, axis), np.delete(picture, 0, axis)
        between = np.stack((first, (first + second) / 2), axis + 1)
        shape = list(picture.shape)
        shape[axis] = 2 * (shape[axis] - 1)
        picture = np.concatenate((between.reshape(shape), np.take(picture, [-1], axis)), axis)
    return picture


def _tile_means(picture: np.ndarray) -> np.ndarray:
    """The average over each tile, of the channel where it is largest."""
    height, width = picture.shape[:2]
    rows, columns = np.arange(0, height, TILE_PX), np.arange(0, width, TILE_PX)
    sums = np.add.reduceat(np.add.reduceat(picture, rows, axis=0), columns, axis=1)
    sizes = np.outer(np.diff([*rows, height]), np.diff([*columns, width]))
    return (sums / sizes[:, :, None]).max(axis=2)
