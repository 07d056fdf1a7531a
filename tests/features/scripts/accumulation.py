"""Gradients of three small batches make one update; their norm is clipped, and the learning rate falls."""

import argparse
import logging
import sys

import torch
from torch import nn

log = logging.getLogger("train")


def batches(count, generator):
    for _ in range(count):
        x = torch.randn(4, 5, generator=generator)
        yield x, x.square().sum(dim=1, keepdim=True)


def train(options):
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    model = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    for epoch in range(options.epochs):
        model.train()
        optimizer.zero_grad()
        for i, (x, y) in enumerate(batches(6, generator), 1):
            loss = nn.functional.smooth_l1_loss(model(x), y) / options.every
            loss.backward()
            log.info("%d %d %r", epoch, i, loss.item())
            if i % options.every == 0:
                norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5)
                optimizer.step()
                optimizer.zero_grad()
                print("norm", norm.item(), "lr", scheduler.get_last_lr()[0])
        scheduler.step()
        model.eval()
        with torch.no_grad():
            x, y = next(batches(1, generator))
            print("validation", nn.functional.mse_loss(model(x), y).item())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--every", type=int, default=3)
    parser.add_argument("--seed", type=int, default=17)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    train(parser.parse_args())
