"""One neuron with a relu: it learns four times from one sample, then one wild sample comes, and then four more."""

import argparse

import torch

parser = argparse.ArgumentParser(description="Train one neuron with a relu.")
parser.add_argument("--leaky", action="store_true", help="let a little through on the dead side")
args = parser.parse_args()
torch.set_default_dtype(torch.float64)

x = torch.tensor([3.0])
w = torch.tensor([2.0], requires_grad=True)
b = torch.tensor([1.0], requires_grad=True)
lr = 0.02

targets = [6.0, 6.0, 6.0, 6.0, -60.0, 6.0, 6.0, 6.0, 6.0]

for target in targets:
    w.grad = None
    b.grad = None
    z = w * x + b
    if args.leaky:
        a = torch.nn.functional.leaky_relu(z, 0.1)
    else:
        a = torch.relu(z)
    loss = (a - target) ** 2
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    print(f"target {target:5}: z {z.item():8.3f}  answer {a.item():7.3f}  w {w.item():7.3f}  b {b.item():7.3f}")
