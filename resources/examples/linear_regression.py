"""Fit a line through three points: y = 2x, found by gradient descent."""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser(description="Fit a line through three points.")
parser.add_argument("--epochs", type=int, default=500, metavar="N", help="passes over the data (default: 500)")
parser.add_argument("--lr", type=float, default=0.01, metavar="RATE", help="learning rate (default: 0.01)")
parser.add_argument("--no-zero-grad", action="store_true", help="forget to clear the gradients, and see what happens")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)

x = torch.tensor([[1.0], [2.0], [3.0]])
y = torch.tensor([[2.0], [4.0], [6.0]])

model = nn.Linear(1, 1)
with torch.no_grad():
    model.weight.fill_(0.5)
    model.bias.fill_(-0.25)

criterion = nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)

for epoch in range(args.epochs):
    prediction = model(x)
    loss = criterion(prediction, y)

    if not args.no_zero_grad:
        optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if epoch in (0, 1, 9, 99, args.epochs - 1):
        w, b = model.weight.item(), model.bias.item()
        print(f"epoch {epoch:3}: loss {loss.item():11.6f}   line y = {w:.4f} x {b:+.4f}")

with torch.no_grad():
    prediction = model(torch.tensor([[4.0]]))
print(f"the line at x = 4: {prediction.item():.4f} (the points say 8)")
