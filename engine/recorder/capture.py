"""Where a tensor becomes a value: the one place that decides how its bytes are kept.

NOTE [Copy now or later]
A dense CPU tensor is copied at once: into the arena that the writing process reads (NOTE [Arena]), where there is one
and it has room; else a small one to bytes, and a larger one is cloned, which the writer's thread encodes. Tensors that
torch cannot show as plain memory (sparse, nested, batched by vmap, meta) are recorded without an array, with the
reason. Nothing here draws random numbers, changes a version counter or makes an autograd node.
"""

from __future__ import annotations

import ctypes
import math
import sys
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import _disable_current_modes

from ..limits import COPY_NOW_BYTES
from ..trace.arena import Arena
from ..trace.batch import Batch, Row
from ..trace.not_kept import BATCHED, META
from ..values import RAW_DTYPES, row_major, storage_dtype
from .no_modes import no_modes

if TYPE_CHECKING:
    from .iterations import Iterations

_PLAIN = (Tensor, torch.nn.Parameter)
_MEMORY = memoryview((ctypes.c_char * sys.maxsize).from_address(0))
"""All memory there is, by its address: a slice costs a quarter of what a call through `ctypes` does."""
_PURGE_AT_LEAST = 256
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


_SIMPLE = {dtype: name for dtype, name in _NAMES.items() if not dtype.is_complex and _has_storage_form(name)}
_SIGNED = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def dtype_name(dtype: torch.dtype) -> str:
    """ "float32" for torch.float32."""
    return _NAMES[dtype]


class Capture:
    """Gives each version of each tensor one value id, and its bytes to the batch once."""

    def __init__(self, batch: Batch, iterations: Iterations, arena: Arena | None) -> None:
        self.count = 0
        self._batch = batch
        self._iterations = iterations
        self._arena = arena
        self._known: dict[int, tuple[weakref.ref[Tensor], int, int, int]] = {}
        self._purge_at = _PURGE_AT_LEAST
        self._bared: set[int] = set()
        """Storages that `.data` gave out: a write through it leaves the version of other tensors alone."""
        self._devices: dict[torch.device, str] = {}
        self._shapes: dict[tuple[int, ...], tuple[int, ...]] = {}
        """Sizes as torch has them -> the same as a plain tuple."""

    def lookup(self, tensor: Tensor) -> int | None:
        """The value id of this very version of this very tensor, None if it is not known yet."""
        entry = self._known.get(id(tensor))
        if entry is not None and entry[0]() is tensor:
            version = entry[1]
            if (tensor._version if version >= 0 else version_of(tensor)) == version:
                return entry[2]
        return None

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
        return entry is not None and entry[0]() is tensor and entry[3] < self._iterations.number

    def remember(self, tensor: Tensor, value: int) -> None:
        """From now on this tensor, as it is, is that value."""
        known = self._known
        known[id(tensor)] = (weakref.ref(tensor), version_of(tensor), value, self._iterations.number)
        if len(known) > self._purge_at:
            self.purge()

    def new(self, tensor: Tensor, owner: int | None = None) -> int:
        """Captures a tensor as a new value and remembers it. owner: id of the named tensor it is a version of."""
        value = self.snapshot(tensor, owner)
        self.remember(tensor, value)
        return value

    def snapshot(self, tensor: Tensor, owner: int | None = None) -> int:
        """Captures a tensor as a new value without remembering it (gradients: their Python objects do not live on)."""
        self.count = count = self.count + 1
        name = _SIMPLE.get(tensor.dtype)
        reason = ""
        device = "cpu"
        raw: bytes | np.ndarray | int | None = None
        shape: tuple[int, ...] | None = ()
        strides: tuple[int, ...] | None = None
        try:
            shape = self._shapes.get(tensor.shape)
            if shape is None:
                shape = self._new_shape(tensor.shape)
            if (
                name is not None
                and type(tensor) in _PLAIN
                and tensor.is_cpu
                and tensor.layout is torch.strided
                and not tensor.is_neg()
            ):
                if tensor.is_contiguous():
                    raw = self._copy(tensor)
                    if 1 in shape:
                        self._note_layout(tensor, count)
                elif is_dense(tensor):
                    raw, strides = self._copy(tensor), tensor.stride()
                    self._note_layout(tensor, count)
                elif tensor.nbytes <= COPY_NOW_BYTES:
                    raw = self._copy(_in_a_row(tensor))
                    self._note_layout(tensor, count)
            if raw is None:
                self._note_layout(tensor, count)
                device = self._device(tensor)
                raw, strides = _array(tensor)
                self._batch.size_bytes += raw.nbytes
        except (RuntimeError, TypeError, NotImplementedError, ValueError, AttributeError) as error:
            raw, strides, reason, shape = None, None, _why_not(tensor, error), shape_of(tensor)
        self._batch.values.append(
            (
                *(count, name or _NAMES[tensor.dtype], shape, device, owner, self._iterations.number, raw, reason),
                *(None, strides),
            )
        )
        return count

    def _note_layout(self, tensor: Tensor, value: int) -> None:
        """Remembers how a tensor lies in memory, unless that is in C order."""
        if tensor.layout is not torch.strided:
            self._batch.layouts.append((value, str(tensor.layout).removeprefix("torch."), None))
        elif (strides := tuple(tensor.stride())) != row_major(tensor.shape):
            self._batch.layouts.append((value, "strided", strides))

    def _copy(self, tensor: Tensor) -> bytes | int | None:
        """The bytes of a dense CPU tensor, or where in the arena they are now; None if it is to be cloned instead."""
        size = tensor.nbytes
        pointer = tensor.data_ptr()
        if not pointer and size:
            return None  # zeros that have no memory of their own
        arena = self._arena
        if arena is not None:
            at = arena.take(size)
            if at is not None:
                self._batch.size_bytes += size
                arena.memory[at : at + size] = _MEMORY[pointer : pointer + size]
                return at
        if size > COPY_NOW_BYTES:
            return None
        self._batch.size_bytes += size
        return bytes(_MEMORY[pointer : pointer + size])

    def owned(self, row: Row) -> Row:
        """A row of the batch that has not been handed over yet, with its array outside of the arena."""
        at = row[6]
        if type(at) is not int or self._arena is None:
            return row
        stored = storage_dtype(row[1])
        found = self._arena.array(at, stored, math.prod(row[2]))
        return (*row[:6], found.tobytes() if found.nbytes <= COPY_NOW_BYTES else found.copy(), *row[7:])

    def _new_shape(self, size: tuple[int, ...]) -> tuple[int, ...]:
        shape = tuple(size)
        if all(type(length) is int for length in shape):
            self._shapes[shape] = shape
        return shape

    def _device(self, tensor: Tensor) -> str:
        device = tensor.device
        name = self._devices.get(device)
        if name is None:
            name = self._devices[device] = str(device)
        return name

    def view(self, tensor: Tensor, base: int) -> int:
        """A new value that shows the elements of another one, made contiguous, with this tensor's shape and strides."""
        self.count += 1
        self._note_layout(tensor, self.count)
        self._batch.values.append(
            (
                self.count,
                _NAMES[tensor.dtype],
                tuple(tensor.shape),
                str(tensor.device),
                None,
                self._iterations.number,
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
        row = (
            self.count,
            _NAMES[tensor.dtype],
            tuple(tensor.shape),
            str(tensor.device),
            None,
            self._iterations.number,
            None,
        )
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
        raise RuntimeError(BATCHED)
    if tensor.is_meta:
        raise RuntimeError(META)
    with torch._C.DisableTorchFunction(), no_modes():
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
