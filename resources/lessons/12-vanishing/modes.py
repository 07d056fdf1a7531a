"""Batch norm and dropout, twice as they are in training and once as they are when one asks for answers."""

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

norm = nn.BatchNorm1d(1)
dropout = nn.Dropout(0.5)
optimizer = torch.optim.SGD(norm.parameters(), lr=0.1)
x = torch.tensor([[1.0], [3.0], [5.0], [11.0]])
wanted = torch.tensor([[0.0], [0.0], [1.0], [2.0]])

for mode in ("train", "train", "eval"):
    norm.train(mode == "train")
    dropout.train(mode == "train")
    optimizer.zero_grad()
    normed = norm(x)
    thinned = dropout(torch.ones(8))
    loss = ((normed - wanted) ** 2).sum()
    loss.backward()
    shown = [round(a, 3) for a in normed.flatten().tolist()]
    print(f"{mode:<5}  normed {shown}  running mean {norm.running_mean.item():.3f}")
    print(f"       dropout made of eight ones: {thinned.tolist()}")
    if mode == "train":
        optimizer.step()
