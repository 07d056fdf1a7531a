"""A number goes through ten sigmoids, and the message that it should be smaller comes back through all of them."""

import argparse

import torch

parser = argparse.ArgumentParser(description="Ten activations, one after another.")
parser.add_argument("--relu", action="store_true", help="ten relus in place of the sigmoids")
args = parser.parse_args()
torch.set_default_dtype(torch.float64)

f = torch.relu if args.relu else torch.sigmoid
x = torch.tensor(0.5, requires_grad=True)

s1 = f(x)
s2 = f(s1)
s3 = f(s2)
s4 = f(s3)
s5 = f(s4)
s6 = f(s5)
s7 = f(s6)
s8 = f(s7)
s9 = f(s8)
loss = f(s9)
loss.backward()
print(f"it goes in as {x.item()}, comes out as {loss.item():.4f}; the gradient that arrives at x: {x.grad.item():.3g}")
