"""Reading handwritten digits: 784 pixels, 500 hidden units, 10 answers, trained by Adam.

The pictures are real ones of 8x8 pixels (data/README.md says whose), enlarged to 28x28.
With --drawn the program draws its own.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser(description="Train a network that reads digits.")
parser.add_argument("--epochs", type=int, metavar="N", help="passes over the data (default: 3, or 1 with --drawn)")
parser.add_argument("--drawn", action="store_true", help="learn from drawn digits, in a fixed order")
parser.add_argument("--no-zero-grad", action="store_true", help="forget to clear the gradients, and see what happens")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)
torch.manual_seed(128)


def lcg(seed):
    """Numbers between 0 and 1 that look random and are the same on every machine."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31


def uniform(rng, low, high, shape):
    numbers = [low + (high - low) * next(rng) for _ in range(math.prod(shape))]
    return np.array(numbers).reshape(shape)


def to_tensor(array):
    return torch.tensor(array, dtype=torch.get_default_dtype())


def load_digits():
    """1797 pictures of 28x28 pixels between 0 and 1, and what they show."""
    with np.load(Path(__file__).parent / "data" / "digits.npz") as data:
        pictures, labels = data["images"], data["labels"]
    pictures = pictures / 16  # the ink was 0 to 16
    pictures = pictures.repeat(3, axis=1).repeat(3, axis=2)  # 8 x 8 becomes 24 x 24
    pictures = np.pad(pictures, ((0, 0), (2, 2), (2, 2)))  # a margin of 2: 28 x 28
    return pictures, labels


FONT = (
    "01110 10001 10011 10101 11001 10001 01110",
    "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00010 00100 01000 11111",
    "11111 00010 00100 00010 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010",
    "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110",
    "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110",
    "01110 10001 10001 01111 00001 00010 01100",
)


def draw_digits(count, seed):
    """The digits 0, 1, ... 9, 0, 1, ... from a dot-matrix font, each at a drawn place under drawn noise."""
    rng = lcg(seed)
    pictures = np.zeros((count, 28, 28))
    labels = np.arange(count) % 10
    for picture, label in zip(pictures, labels):
        dots = np.array([[int(dot) for dot in row] for row in FONT[label].split()])
        left, top = int(next(rng) * 14), int(next(rng) * 8)
        picture[top : top + 21, left : left + 15] = 0.8 * dots.repeat(3, axis=0).repeat(3, axis=1)
        picture += 0.35 * uniform(rng, 0, 1, (28, 28))
    return np.minimum(pictures, 1), labels


if args.drawn:
    pictures, labels = draw_digits(640, seed=784)
    valid_pictures, valid_labels = draw_digits(200, seed=785)
else:
    pictures, labels = load_digits()
    n_train = int(0.7 * len(pictures))
    valid_pictures, valid_labels = pictures[n_train:], labels[n_train:]
    pictures, labels = pictures[:n_train], labels[:n_train]

print(f"{len(pictures)} pictures to learn from. The first shows a {labels[0]}:")
for row in pictures[0, 1::2, ::2]:
    print("   ", "".join(" .:oO@"[int(5 * pixel)] * 2 for pixel in row))

x_train, y_train = to_tensor(pictures).reshape(-1, 784), torch.tensor(labels, dtype=torch.long)
x_valid, y_valid = to_tensor(valid_pictures).reshape(-1, 784), torch.tensor(valid_labels, dtype=torch.long)

net = nn.Sequential(
    nn.Linear(784, 500),
    nn.ReLU(),
    nn.Linear(500, 10),
)

# The usual start of a Linear, from our own generator: weight, then bias, within 1/sqrt(inputs).
rng = lcg(500)
with torch.no_grad():
    for layer in (net[0], net[2]):
        bound = 1 / math.sqrt(layer.in_features)
        layer.weight.copy_(to_tensor(uniform(rng, -bound, bound, layer.weight.shape)))
        layer.bias.copy_(to_tensor(uniform(rng, -bound, bound, layer.bias.shape)))

print(net)
print(sum(parameter.numel() for parameter in net.parameters()), "parameters")

criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
batch_size = 128


def share_right(x, y):
    with torch.no_grad():
        answer = net(x).argmax(dim=1)
        return (answer == y).to(x.dtype).mean().item()


epochs = args.epochs if args.epochs is not None else 1 if args.drawn else 3
for epoch in range(epochs):
    order = torch.arange(len(x_train)) if args.drawn else torch.randperm(len(x_train))

    total = 0.0
    for rows in order.split(batch_size):
        x, y = x_train[rows], y_train[rows]

        if not args.no_zero_grad:
            optimizer.zero_grad()
        logits = net(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()

        total += loss.item() * len(rows)

    print(
        f"epoch {epoch + 1}: mean loss {total / len(x_train):.4f}   "
        f"right: {share_right(x_train, y_train):.1%} of train, {share_right(x_valid, y_valid):.1%} of validation"
    )
