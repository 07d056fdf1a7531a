"""What a scheduler is before and after a step, in plain numbers.

NOTE [What a scheduler's event says]
Its name is the scheduler's class; its arguments are the scheduler's settings and counters as they were before the step
(`step_size`, `gamma`, `T_cur`, ...), and: last_epoch: after the step. lr, new_lr: before and after, one a group.
momentum, new_momentum: where the scheduler turns that too. initial_lr, max_lr, min_lr: of the groups, where they have
them. epoch: what the script gave to `step`. metric: what it gave to ReduceLROnPlateau. factors: what the script's own
functions returned. parts: for schedulers made of others, what each of these did, in the same form, with its name.
Before the first step of all, the constructor of a scheduler makes one: it is an event if it changed something.
"""

from __future__ import annotations

from typing import Any

from torch.optim import lr_scheduler

from .settings import plain_setting

_LEFT_OUT = {
    *("_is_initial", "_get_lr_called_within_step"),
    *("optimizer", "last_epoch", "_last_lr", "verbose", "base_lrs", "_schedulers", "lr_lambdas"),
}
OWN = ("lr_lambdas", "_scale_fn_custom")
"""Attributes that hold functions of the script's own."""

_OF_GROUPS = ("initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum")


def is_initial(scheduler: Any) -> bool:
    """Whether this is the step that a constructor makes."""
    return bool(getattr(scheduler, "_is_initial", False)) or getattr(scheduler, "last_epoch", 0) < 0


def before_step(scheduler: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Settings and counters before the step; see NOTE [What a scheduler's event says]."""
    said = {}
    for name, held in vars(scheduler).items():
        plain = None if name in _LEFT_OUT else plain_setting(held)
        if plain is not None:
            said[name.lstrip("_")] = plain
    is_plateau = isinstance(scheduler, lr_scheduler.ReduceLROnPlateau)
    named = ("metrics", "epoch") if is_plateau else ("epoch",)
    given = {**dict(zip(named, args, strict=False)), **kwargs}
    for name, key in (("metrics", "metric"), ("epoch", "epoch")):
        plain = plain_setting(given.get(name))
        if plain is not None:
            said[key] = plain
    base_lrs = plain_setting(getattr(scheduler, "base_lrs", None))
    if base_lrs is not None:
        said["base_lrs"] = base_lrs
    groups = scheduler.optimizer.param_groups
    said["lr"] = _of_groups(groups, "lr")
    if _turns_momentum(scheduler):
        said["momentum"] = [_momentum(group) for group in groups]
    for name in _OF_GROUPS:
        if groups and all(name in group for group in groups):
            said[name] = _of_groups(groups, name)
    return said


def after_step(scheduler: Any, said: dict[str, Any], parts: list[dict[str, Any]], factors: list[Any]) -> dict[str, Any]:
    """What there is to say after the step. said: before it. parts: of those that stepped in it."""
    groups = scheduler.optimizer.param_groups
    found: dict[str, Any] = {"new_lr": _of_groups(groups, "lr")}
    if "momentum" in said:
        found["new_momentum"] = [_momentum(group) for group in groups]
    if hasattr(scheduler, "last_epoch"):
        found["last_epoch"] = scheduler.last_epoch
    if hasattr(scheduler, "_schedulers"):
        found["parts"] = parts or [_began_part(scheduler, said, factors)]
    elif factors:
        found["factors"] = factors
    return found


def with_parts(scheduler: Any) -> list[Any]:
    """A scheduler and those that it is made of."""
    return [scheduler, *(one for part in getattr(scheduler, "_schedulers", ()) for one in with_parts(part))]


def _began_part(scheduler: Any, said: dict[str, Any], factors: list[Any]) -> dict[str, Any]:
    """What the next part of a sequence did at its milestone: it was set to epoch 0, by no step of its own."""
    part = scheduler._schedulers[sum(milestone <= scheduler.last_epoch for milestone in scheduler._milestones)]
    done = before_step(part, (0,), {})
    done |= after_step(part, done, [], factors)
    return {"name": type(part).__name__, **done, "lr": said["lr"]}


def _turns_momentum(scheduler: Any) -> bool:
    return bool(getattr(scheduler, "cycle_momentum", False))


def _momentum(group: dict[str, Any]) -> Any:
    return plain_setting(group["betas"][0] if "betas" in group else group.get("momentum"))


def _of_groups(groups: list[dict[str, Any]], name: str) -> list[Any]:
    return [plain_setting(group[name]) for group in groups]
