"""A straight-through step: forward rounds to zero or one, backward lets the gradient pass where |z| < 1."""

import torch


class Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return (z > 0).to(z.dtype)

    @staticmethod
    def backward(ctx, arriving):
        (z,) = ctx.saved_tensors
        return arriving * (z.abs() < 1)


step = Step.apply
torch.manual_seed(5)
x = torch.randn(10, 3)
wanted = (x.sum(dim=1) > 0).float()
w = torch.zeros(3, requires_grad=True)
b = torch.tensor(0.1, requires_grad=True)
for _ in range(5):
    guess = step(x @ w + b)
    loss = (guess - wanted).abs().mean()
    loss.backward()
    with torch.no_grad():
        for parameter in (w, b):
            parameter -= 0.2 * parameter.grad
            parameter.grad.zero_()
    print(loss.item())
