"""The script of the pictures. Its first numbers are short binary fractions: every machine computes the same."""

import torch
from torch import nn
from torch.nn import functional as F

X = torch.tensor([[1.0, -1.0], [2.0, 1.0], [-1.0, 0.0], [0.0, 2.0]])
T = torch.tensor([[1.0], [0.0], [-1.0], [1.0]])


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(2, 3)
        self.output = nn.Linear(3, 1)

    def forward(self, x):
        z1 = self.hidden(x)
        a1 = torch.relu(z1)
        return self.output(a1)


net = Net()
with torch.no_grad():
    net.hidden.weight.copy_(torch.tensor([[0.5, -0.5], [0.5, 1.0], [-0.5, 0.5]]))
    net.hidden.bias.copy_(torch.tensor([0.5, -0.5, 0.0]))
    net.output.weight.copy_(torch.tensor([[1.0, -0.5, 0.5]]))
    net.output.bias.zero_()
optimizer = torch.optim.SGD(net.parameters(), lr=0.125)

for epoch in range(6):
    y = net(X)
    loss = F.mse_loss(y, T)
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch}: loss {loss.item():.4f}")
