"""One head of attention with three tokens of two numbers each, small enough to work out on paper."""

import argparse
import math

import torch

parser = argparse.ArgumentParser(description="One attention head by hand.")
parser.add_argument("--scale", type=float, default=1 / math.sqrt(2), help="what the scores are multiplied by")
parser.add_argument("--causal", action="store_true", help="no token may look at a later one")
args = parser.parse_args()
torch.set_default_dtype(torch.float64)

q = torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]], requires_grad=True)
k = torch.tensor([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]], requires_grad=True)
v = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]], requires_grad=True)
target = torch.tensor([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
optimizer = torch.optim.SGD([q, k, v], lr=0.2)

for number in range(8):
    optimizer.zero_grad()
    scores = q @ k.T
    scaled = scores * args.scale
    if args.causal:
        later = torch.triu(torch.ones(3, 3, dtype=torch.bool), diagonal=1)
        scaled = scaled.masked_fill(later, -math.inf)
    weights = torch.softmax(scaled, dim=1)
    out = weights @ v
    loss = ((out - target) ** 2).sum()
    loss.backward()
    if number == 0:
        fused = torch.nn.functional.scaled_dot_product_attention(
            q.detach()[None], k.detach()[None], v.detach()[None], is_causal=args.causal, scale=args.scale
        )
        print("weights, a row for each token that looks:")
        print(weights.detach())
        print("largest difference from torch's own attention:", (fused[0] - out.detach()).abs().max().item())
    optimizer.step()
    print(f"pass {number}: loss {loss.item():.6f}")
