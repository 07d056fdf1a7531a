"""Where a tensor becomes a value: the one place that decides how its bytes are kept.

NOTE [Copy now or later]
A small contiguous CPU tensor is copied to bytes at once (0.3 us, no torch op involved). A larger one is cloned and the
writer's thread does the rest. Tensors that torch cannot show as plain memory (sparse, nested, batched by vmap, meta)
are recorded without an array, with the reason. Nothing here draws random numbers, changes a version counter or makes
an autograd node.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable
from ctypes import string_at
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import _disable_current_modes

from ..limits import COPY_NOW_BYTES
from ..trace.batch import Batch
from ..values import RAW_DTYPES, storage_dtype

_PLAIN = (Tensor, torch.nn.Parameter)
_PURGE_AT_LEAST = 4096
_DENSE_LIMIT = 1 << 20

_NAMES = {
    getattr(torch, name): name
    for name in dir(torch)
    if isinstance(getattr(torch, name), torch.dtype) and str(getattr(torch, name)) == f"torch.{name}"
}


def _has_storage_form(name: str) -> bool:
    try:
        storage_dtype(name)
    except TypeError:
        return False
    return True


_SIMPLE = {dtype for dtype, name in _NAMES.items() if not dtype.is_complex and _has_storage_form(name)}
_SIGNED = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def dtype_name(dtype: torch.dtype) -> str:
    """ "float32" for torch.float32."""
    return _NAMES[dtype]


class Capture:
    """Gives each version of each tensor one value id, and its bytes to the batch once."""

    def __init__(self, batch: Batch, iteration: Callable[[], int]) -> None:
        self.count = 0
        self._batch = batch
        self._iteration = iteration
        self._known: dict[int, tuple[weakref.ref[Tensor], int, int, int]] = {}
        self._purge_at = _PURGE_AT_LEAST
        self._bared: set[int] = set()
        """Storages that `.data` gave out: a write through it leaves the version of other tensors alone."""
        self._devices: dict[torch.device, str] = {}

    def lookup(self, tensor: Tensor) -> int | None:
        """The value id of this very version of this very tensor, None if it is not known yet."""
        entry = self._known.get(id(tensor))
        if entry is None or entry[0]() is not tensor or entry[1] != version_of(tensor):
            return None
        return entry[2]

    def seen(self, tensor: Tensor) -> int | None:
        """The value id last known for this tensor, whatever has been written to it since."""
        entry = self._known.get(id(tensor))
        return entry[2] if entry is not None and entry[0]() is tensor else None

    def holding(self, value: int) -> list[Tensor]:
        """The tensors of the script that are this value, as they are now."""
        found = [(held(), version) for held, version, known, _ in self._known.values() if known == value]
        return [tensor for tensor, version in found if tensor is not None and version_of(tensor) == version]

    def alive(self) -> list[Tensor]:
        """All tensors that are known and still there."""
        return [tensor for held, *_ in self._known.values() if (tensor := held()) is not None]

    def is_old(self, tensor: Tensor) -> bool:
        """Whether the value last known for this tensor was made before this iteration."""
        entry = self._known.get(id(tensor))
        return entry is not None and entry[0]() is tensor and entry[3] < self._iteration()

    def remember(self, tensor: Tensor, value: int) -> None:
        """From now on this tensor, as it is, is that value."""
        self._known[id(tensor)] = (weakref.ref(tensor), version_of(tensor), value, self._iteration())
        if len(self._known) > self._purge_at:
            self.purge()

    def new(self, tensor: Tensor, owner: int | None = None) -> int:
        """Captures a tensor as a new value and remembers it. owner: id of the named tensor it is a version of."""
        value = self.snapshot(tensor, owner)
        self.remember(tensor, value)
        return value

    def snapshot(self, tensor: Tensor, owner: int | None = None) -> int:
        """Captures a tensor as a new value without remembering it (gradients: their Python objects do not live on)."""
        self.count += 1
        batch = self._batch
        dtype = tensor.dtype
        reason = ""
        device = "cpu"
        raw: bytes | np.ndarray | None
        shape: tuple[int, ...] = ()
        strides: tuple[int, ...] | None = None
        try:
            shape = tuple(tensor.shape)
            if (
                type(tensor) in _PLAIN
                and tensor.is_cpu
                and dtype in _SIMPLE
                and tensor.layout is torch.strided
                and tensor.nbytes <= COPY_NOW_BYTES
                and not tensor.is_neg()
                and not tensor._is_zerotensor()
            ):
                plain = tensor
                if not tensor.is_contiguous():
                    if is_dense(tensor):
                        strides = tensor.stride()
                    else:
                        plain = _in_a_row(tensor)
                raw = string_at(plain.data_ptr(), plain.nbytes)
                batch.size_bytes += len(raw)
            else:
                device = self._device(tensor)
                raw, strides = _array(tensor)
                batch.size_bytes += raw.nbytes
        except (RuntimeError, TypeError, NotImplementedError, ValueError, AttributeError) as error:
            raw, strides, reason, shape = None, None, _why_not(tensor, error), shape_of(tensor)
        batch.values.append(
            (self.count, _NAMES[dtype], shape, device, owner, self._iteration(), raw, reason, None, strides)
        )
        return self.count

    def _device(self, tensor: Tensor) -> str:
        device = tensor.device
        name = self._devices.get(device)
        if name is None:
            name = self._devices[device] = str(device)
        return name

    def view(self, tensor: Tensor, base: int) -> int:
        """A new value that shows the elements of another one, made contiguous, with this tensor's shape and strides."""
        self.count += 1
        self._batch.values.append(
            (
                self.count,
                _NAMES[tensor.dtype],
                tuple(tensor.shape),
                str(tensor.device),
                None,
                self._iteration(),
                None,
                "",
                base,
                tensor.stride(),
            )
        )
        return self.count

    def omit(self, tensor: Tensor, reason: str) -> int:
        """A new value without its array."""
        self.count += 1
        row = (self.count, _NAMES[tensor.dtype], tuple(tensor.shape), str(tensor.device), None, self._iteration(), None)
        self._batch.values.append((*row, reason, None, None))
        self.remember(tensor, self.count)
        return self.count

    def forget(self, tensor: Any) -> None:
        """What this tensor holds is no longer known."""
        self._known.pop(id(tensor), None)

    def bared(self, tensor: Tensor) -> None:
        """The script took the `.data` of a tensor."""
        self._bared.add(storage_pointer(tensor))

    def written(self, targets: tuple[Tensor, ...]) -> None:
        """Tensors were written to; all that share their storage changed too where no version counter tells.

        That is so of a write through `.data`, and of inference tensors, which have no version counter.
        """
        storages = {storage_pointer(target) for target in targets if target.is_inference()}
        if self._bared:
            storages |= self._bared.intersection(map(storage_pointer, targets))
        if storages:
            for key, (held, *_) in list(self._known.items()):
                tensor = held()
                if tensor is None or storage_pointer(tensor) in storages:
                    del self._known[key]

    def purge(self) -> None:
        """Forgets tensors that are gone."""
        self._known = {key: entry for key, entry in self._known.items() if entry[0]() is not None}
        self._purge_at = max(_PURGE_AT_LEAST, 2 * len(self._known))


def storage_pointer(tensor: Tensor) -> int:
    """Address of the tensor's storage, 0 if it has none (tensors of classes that only pretend: fake ones)."""
    if type(tensor) not in _PLAIN and type(tensor).__torch_dispatch__ is not Tensor.__torch_dispatch__:
        return 0
    try:
        return tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError, AttributeError, ValueError):
        return 0


def version_of(tensor: Tensor) -> int:
    """The tensor's version counter; -1 for inference tensors and lazy parameters, which have none."""
    try:
        return tensor._version
    except (RuntimeError, ValueError):
        return -1


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """The tensor's shape; () where it has none yet (lazy parameters) or none that is fixed (nested tensors)."""
    try:
        return tuple(int(size) for size in tensor.shape)
    except (RuntimeError, TypeError):
        return ()


def is_dense(tensor: Tensor) -> bool:
    """Whether the elements lie in one piece of memory: in C order, or (a matrix) column by column."""
    return tensor.is_contiguous() or (tensor.dim() == 2 and tensor.stride() == (1, tensor.shape[0]))


def _in_a_row(tensor: Tensor) -> Tensor:
    """A contiguous copy of a small tensor."""
    if torch._C._len_torch_dispatch_stack():
        with _disable_current_modes():
            return _in_a_row(tensor)
    with torch._C.DisableTorchFunction():
        return tensor.detach().contiguous()


def _array(tensor: Tensor) -> tuple[np.ndarray, tuple[int, ...] | None]:
    """A numpy array of the dtype's storage form that shares memory with nobody, and its strides if not in C order."""
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        raise RuntimeError("batched by vmap")
    if tensor.is_meta:
        raise RuntimeError("a meta tensor has no data")
    quiet = _disable_current_modes() if torch._C._len_torch_dispatch_stack() else contextlib.nullcontext()
    with torch._C.DisableTorchFunction(), quiet:
        plain = tensor.detach()
        if plain.layout != torch.strided:
            if plain.numel() > _DENSE_LIMIT:
                raise RuntimeError(f"{plain.layout} tensor")
            plain = plain.to_dense()
        if plain._is_zerotensor():
            # Gradients that are zero everywhere may have no memory of their own.
            plain = torch.zeros(plain.shape, dtype=plain.dtype)
        if plain.is_quantized:
            plain = plain.int_repr()
        plain = plain.resolve_conj().resolve_neg()
        strides = None
        if is_dense(plain) and not plain.is_contiguous():
            strides = plain.stride()
            plain = plain.t()
        if plain.is_cpu:
            plain = plain.clone(memory_format=torch.contiguous_format)
        else:
            plain = plain.cpu().contiguous()
        name = dtype_name(plain.dtype)
        if name in RAW_DTYPES and plain.dtype not in (torch.bool, torch.uint8, torch.int8, torch.int32):
            plain = plain.view(_SIGNED[plain.element_size()])
        return plain.numpy().view(storage_dtype(dtype_name(tensor.dtype))), strides


def _why_not(tensor: Tensor, error: Exception) -> str:
    if type(tensor) not in _PLAIN:
        return f"{type(tensor).__name__}: {error}".splitlines()[0][:200]
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def is_same_memory(tensor: Tensor, other: Tensor) -> bool:
    """Whether two tensors show the same numbers in the same places."""
    return (
        storage_pointer(tensor) == storage_pointer(other) != 0
        and tensor.shape == other.shape
        and tensor.stride() == other.stride()
        and tensor.storage_offset() == other.storage_offset()
    )
