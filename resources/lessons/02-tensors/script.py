"""Eight small sums, one after another, and what autograd makes of them."""

import argparse

import torch

parser = argparse.ArgumentParser(description="Eight sums and their gradients.")
parser.add_argument("--attached", action="store_true", help="leave the last sum whole")
args = parser.parse_args()
torch.set_default_dtype(torch.float64)

# 1. One number made of two.
a = torch.tensor([5.0], requires_grad=True)
b = torch.tensor([6.0], requires_grad=True)
y = a**3 - b**2
y.backward()
print("a.grad after one pass: ", a.grad.item())

# 2. The same once more.
again = a**3 - b**2
again.backward()
print("a.grad after two passes:", a.grad.item())

# 3. Only asking: the answer is returned.
third = a**3 - b**2
(slope,) = torch.autograd.grad(third, a)
print("autograd.grad returned: ", slope.item(), "  a.grad is still", a.grad.item())

# 4. Many numbers at once: a table plus a column.
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
column = torch.tensor([[10.0], [20.0]], requires_grad=True)
total = table + column
total.backward(torch.ones_like(total))
print("column.grad:", column.grad.flatten().tolist())

# 5. The same graph once more.
p = torch.tensor([2.0], requires_grad=True)
square = p * p
square.backward()
try:
    square.backward()  # again
except RuntimeError as error:
    print("p * p walked twice:", str(error).split(" (")[0])
moved = p + 1
moved.backward()
moved.backward()  # and again
print("p + 1 walked twice: p.grad is", p.grad.item())

# 6. Writing to a result.
grown = p.exp()
grown += 1
try:
    grown.backward()
except RuntimeError as error:
    print("exp, then += 1:", str(error).split(" (")[0][:95])
scaled = p * 10
scaled += 1
scaled.backward()
print("times 10, then += 1: p.grad is", p.grad.item())

# 7. One branch of two.
q = torch.tensor([3.0], requires_grad=True)
if q > 2:
    chosen = q * 4
else:
    chosen = q**2
chosen.backward()
print("q.grad:", q.grad.item())

# 8. A way out of the graph.
c = torch.tensor([2.0], requires_grad=True)
triple = c * 3
product = (triple if args.attached else triple.detach()) * c
product.backward()
print("c.grad:", c.grad.item())
