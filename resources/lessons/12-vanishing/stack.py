"""Ten layers of 32 relus that are only initialised in different ways: what reaches the end, and what comes back."""

import argparse
import math

import torch
from torch import nn

parser = argparse.ArgumentParser(description="Ten layers, initialised in one way or another.")
parser.add_argument("--start", choices=("small", "he", "large", "huge", "alike"), default="he",
                    help="the spread of the first weights; alike: all the same")  # fmt: skip
args = parser.parse_args()
torch.set_default_dtype(torch.float64)
torch.manual_seed(12)

width = 32
spread = {"small": 0.05, "he": math.sqrt(2 / width), "large": 0.6, "huge": 20.0}.get(args.start)
net = nn.Sequential(*[layer for _ in range(10) for layer in (nn.Linear(width, width, bias=False), nn.ReLU())])
with torch.no_grad():
    for layer in net[::2]:
        if spread is None:
            layer.weight.fill_(1 / width)
        else:
            layer.weight.normal_(0.0, spread)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x = torch.randn(64, width)
target = torch.rand(64, width)

for number in range(4):
    optimizer.zero_grad()
    answer = net(x)
    loss = nn.functional.mse_loss(answer, target)
    loss.backward()
    first, last = (net[n].weight.grad.norm().item() for n in (0, 18))
    print(f"pass {number}: loss {loss.item():.4g}  gradient of the first layer {first:.3g}, the last {last:.3g}")
    optimizer.step()
