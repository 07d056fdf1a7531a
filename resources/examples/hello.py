"""The smallest network that can learn: one input, one hidden neuron, one output neuron.

Both neurons are sigmoids. One iteration does everything that training ever does:
forward, loss, backward, update.
"""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser(description="Train a network of two neurons.")
parser.add_argument("--iterations", type=int, default=1, metavar="N", help="how often to learn (default: 1)")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden_layer = nn.Linear(1, 1)
        self.output_layer = nn.Linear(1, 1)

    def forward(self, x):
        z1 = self.hidden_layer(x)
        a1 = torch.sigmoid(z1)
        z2 = self.output_layer(a1)
        a2 = torch.sigmoid(z2)
        return a2


net = Tiny()
print(net)

# Start from chosen numbers, so that everything can be checked by hand.
with torch.no_grad():
    net.hidden_layer.weight.fill_(1.58)
    net.hidden_layer.bias.fill_(-0.14)
    net.output_layer.weight.fill_(2.45)
    net.output_layer.bias.fill_(-0.11)

x = torch.tensor([0.8], requires_grad=True)
target = torch.tensor([1.0])

criterion = nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

for iteration in range(args.iterations):
    # Gradients add up, so each iteration starts by clearing them. The optimizer does
    # not know x, which is not a parameter: that one is cleared by hand.
    optimizer.zero_grad()
    x.grad = None

    output = net(x)
    loss = criterion(output, target)
    loss.backward()
    optimizer.step()

    print(f"iteration {iteration + 1}: output {output.item():.4f}, loss {loss.item():.6f}")

print("after the last update:")
for name, parameter in net.named_parameters():
    print(f"  {name:<19} {parameter.item():8.4f}   its last gradient {parameter.grad.item():8.4f}")

with torch.no_grad():
    output = net(x)
    loss = criterion(output, target)
print(f"  output {output.item():.4f}, loss {loss.item():.6f}: closer to {target.item():.0f}")
