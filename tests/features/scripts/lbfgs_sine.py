"""LBFGS fits one period of a sine; its closure is called several times a step."""

import math

import torch
from torch import nn, optim

STEPS = 3


def main():
    torch.manual_seed(11)
    angle = torch.linspace(0, 2 * math.pi, 25, dtype=torch.float64).unsqueeze(1)
    wave = torch.sin(angle)
    net = nn.Sequential(nn.Linear(1, 6), nn.Tanh(), nn.Linear(6, 1)).double()
    optimizer = optim.LBFGS(net.parameters(), lr=0.8, max_iter=4)

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(angle), wave)
        loss.backward()
        print(repr(loss.item()))
        return loss

    for step in range(STEPS):
        optimizer.step(closure)
        with torch.no_grad():
            print("after step", step, "off by", (net(angle) - wave).abs().max().item())


if __name__ == "__main__":
    main()
