"""One LSTM unit reads four numbers and should still know the first one at the end; gate by gate, as in a textbook."""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser(description="Train one LSTM unit to remember.")
parser.add_argument("--forget-bias", type=float, default=3.0, metavar="B", help="the forget gate's bias (default: 3)")
args = parser.parse_args()
torch.set_default_dtype(torch.float64)

cell = nn.LSTMCell(1, 1)
optimizer = torch.optim.SGD(cell.parameters(), lr=0.1)
with torch.no_grad():  # the rows are: input gate, forget gate, candidate, output gate
    cell.weight_ih.copy_(torch.tensor([[4.0], [0.0], [1.5], [0.0]]))
    cell.weight_hh.copy_(torch.tensor([[0.5], [0.25], [0.5], [0.0]]))
    cell.bias_ih.copy_(torch.tensor([-2.0, args.forget_bias, 0.0, 1.0]))
    cell.bias_hh.zero_()

x1, x2, x3, x4 = torch.tensor([[1.0], [0.0], [0.0], [0.0]])
h0, c0 = torch.zeros(1), torch.zeros(1)
wanted = 0.8


def gates(x, h):
    """The four gates of one step: how much to let in, to keep, what to write, how much to show."""
    z = cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh
    i = torch.sigmoid(z[0:1])
    f = torch.sigmoid(z[1:2])
    g = torch.tanh(z[2:3])
    o = torch.sigmoid(z[3:4])
    return i, f, g, o


for number in range(8):
    optimizer.zero_grad()

    i1, f1, g1, o1 = gates(x1, h0)
    c1 = f1 * c0 + i1 * g1
    h1 = o1 * torch.tanh(c1)

    i2, f2, g2, o2 = gates(x2, h1)
    c2 = f2 * c1 + i2 * g2
    h2 = o2 * torch.tanh(c2)

    i3, f3, g3, o3 = gates(x3, h2)
    c3 = f3 * c2 + i3 * g3
    h3 = o3 * torch.tanh(c3)

    i4, f4, g4, o4 = gates(x4, h3)
    c4 = f4 * c3 + i4 * g4
    h4 = o4 * torch.tanh(c4)

    for c in (c1, c2, c3, c4):
        c.retain_grad()
    loss = ((h4 - wanted) ** 2).sum()
    loss.backward()
    if number == 0:
        with torch.no_grad():
            h, c = h0.view(1, 1), c0.view(1, 1)
            for x in (x1, x2, x3, x4):
                h, c = cell(x.view(1, 1), (h, c))
        print(f"nn.LSTMCell answers {h.item():.10f}, gate by gate {h4.item():.10f}")
        for name, c in (("c1", c1), ("c2", c2), ("c3", c3), ("c4", c4)):
            print(f"{name} = {c.item():.4f}   gradient {c.grad.item():.6f}")
    optimizer.step()
    print(f"pass {number}: answer {h4.item():.4f}  loss {loss.item():.6f}")
