"""Complex numbers taken apart and put together: each row beside torch."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from torch import Tensor

from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, filled, special


@settings(max_examples=25, deadline=None)
@given(tensors=broadcastable(2))
def test_put_together(tensors: tuple[Tensor, Tensor]) -> None:
    agree(torch.complex, *tensors)
    length, angle = tensors
    agree(torch.polar, (length.detach().abs() + 0.1).requires_grad_(), angle)


def test_taken_apart() -> None:
    z = torch.complex(filled(1, (2, 3)).detach(), filled(2, (2, 3)).detach()).requires_grad_()
    for function in (torch.imag, torch.angle, torch.view_as_real, torch.abs):
        agree(function, z)
    agree(torch.view_as_complex, filled(3, (4, 2)))
    agree(torch.angle, torch.zeros(2, dtype=torch.complex128, requires_grad=True))
    agree(torch.angle, special())
