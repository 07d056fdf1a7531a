"""Six optimizers walk down the same narrow valley, one after another, from the same place."""

import torch

torch.set_default_dtype(torch.float64)

# The valley: steep across (20), flat along (1). Its bottom is at (0, 0).
steepness = torch.tensor([20.0, 1.0])
start = [0.3, 4.0]


def height(w):
    return 0.5 * (steepness * w**2).sum()


optimizers = [
    ("SGD", lambda w: torch.optim.SGD([w], lr=0.04)),
    ("momentum", lambda w: torch.optim.SGD([w], lr=0.04, momentum=0.9)),
    ("Nesterov", lambda w: torch.optim.SGD([w], lr=0.04, momentum=0.9, nesterov=True)),
    ("RMSprop", lambda w: torch.optim.RMSprop([w], lr=0.1)),
    ("Adam", lambda w: torch.optim.Adam([w], lr=0.1)),
]

for name, make in optimizers:
    w = torch.tensor(start, requires_grad=True)
    optimizer = make(w)
    for _ in range(10):
        optimizer.zero_grad()
        loss = height(w)
        loss.backward()
        optimizer.step()
    across, along = w.tolist()
    print(f"{name:<10} after 10 steps: w = ({across:9.6f}, {along:9.6f})")

# LBFGS asks for the loss as often as it likes: it is given a function that clears, computes and goes back.
w = torch.tensor(start, requires_grad=True)
optimizer = torch.optim.LBFGS([w], lr=1.0, line_search_fn="strong_wolfe")
calls = 0


def closure():
    global calls
    calls += 1
    optimizer.zero_grad()
    loss = height(w)
    loss.backward()
    return loss


optimizer.step(closure)
across, along = w.tolist()
print(f"LBFGS      after 1 step ({calls} closures): w = ({across:9.6f}, {along:9.6f})")
