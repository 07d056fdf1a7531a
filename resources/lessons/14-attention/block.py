"""A Transformer block with four numbers a token: attention, then a small network, each added to what came in."""

import math

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(4)


class Block(nn.Module):
    """Self-attention and a network of two layers, each behind a LayerNorm and beside a way around it."""

    def __init__(self, width):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        seen = self.norm1(x)
        scores = self.query(seen) @ self.key(seen).T / math.sqrt(x.shape[1])
        weights = torch.softmax(scores, dim=1)
        mixed = x + weights @ self.value(seen)
        return mixed + self.down(torch.relu(self.up(self.norm2(mixed))))


block = Block(4)
optimizer = torch.optim.Adam(block.parameters(), lr=0.02)
tokens = torch.tensor([[1.0, 0.0, 0.0, 2.0], [0.0, 1.0, 0.0, 2.0], [0.0, 0.0, 1.0, 2.0]])
target = tokens.roll(1, dims=0)  # each token should become the one before it

for number in range(60):
    optimizer.zero_grad()
    answer = block(tokens)
    loss = ((answer - target) ** 2).mean()
    loss.backward()
    optimizer.step()
    if number % 10 == 9:
        print(f"pass {number + 1}: loss {loss.item():.6f}")
