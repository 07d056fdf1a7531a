"""A small convolutional network in the manner of LeNet: one 32x32 picture, ten outputs.

Looks at the graph that autograd builds, pushes gradients through it, updates the weights
by hand, and then lets an optimizer do the same.
"""

import argparse
import math

import torch
import torch.nn.functional as F
from torch import nn

optimizers = {
    "sgd": (torch.optim.SGD, {"lr": 0.01}),
    "momentum": (torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    "adam": (torch.optim.Adam, {"lr": 0.001}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.01}),
}

parser = argparse.ArgumentParser(description="Train a small convolutional network.")
parser.add_argument("--optimizer", choices=optimizers, default="sgd", help="who updates the weights (default: sgd)")
parser.add_argument("--double", action="store_true", help="compute in float64 instead of float32")
args = parser.parse_args()
if args.double:
    torch.set_default_dtype(torch.float64)


def lcg(seed):
    """Numbers between 0 and 1 that look random and are the same on every machine."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31


def uniform(rng, low, high, shape):
    numbers = [low + (high - low) * next(rng) for _ in range(math.prod(shape))]
    return torch.tensor(numbers).reshape(shape)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))  # 6 maps of 30 x 30
        x = F.max_pool2d(x, 2)  # 6 maps of 15 x 15
        x = F.relu(self.conv2(x))  # 16 maps of 13 x 13
        x = F.max_pool2d(x, 2)  # 16 maps of 6 x 6
        x = x.view(-1, 16 * 6 * 6)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return x


def set_start(net):
    """Give every layer its usual start, from our own generator: always the same weights."""
    rng = lcg(4)
    with torch.no_grad():
        for layer in net.children():
            inputs_of_a_unit = layer.weight.numel() // layer.bias.numel()
            bound = 1 / math.sqrt(inputs_of_a_unit)
            layer.weight.copy_(uniform(rng, -bound, bound, layer.weight.shape))
            layer.bias.copy_(uniform(rng, -bound, bound, layer.bias.shape))


def main_path(node):
    """The names of the graph's nodes from the loss back to the first layer, without the side roads."""
    names = []
    while node is not None:
        names.append(node.name())
        parents = [parent for parent, _ in node.next_functions if parent is not None]
        parents = [parent for parent in parents if "AccumulateGrad" not in parent.name()]
        node = parents[0] if parents else None
    return names


def numbers(tensor):
    return "  ".join(f"{value:+.4f}" for value in tensor.flatten().tolist())


rng = lcg(44)
picture = uniform(rng, -1.5, 1.5, (1, 1, 32, 32))
target = uniform(rng, -1, 1, (1, 10))
push = uniform(rng, -1, 1, (1, 10))

net = Net()
set_start(net)
print(net)
for name, parameter in net.named_parameters():
    print(f"  {name:<13}{list(parameter.shape)}")

# 1. Backward needs no loss: ten outputs take ten starting gradients.
out = net(picture)
print("out:", numbers(out))
out.backward(push)
print("conv1.bias.grad, pushed from out:", numbers(net.conv1.bias.grad))

# 2. With a loss there is one number at the end, and its gradient with itself is 1.
net.zero_grad()
print("conv1.bias.grad after zero_grad: ", net.conv1.bias.grad)
criterion = nn.MSELoss()
out = net(picture)
loss = criterion(out, target)
print(f"loss: {loss.item():.6f}")
print("graph:", " <- ".join(main_path(loss.grad_fn)))
addmm = loss.grad_fn.next_functions[0][0]
print("under the last layer (bias, input, weight):", ", ".join(node.name() for node, _ in addmm.next_functions))
loss.backward()
print("conv1.bias.grad, from the loss:  ", numbers(net.conv1.bias.grad))

# 3. The plainest update: weight = weight - learning rate * gradient.
learning_rate = 0.01
for f in net.parameters():
    f.data.sub_(f.grad.data * learning_rate)
print(f"loss after an update by hand: {criterion(net(picture), target).item():.6f}")

# 4. The same start again, and an optimizer.
set_start(net)
Optimizer, options = optimizers[args.optimizer]
optimizer = Optimizer(net.parameters(), **options)
print(f"{args.optimizer}:")
for iteration in range(5):
    optimizer.zero_grad()
    out = net(picture)
    loss = criterion(out, target)
    loss.backward()
    optimizer.step()
    print(f"  iteration {iteration + 1}: loss {loss.item():.6f}")

with torch.no_grad():
    loss = criterion(net(picture), target)
print(f"  afterwards:  loss {loss.item():.6f}")
