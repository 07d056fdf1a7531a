"""Ten small trainings, each with one mistake that raises no error; --mended runs all ten without."""

import argparse

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser(description="Ten classic mistakes, one after another.")
parser.add_argument("--mistake", type=int, metavar="N", help="only this one (default: all)")
parser.add_argument("--mended", action="store_true", help="make none of them")
args = parser.parse_args()
wrong = not args.mended

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(11)
X = torch.rand(16, 3, generator=generator) * 2 - 1
y = X @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
classes = (y[:, 0] > 0).long()


def network(*sizes):
    """Linear layers with tanh between them."""
    layers = []
    for i in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def mistake_1():
    """The gradients are never cleared."""
    net = network(3, 4, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        if not wrong:
            optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
    return loss


def mistake_2():
    """The gradients are cleared between backward and step."""
    net = network(3, 4, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        if not wrong:
            optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        if wrong:
            optimizer.zero_grad()
        optimizer.step()
    return loss


def mistake_3():
    """A softmax stands in front of a loss that has one of its own."""
    net = network(3, 4, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(4):
        optimizer.zero_grad()
        scores = net(X)
        if wrong:
            scores = torch.softmax(scores, dim=1)
        loss = F.cross_entropy(scores, classes)
        loss.backward()
        optimizer.step()
    return loss


def mistake_4():
    """Targets of shape [16] are compared with answers of shape [16, 1]."""
    net = network(3, 4, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    targets = y[:, 0] if wrong else y
    for _ in range(4):
        optimizer.zero_grad()
        loss = ((net(X) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
    return loss


def mistake_5():
    """The optimizer holds only one of two networks."""
    body, head = network(3, 4), network(4, 1)
    parameters = [*head.parameters()] if wrong else [*body.parameters(), *head.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.05)
    for _ in range(4):
        body.zero_grad()
        head.zero_grad()
        loss = F.mse_loss(head(torch.tanh(body(X))), y)
        loss.backward()
        optimizer.step()
    return loss


def mistake_6():
    """A detach in the middle cuts the way back."""
    body, head = network(3, 4), network(4, 1)
    optimizer = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.05)
    for _ in range(4):
        optimizer.zero_grad()
        hidden = torch.tanh(body(X))
        if wrong:
            hidden = hidden.detach()
        loss = F.mse_loss(head(hidden), y)
        loss.backward()
        optimizer.step()
    return loss


def mistake_7():
    """The step is added instead of subtracted."""
    w = torch.zeros(3, 1, requires_grad=True)
    for _ in range(4):
        w.grad = None
        loss = F.mse_loss(X @ w, y)
        loss.backward()
        with torch.no_grad():
            if wrong:
                w += 0.1 * w.grad
            else:
                w -= 0.1 * w.grad
    return loss


def mistake_8():
    """The probabilities add up to 1 over the batch instead of over the classes."""
    net = network(3, 4, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(4):
        optimizer.zero_grad()
        probabilities = torch.softmax(net(X), dim=0 if wrong else 1)
        loss = F.nll_loss(torch.log(probabilities), classes)
        loss.backward()
        optimizer.step()
    return loss


def mistake_9():
    """The learning rate is too large."""
    w = torch.zeros(3, 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=4.0 if wrong else 0.1)
    for _ in range(8):
        optimizer.zero_grad()
        loss = F.mse_loss(X @ w, y)
        loss.backward()
        optimizer.step()
    return loss


def mistake_10():
    """The network is used for answers while it is still in training mode."""
    net = nn.Sequential(network(3, 8), nn.Dropout(0.5), network(8, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
    if not wrong:
        net.eval()
    with torch.no_grad():
        answers = net(X)
        again = net(X)
    print("   the same question twice:", answers[0].item(), again[0].item())
    return loss


mistakes = (
    mistake_1, mistake_2, mistake_3, mistake_4, mistake_5,
    mistake_6, mistake_7, mistake_8, mistake_9, mistake_10,
)  # fmt: skip
for number, mistake in enumerate(mistakes, 1):
    if args.mistake in (None, number):
        torch.manual_seed(number)
        loss = mistake()
        print(f"{number:2}. last loss {loss.item():12.4f}   {'mended: ' if args.mended else ''}{mistake.__doc__}")
