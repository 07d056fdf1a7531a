"""A linear classifier from scratch: 1000 samples of four features, learned in batches of 50.

The gradients come from autograd; the data, the loss and the update are written here.
"""

import argparse

import torch

parser = argparse.ArgumentParser(description="Train a linear classifier in minibatches.")
parser.add_argument("--epochs", type=int, default=10, metavar="N", help="passes over the data (default: 10)")
parser.add_argument("--batch-size", type=int, default=50, metavar="N", help="samples a batch (default: 50)")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)


def lcg(seed):
    """Numbers between 0 and 1 that look random and are the same on every machine."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31


def shuffled(rng, count):
    """The numbers 0 to count-1 in a drawn order: swap each place with one at or before it."""
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = int(next(rng) * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def make_data(count):
    """Two clouds of points in four dimensions. The last two features say nothing about the class."""
    rng = lcg(20022)
    centres = ([1.0, -0.5, 0.25, 0.0], [-1.0, 0.75, 0.25, 0.0])
    spreads = [1.6, 2.0, 1.0, 3.0]
    labels = [int(2 * next(rng)) for _ in range(count)]
    samples = []
    for label in labels:
        sample = []
        for centre, spread in zip(centres[label], spreads):
            bell = sum(next(rng) for _ in range(4)) - 2  # four draws added up: mostly near 0
            sample.append(round(10 + 5 * (centre + spread * bell), 6))
        samples.append(sample)
    return torch.tensor(samples), torch.tensor([float(label) for label in labels])


X, y = make_data(1000)
X_train, y_train = X[:800], y[:800]
X_test, y_test = X[800:], y[800:]

# Scale by what the training part knows: the test part must stay unseen.
mean = X_train.mean(dim=0)
deviation = X_train.std(dim=0, correction=0)
X_train = (X_train - mean) / deviation
X_test = (X_test - mean) / deviation

w = torch.zeros(4, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 0.01
batch_size = args.batch_size


def model(x):
    return x @ w + b


def mean_squared_error(prediction, target):
    return ((prediction - target) ** 2).mean()


def accuracy(x, target):
    right = (model(x) > 0.5) == (target > 0.5)
    return right.to(x.dtype).mean().item()


rng = lcg(2)
for epoch in range(args.epochs):
    order = shuffled(rng, len(X_train))

    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        prediction = model(X_train[rows])
        loss = mean_squared_error(prediction, y_train[rows])
        loss.backward()
        with torch.no_grad():  # the update is no part of the function to differentiate
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = None
        b.grad = None

    with torch.no_grad():
        train_loss = mean_squared_error(model(X_train), y_train).item()
        train_accuracy = accuracy(X_train, y_train)
        test_accuracy = accuracy(X_test, y_test)
    print(
        f"epoch {epoch + 1:2}: loss {train_loss:.4f}   "
        f"right: {train_accuracy:.1%} of train, {test_accuracy:.1%} of test"
    )

print("weights:", "  ".join(f"{value:+.4f}" for value in w.tolist()), f"  bias: {b.item():+.4f}")
