"""What tensors and modules are called: paths of modules, names of parameters, variables of the script."""

from __future__ import annotations

import weakref
from types import FrameType
from typing import Any

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from ..trace.batch import Batch
from .capture import dtype_name, shape_of, storage_pointer


class Names:
    """Knows each tensor that lives longer than one op, and each module, by name.

    A module's path is relative to the outermost module that was called (or whose `forward` was). Parameters are named
    as in `named_parameters()`; other tensors by the variable that holds them in the calling frame.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._tensors: dict[int, tuple[weakref.ref[Tensor], int]] = {}
        self._lazy: dict[int, tuple[str, str]] = {}
        """Name and kind of parameters that have no shape yet."""
        self.kinds: dict[int, str] = {}
        """What each named tensor is, by its id: "parameter", "buffer" or "input"."""
        self._nameless: dict[int, int] = {}
        self._by_name: dict[tuple[str, str], int] = {}
        self._count = 0
        self._modules: dict[int, tuple[weakref.ref[nn.Module], str, str]] = {}
        self._parameters: dict[int, tuple[weakref.ref[Tensor], str, str]] = {}
        self._taken: set[str] = set()
        self.storages: dict[int, tuple[weakref.ref[Tensor], int]] = {}
        """Address of the storage of a named tensor -> (tensor, its id)."""
        self.trainable = False
        """Whether a leaf that requires grad was seen."""

    def tensor(self, tensor: Tensor, frame: FrameType | None, kind: str = "") -> int:
        """The id of a tensor that lives longer than an op; registers it when it is new. kind: if it is known."""
        entry = self.id_of(tensor)
        if entry is not None:
            return entry
        name, found = self._name(tensor, frame)
        kind = kind or found
        known = self._by_name.get((name, kind)) if name and kind == "input" else None
        if known is None:
            self._count += 1
            known = self._count
            if name:
                self._by_name[name, kind] = known
            self._write(known, name, kind, tensor)
            if not name:
                self._nameless[id(tensor)] = known
        self._tensors[id(tensor)] = (weakref.ref(tensor), known)
        self.note_storage(tensor, known)
        if tensor.requires_grad:
            self.trainable = True
        return known

    def id_of(self, tensor: Tensor) -> int | None:
        """The id of a registered tensor."""
        entry = self._tensors.get(id(tensor))
        if entry is None or entry[0]() is not tensor:
            return None
        if self._lazy and entry[1] in self._lazy and not is_lazy(tensor):
            self._write(entry[1], *self._lazy.pop(entry[1]), tensor)
        return entry[1]

    def holder(self, key: int) -> Tensor | None:
        """The tensor of the script that is registered under an id, the newest if there are several."""
        for held, known in reversed(self._tensors.values()):
            if known == key and (tensor := held()) is not None:
                return tensor
        return None

    def note_storage(self, tensor: Tensor, key: int) -> None:
        """Remembers where a named tensor's elements lie, so that writes through an alias are noticed.

        What shares the elements of a leaf that trains (its `.data`) does not take its place.
        """
        pointer = storage_pointer(tensor)
        found = self.owner(tensor) if pointer and not tensor.requires_grad else None
        if pointer and (found is None or not found[0].requires_grad):
            self.storages[pointer] = (weakref.ref(tensor), key)

    def owner(self, tensor: Tensor) -> tuple[Tensor, int] | None:
        """The named tensor whose storage this tensor shares, with its id."""
        entry = self.storages.get(storage_pointer(tensor))
        if entry is None:
            return None
        holder = entry[0]()
        if holder is None or storage_pointer(holder) != storage_pointer(tensor):
            return None
        return holder, entry[1]

    def module(self, module: nn.Module, frame: FrameType | None) -> tuple[str, str]:
        """(path, variable) of a module: variable is what the script calls the outermost one."""
        known = self.known_module(module)
        if known is None:
            root = _caller(frame)
            if root is None or not any(child is module for child in root.modules()):
                root = module
            self._adopt(root, _variable_above(root, frame))
            known = self._modules[id(module)][1:]
        return known

    def known_module(self, module: nn.Module) -> tuple[str, str] | None:
        """The same if it is known already."""
        entry = self._modules.get(id(module))
        return entry[1:] if entry is not None and entry[0]() is module else None

    def purge(self) -> None:
        """Forgets tensors that are gone."""
        self._tensors = {key: entry for key, entry in self._tensors.items() if entry[0]() is not None}
        self.storages = {key: entry for key, entry in self.storages.items() if entry[0]() is not None}

    def _adopt(self, root: nn.Module, variable: str) -> None:
        for path, module in root.named_modules():
            self._modules[id(module)] = (weakref.ref(module), path, variable)
        names: list[tuple[str, Tensor, str]] = [(name, held, "parameter") for name, held in root.named_parameters()]
        names += [(name, held, "buffer") for name, held in root.named_buffers()]
        prefix = ""
        if any(name in self._taken for name, *_ in names):
            prefix = f"{variable or type(root).__name__}."
        for name, tensor, kind in names:
            known = self._parameters.get(id(tensor))
            if known is None or known[0]() is not tensor:
                self._taken.add(prefix + name)
                self._parameters[id(tensor)] = (weakref.ref(tensor), prefix + name, kind)
                if self._nameless.pop(id(tensor), None) == self.id_of(tensor) is not None:
                    self._write(self._tensors[id(tensor)][1], prefix + name, kind, tensor)

    def _write(self, key: int, name: str, kind: str, tensor: Tensor) -> None:
        shape = shape_of(tensor)
        self.kinds[key] = kind
        if is_lazy(tensor):
            self._lazy[key] = (name, kind)
        self._batch.tensors.append(
            (key, name, kind, shape, dtype_name(tensor.dtype), str(tensor.device), tensor.requires_grad)
        )

    def _name(self, tensor: Tensor, frame: FrameType | None) -> tuple[str, str]:
        kind = "parameter" if tensor.requires_grad and tensor.is_leaf else "input"
        entry = self._parameters.get(id(tensor))
        if entry is None or entry[0]() is not tensor:
            root = _caller(frame)
            if root is not None and id(root) not in self._modules:
                self._adopt(root, "")
                entry = self._parameters.get(id(tensor))
        if entry is not None and entry[0]() is tensor:
            return entry[1], kind if kind == "parameter" else entry[2]
        return _variable(tensor, frame), kind


def _caller(frame: FrameType | None) -> nn.Module | None:
    """The module whose method a frame runs, if any; not one that is still being made."""
    if frame is None or frame.f_code.co_argcount == 0 or frame.f_code.co_varnames[0] != "self":
        return None
    if frame.f_code.co_name == "__init__":
        return None
    found = frame.f_locals.get("self")
    return found if isinstance(found, nn.Module) else None


def _variable_above(wanted: Any, frame: FrameType | None) -> str:
    """The variable that holds an object in a frame or in one that called it, other than `self`."""
    for _ in range(32):
        if frame is None:
            break
        name = _variable(wanted, frame)
        if name and name != "self":
            return name
        frame = frame.f_back
    return ""


def _variable(wanted: Any, frame: FrameType | None) -> str:
    """The variable (or attribute of `self`) that holds an object in a frame, "" if none does."""
    if frame is None:
        return ""
    for scope in (frame.f_locals, frame.f_globals):
        for name, held in list(scope.items()):
            if held is wanted and not name.startswith("__"):
                return name
    holder = frame.f_locals.get("self")
    for name, held in list(getattr(holder, "__dict__", {}).items()):
        if held is wanted:
            return f"self.{name}"
    for name, held in list(frame.f_locals.items()):
        if isinstance(held, list | tuple) and len(held) < 1000:
            for i, item in enumerate(held):
                if item is wanted:
                    return f"{name}[{i}]"
        elif isinstance(held, dict) and len(held) < 1000:
            for key, item in list(held.items()):
                if item is wanted and isinstance(key, str | int):
                    return f"{name}[{key!r}]"
    return ""
