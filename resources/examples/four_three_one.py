"""A 4-3-1 network from plain tensors: every line of the backward pass is written by hand.

No autograd, no layers, no optimizer. Three samples of four bits, one answer each.
"""

import argparse
import math

import torch

parser = argparse.ArgumentParser(description="Train a 4-3-1 network without autograd.")
parser.add_argument("--passes", type=int, default=5000, metavar="N", help="passes over the data (default: 5000)")
parser.add_argument("--buggy", action="store_true", help="make two mistakes that the loss does not show")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)


def lcg(seed):
    """Numbers between 0 and 1 that look random and are the same on every machine."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31


def uniform(rng, shape):
    numbers = [next(rng) for _ in range(math.prod(shape))]
    return torch.tensor(numbers).reshape(shape)


X = torch.tensor([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
y = torch.tensor([[1.0], [1.0], [0.0]])

rng = lcg(20180222)
wh = uniform(rng, (4, 3))
bh = uniform(rng, (1, 3))
wout = uniform(rng, (3, 1))
bout = uniform(rng, (1, 1))

lr = 0.1

for i in range(args.passes):
    # forward
    z1 = X @ wh + bh
    a1 = torch.sigmoid(z1)
    if args.buggy:
        z2 = a1 @ wout  # first mistake: the bias never enters
    else:
        z2 = a1 @ wout + bout
    a2 = torch.sigmoid(z2)

    # loss: half the sum of squared errors
    E = y - a2
    C = 0.5 * (E**2).sum()

    # backward: delta is -dC/dz, because E was written as y - a2 and not as a2 - y
    slope2 = a2 * (1 - a2)
    delta2 = E * slope2
    error1 = delta2 @ wout.t()
    slope1 = a1 * (1 - a1)
    delta1 = error1 * slope1

    # update: += goes downhill here, as the minus sign is inside delta
    wout += lr * (a1.t() @ delta2)
    wh += lr * (X.t() @ delta1)
    if args.buggy:
        bout += lr * delta2.sum()
        bh += lr * delta2.sum()  # second mistake: the wrong layer's delta
    else:
        bout += lr * delta2.sum(dim=0, keepdim=True)
        bh += lr * delta1.sum(dim=0, keepdim=True)

    if i in (0, 1, 10, 100, 1000, args.passes - 1):
        outputs = "  ".join(f"{value:.4f}" for value in a2.flatten().tolist())
        print(f"pass {i:4}: loss {C.item():.5f}   outputs {outputs}")

print("wanted:" + " " * 25 + "1.0000  1.0000  0.0000")
