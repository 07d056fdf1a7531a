"""Recording changes no bit: every operation in torch's own `op_db`, bare and recorded."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.testing._internal import common_utils
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo import core

from engine.recorder.recorder import Recorder

LEFT_OUT = {
    "empty": "its contents are undefined",
    "empty_like": "its contents are undefined",
    "empty_permuted": "its contents are undefined",
    "empty_strided": "its contents are undefined",
    "new_empty": "its contents are undefined",
    "new_empty_strided": "its contents are undefined",
    "linalg.lstsq": "does not repeat even bare",
    "linalg.lstsq.grad_oriented": "does not repeat even bare",
    "masked.argmax": "does not repeat even bare where several elements are NaN",
    "masked.argmin": "does not repeat even bare where several elements are NaN",
    "jiterator_unary": "runs on CUDA only",
    "jiterator_binary": "runs on CUDA only",
    "jiterator_binary_return_by_ref": "runs on CUDA only",
    "jiterator_4inputs_with_extra_args": "runs on CUDA only",
    "jiterator_2inputs_2outputs": "runs on CUDA only",
    "as_strided.partial_views": "reads memory that nobody wrote",
}


MOST = 80
"""Of one op: a pooling has 1440, every choice of six arguments with every other, which record alike."""


class Nowhere:
    """Stands in for the trace writer: what is recorded is thrown away."""

    def put(self, batch: Any) -> None:
        """Drops a batch."""

    def flush(self) -> None:
        """Nothing waits."""


def tensors_in(value: Any) -> Iterator[Tensor]:
    """All tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_in(item)


def fingerprint(tensor: Tensor | None) -> Any:
    """A tensor's dtype, shape, strides and bits."""
    if tensor is None:
        return None
    plain = tensor.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    plain = plain.resolve_conj().resolve_neg()
    row = plain.reshape(-1).clone(memory_format=torch.contiguous_format)
    bits = row.view(torch.uint8).numpy().tobytes() if row.numel() else b""
    return tensor.dtype, tuple(tensor.shape), tensor.stride() if tensor.layout == torch.strided else (), bits


def ran(op: Any, sample: Any) -> Any:
    """An op's outputs, the gradients of its inputs and the state of the random numbers after it, or its error."""
    torch.default_generator.manual_seed(0)
    leaves = [tensor for tensor in tensors_in([sample.input, sample.args, sample.kwargs]) if tensor.requires_grad]
    for leaf in leaves:
        leaf.grad = None
    try:
        result = op(sample.input, *sample.args, **sample.kwargs)
        outputs = list(tensors_in(result))
        roots = [tensor for tensor in outputs if tensor.requires_grad and tensor.is_floating_point()]
        if roots:
            torch.autograd.backward(roots, [torch.ones_like(root) for root in roots])
    except Exception as error:
        return type(error).__name__, str(error)
    return [*outputs, *(leaf.grad for leaf in leaves)], torch.default_generator.get_state()


def told(outcome: Any) -> Any:
    """An outcome with fingerprints in the place of tensors."""
    found, state = outcome
    return (found, state) if isinstance(state, str) else ([fingerprint(one) for one in found], fingerprint(state))


def samples(op: Any) -> list[Any]:
    """An op's inputs, the same at each call; of more than MOST, as many drawn from all of them."""
    torch.manual_seed(1)
    made = list(op.sample_inputs("cpu", torch.float32, requires_grad=op.supports_autograd))
    return made if len(made) <= MOST else random.Random(0).sample(made, MOST)


def name_of(op: Any) -> str:
    """ "as_strided.partial_views" for a variant of as_strided."""
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


OPS = [op for op in op_db if name_of(op) not in LEFT_OUT and torch.float32 in op.supported_dtypes("cpu")]


@pytest.fixture(autouse=True)
def quick_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs as torch makes them, without the stack being looked through for each: for the `unittest` that asks for
    them, which takes the longer the more modules there are, and for seeds of devices that are not there."""
    for module in (common_utils, core):
        monkeypatch.setattr(module, "extract_test_fn", lambda: None)
    monkeypatch.setattr(torch, "manual_seed", torch.default_generator.manual_seed)


@pytest.mark.parametrize("part", range(8))
def test_outputs_gradients_and_random_numbers_are_the_same_bits(part: int) -> None:
    changed = []
    compared = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for op in OPS[part::8]:
            expected = [told(ran(op, sample)) for sample in samples(op)]
            inputs = samples(op)
            with Recorder(Nowhere()) as recorder:
                watched = [ran(op, sample) for sample in inputs]
            assert recorder.suspended == 0, f"the recorder gave up on {op.formatted_name}"
            compared += len(expected)
            for bare, found in zip(expected, map(told, watched), strict=True):
                if bare != found:
                    changed.append(f"{op.formatted_name}: {str(bare)[:200]} -> {str(found)[:200]}")
                    break
    assert not changed, "\n".join(changed)
    assert compared > 800
