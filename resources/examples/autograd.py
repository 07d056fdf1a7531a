"""Derivatives without pen and paper: four small sums that autograd differentiates."""

import argparse
import math

import torch

parser = argparse.ArgumentParser(description="Let autograd find some derivatives.")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)


def lcg(seed):
    """Numbers between 0 and 1 that look random and are the same on every machine."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31


def uniform(rng, low, high, shape):
    numbers = [low + (high - low) * next(rng) for _ in range(math.prod(shape))]
    return torch.tensor(numbers).reshape(shape)


print("1. y = a^3 - b^2")
a = torch.tensor([5.0], requires_grad=True)
b = torch.tensor([6.0], requires_grad=True)
y = a**3 - b**2
print("   before backward: a.grad is", a.grad, "and b.grad is", b.grad)
y.backward()
print(f"   y = {y.item():g}")
print(f"   dy/da = 3a^2 = {a.grad.item():g}")
print(f"   dy/db = -2b = {b.grad.item():g}")

print("2. one neuron: relu(w*x + b), first alive, then dead")
x = torch.tensor([3.0])  # the input is data: nobody asks for its gradient
for weight in (2.0, -2.0):
    w = torch.tensor([weight], requires_grad=True)
    b = torch.tensor([1.0], requires_grad=True)
    z = w * x + b
    out = torch.relu(z)
    # autograd.grad returns gradients and leaves .grad alone. A graph can be walked once,
    # unless it is retained.
    (dw,) = torch.autograd.grad(out, w, retain_graph=True)
    (db,) = torch.autograd.grad(out, b)
    print(f"   w = {weight:g}: z = {z.item():g}, relu(z) = {out.item():g}, d/dw = {dw.item():g}, d/db = {db.item():g}")

try:
    torch.autograd.grad(out, b)
except RuntimeError as error:
    print("   a third walk fails:", str(error).split(" (")[0])

print("3. z = x^2 + 3y on a grid of 5 x 3 numbers")
rng = lcg(101)
x = uniform(rng, -1, 1, (5, 3)).requires_grad_()
y = uniform(rng, -1, 1, (5, 3)).requires_grad_()
z = x**2 + 3 * y
# z is not one number, so backward needs to be told how much each entry counts: 1 each.
z.backward(torch.ones_like(z))
print("   dz/dx is 2x everywhere:", torch.equal(x.grad, 2 * x))
print("   dz/dy is 3 everywhere: ", torch.equal(y.grad, torch.full_like(y, 3)))

z = x**2 + 3 * y
dz_dx, dz_dy = torch.autograd.grad(z, (x, y), grad_outputs=torch.ones_like(z))
print("   autograd.grad agrees:  ", torch.equal(dz_dx, x.grad) and torch.equal(dz_dy, y.grad))

print("4. broadcasting: [5, 3] + [5, 1]")
column = uniform(rng, -1, 1, (5, 1)).requires_grad_()
total = x + column
total.backward(torch.ones_like(total))
# Each number of the column was used three times, so its gradient is a sum of three.
print("   the sum has the shape", list(total.shape))
print("   the column's gradient:", column.grad.flatten().tolist())
