"""Programs whose numbers go wrong: NaN, dead units, gradients and steps of the wrong size: name -> (rule, source)."""

from __future__ import annotations

from tests.helpers.slip_parts import CLASSES, DEEP, LOOP, NET, WITH_LR

NUMBERS: dict[str, tuple[str, str]] = {
    "log of 0": (
        "not-finite",
        """
        w = torch.tensor([0.0, 1.0], requires_grad=True)
        loss = torch.log(w).sum()
        loss.backward()
        """,
    ),
    "0 / 0": (
        "not-finite",
        """
        w = torch.tensor([0.0, 1.0], requires_grad=True)
        loss = (w / (w * 2)).sum()
        loss.backward()
        """,
    ),
    "exp of 100": (
        "not-finite",
        """
        w = torch.tensor([100.0, 1.0], requires_grad=True)
        loss = torch.exp(w).sum()
        loss.backward()
        """,
    ),
    "slope of sqrt at 0": (
        "not-finite",
        """
        w = torch.tensor([0.0, 1.0], requires_grad=True)
        loss = torch.sqrt(w).sum()
        loss.backward()
        """,
    ),
    "overflow of float16": (
        "not-finite",
        """
        w = torch.tensor([300.0, 1.0], requires_grad=True, dtype=torch.float16)
        loss = (w * w).sum()
        loss.backward()
        """,
    ),
    "learning rate far too high": ("learning-rate-too-high", WITH_LR.format(lr=3.0, count=12)),
    "learning rate at the edge": (
        "loss-swings",
        """
        w = torch.tensor([3.0], requires_grad=True)
        for _ in range(16):
            w.grad = None
            loss = (F.softplus(-2 * w) + F.softplus(w)).sum()
            loss.backward()
            with torch.no_grad():
                w -= 6 * w.grad
        """,
    ),
    "learning rate far too low": ("loss-not-falling", WITH_LR.format(lr=1e-7, count=30)),
    "gradients below float16": (
        "half-precision-underflow",
        """
        x = torch.logspace(0, -4, 16, dtype=torch.float16).reshape(1, 16)
        w = torch.ones(1, 16, dtype=torch.float16, requires_grad=True)
        loss = (x * w * 1e-6).sum()
        loss.backward()
        """,
    ),
    "all weights 0": (
        "same-start",
        NET + "for p in net.parameters():\n    nn.init.zeros_(p)\n" + LOOP,
    ),
    "all weights alike": (
        "same-start",
        NET + "for p in net.parameters():\n    nn.init.constant_(p, 0.1)\n" + LOOP,
    ),
    "dead layer": (
        "dead-relu",
        CLASSES.format(loss="F.cross_entropy(net(x), t)").replace(
            "optimizer =", "nn.init.constant_(net[0].bias, -100.0)\noptimizer ="
        ),
    ),
    "a neuron that a wild sample kills": (
        "dead-relu",
        """
        x = torch.tensor([3.0])
        w, b = torch.tensor([2.0], requires_grad=True), torch.tensor([1.0], requires_grad=True)
        for target in [6.0, 6.0, 6.0, 6.0, -60.0, 6.0, 6.0, 6.0, 6.0]:
            w.grad = b.grad = None
            ((torch.relu(w * x + b) - target) ** 2).backward()
            with torch.no_grad():
                w -= 0.02 * w.grad
                b -= 0.02 * b.grad
        """,
    ),
    "a hidden layer that a wild step kills": (
        "dead-relu",
        CLASSES.format(loss="F.cross_entropy(net(x), t)").replace("range(4)", "range(8)")
        + "    if _ == 3:\n        with torch.no_grad():\n            net[0].bias -= 100.0\n",
    ),
    "tanh at its ends": ("saturated", NET.replace("torch.randn(8, 3)", "100 * torch.randn(8, 3)") + LOOP),
    "ten sigmoids": ("vanishing-gradient", DEEP.format(count=10, activation="nn.Sigmoid()", start="", passes=3)),
    "growing weights": (
        "exploding-gradient",
        DEEP.format(
            count=6,
            activation="nn.Identity()",
            start="for l in net[:-1:2]:\n    nn.init.normal_(l.weight, std=20.0)",
            passes=1,
        ),
    ),
    "data divided by a spread of 0": (
        "not-finite",
        """
        net=nn.Linear(3,2); X=torch.zeros(5,3); opt=torch.optim.SGD(net.parameters(),0.1)
        X=(X-X.mean(0))/X.std(0)
        for i in range(3):
            opt.zero_grad(); loss=net(X).pow(2).mean(); loss.backward(); opt.step()
        """,
    ),
    "log of a softmax that reached 0": (
        "not-finite",
        """
        net=nn.Linear(3,4)
        X=1000*torch.randn(5,3)
        T=torch.tensor([0,1,2,3,0])
        opt=torch.optim.SGD(net.parameters(),0.1)
        for i in range(3):
            opt.zero_grad()
            p=torch.softmax(net(X),1)
            loss=-torch.log(p[range(5),T]).mean()
            loss.backward()
            opt.step()
        """,
    ),
    "numbers from memory that nobody filled": (
        "uninitialised",
        """
        x = torch.empty(5, 3)
        y = torch.ones(5, 3) + x
        """,
    ),
    "torch.Tensor taken for random numbers": (
        "uninitialised",
        """
        x = torch.Tensor(5, 3)
        y = x * 2
        """,
    ),
}
