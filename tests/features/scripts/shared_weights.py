"""A net that uses one middle layer zero to three times, by the throw of a die."""

import random

import torch
from torch import nn

EPOCHS = 6


class Dice(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(2, 4)
        self.again = nn.Linear(4, 4)
        self.leave = nn.Linear(4, 1)

    def forward(self, points):
        h = torch.relu(self.enter(points))
        for _ in range(random.randint(0, 3)):
            h = torch.relu(self.again(h))
        return self.leave(h)


torch.manual_seed(3)
random.seed(3)
points = torch.rand(12, 2)
heights = points.prod(dim=1, keepdim=True)
model = Dice()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(EPOCHS):
    error = criterion(model(points), heights)
    optimizer.zero_grad()
    error.backward()
    optimizer.step()
    print(f"epoch {epoch}: {error.item():.9g}")
print("first weight:", model.enter.weight[0, 0].item())
