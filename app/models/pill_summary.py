"""Many parameters as one pill: how many of their `.grad` boxes hold something. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.scene import GradStatus, PillState


def summary_of(pills: Sequence[PillState]) -> PillState:
    """The states of at least one parameter together: "3/4" of the boxes are filled, "0" when all hold zeros.

    A box that was added to shows through, as does an update of any of them.
    """
    filled = [pill for pill in pills if pill.grad_status in ("holding", "added")]
    statuses = {pill.grad_status for pill in pills}
    status: GradStatus = "none"
    for one in ("zero", "holding", "added"):
        if one in statuses:
            status = one
    text = f"{len(filled)}/{len(pills)}" if filled else ""
    return PillState("", text, status, any(pill.updated for pill in pills), max(pill.grad_passes for pill in pills))
