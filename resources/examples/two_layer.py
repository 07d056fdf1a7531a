"""A 5-8-4-1 classifier for two classes that no straight cut separates.

Variants: --mixed adds tanh to the first ReLU; --quartic fits numbers instead of classes,
with a loss of its own.
"""

import argparse
import math

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser(description="Train a network with two hidden layers.")
variant = parser.add_mutually_exclusive_group()
variant.add_argument("--mixed", action="store_true", help="use relu(z) + tanh(z) in the first hidden layer")
variant.add_argument("--quartic", action="store_true", help="20-40-40-1 regression with the loss mean((y - t)^4)")
parser.add_argument("--epochs", type=int, metavar="N", help="passes over the data (default: 1000, 100 or 200)")
parser.add_argument("--lr", type=float, metavar="R", help="learning rate (default: 0.1, 0.04 or 0.01)")
parser.add_argument("--samples", type=int, metavar="N", help="use the first N samples only")
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
    return np.array(numbers).reshape(shape)


def to_tensor(array):
    return torch.tensor(array, dtype=torch.get_default_dtype())


def crossed_clouds():
    """100 points around four corners; opposite corners share a class. Of five features two matter most."""
    rng = lcg(33)
    features, classes = [], []
    for k in range(100):
        x_corner = (1.2, -1.2)[k % 2]
        y_corner = (1.2, -1.2)[k // 2 % 2]
        label = 1 if x_corner != y_corner else 0
        e0, e1, e2 = (sum(next(rng) for _ in range(4)) - 2 for _ in range(3))  # bell-shaped noise
        f0 = x_corner + 0.9 * e0
        f1 = y_corner + 0.9 * e1
        f2 = 0.4 * (2 * label - 1) + e2
        features.append([f0, f1, f2, 0.5 * f0 - 0.8 * f2, 0.3 * f1 + 0.6 * f2])
        classes.append([label])
    return to_tensor(np.round(features, 6)), to_tensor(classes)


def noisy_plane():
    """200 points with 20 features; the target is a weighted sum of them plus a little noise."""
    rng = lcg(444)
    x = uniform(rng, -1, 1, (200, 20))
    coefficients = uniform(rng, 0, 1, (20, 1))
    target = x @ coefficients + 0.01 * uniform(rng, -1, 1, (200, 1))
    return to_tensor(np.round(x / x.max(), 6)), to_tensor(np.round(target / target.max(), 6))


class Classifier(nn.Module):
    def __init__(self, n_inputs, n_hidden1, n_hidden2):
        super().__init__()
        self.hidden1 = nn.Linear(n_inputs, n_hidden1)
        self.hidden2 = nn.Linear(n_hidden1, n_hidden2)
        self.output = nn.Linear(n_hidden2, 1)

    def forward(self, x):
        z1 = self.hidden1(x)
        a1 = torch.relu(z1)
        z2 = self.hidden2(a1)
        a2 = torch.relu(z2)
        z3 = self.output(a2)
        a3 = torch.sigmoid(z3)
        return a3


class MixedClassifier(Classifier):
    """Two activations side by side: the path forks at z1 and joins again."""

    def forward(self, x):
        z1 = self.hidden1(x)
        a1 = torch.relu(z1) + torch.tanh(z1)
        z2 = self.hidden2(a1)
        a2 = torch.relu(z2)
        z3 = self.output(a2)
        a3 = torch.sigmoid(z3)
        return a3


class Regressor(Classifier):
    """No sigmoid at the end: the output may be any number."""

    def forward(self, x):
        z1 = self.hidden1(x)
        a1 = torch.relu(z1)
        z2 = self.hidden2(a1)
        a2 = torch.relu(z2)
        z3 = self.output(a2)
        return z3


def quartic_loss(prediction, target):
    """Like the squared error, but large errors count for much more and small ones for nearly nothing."""
    error = prediction - target
    return (error**4).mean()


if args.quartic:
    X, y = noisy_plane()
    model, seed = Regressor(20, 40, 40), 44
    criterion, lr, epochs = quartic_loss, 0.01, 200
elif args.mixed:
    X, y = crossed_clouds()
    model, seed = MixedClassifier(5, 8, 4), 3
    criterion, lr, epochs = nn.BCELoss(), 0.04, 100
else:
    X, y = crossed_clouds()
    model, seed = Classifier(5, 8, 4), 3
    criterion, lr, epochs = nn.BCELoss(), 0.1, 1000

lr = args.lr if args.lr is not None else lr
epochs = args.epochs if args.epochs is not None else epochs
X, y = X[: args.samples], y[: args.samples]

# The usual start of a Linear, from our own generator: weight, then bias, within 1/sqrt(inputs).
rng = lcg(seed)
with torch.no_grad():
    for layer in (model.hidden1, model.hidden2, model.output):
        bound = 1 / math.sqrt(layer.in_features)
        layer.weight.copy_(to_tensor(uniform(rng, -bound, bound, layer.weight.shape)))
        layer.bias.copy_(to_tensor(uniform(rng, -bound, bound, layer.bias.shape)))

print(model)
print("before any backward, the gradient of hidden2.weight is", model.hidden2.weight.grad)


def describe(output):
    """One sentence on how good the outputs are."""
    with torch.no_grad():
        if args.quartic:
            return f"mean squared error {((output - y) ** 2).mean().item():.4f}"
        right = ((output > 0.5) == (y > 0.5)).to(y.dtype).mean().item()
        means = [output[y == label].mean().item() for label in (0, 1)]
        return f"{right:.0%} right; mean output {means[0]:.3f} for class 0, {means[1]:.3f} for class 1"


optimizer = torch.optim.SGD(model.parameters(), lr=lr)

for epoch in range(epochs):
    output = model.forward(X)
    loss = criterion(output, y)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if epoch in (0, 10, 20, 50, 100, 200, 500):
        print(f"epoch {epoch:4}: loss {loss.item():.4f}   {describe(output)}")

dead = [i for i, row in enumerate(model.hidden2.weight.grad.tolist()) if not any(row)]
print("hidden2 units without any gradient in the last pass:", dead or "none")

with torch.no_grad():
    output = model.forward(X)
    loss = criterion(output, y)
print(f"finished:   loss {loss.item():.4f}   {describe(output)}")
