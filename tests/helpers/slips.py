"""Programs with one mistake each, beyond those of tests/goldens/learner_slips.json, and correct ones that look like "
"it."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

_GOLDEN = Path(__file__).resolve().parents[1] / "goldens" / "learner_slips.json"

_NET = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
"""

_LOOP = """
for _ in range(4):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""

_CLASSES = """
x, t = torch.randn(12, 4), torch.tensor([0, 1, 2] * 4)
net = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(4):
    optimizer.zero_grad()
    loss = {loss}
    loss.backward()
    optimizer.step()
"""

_MODES = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(3):
{before}
    for _ in range(2):
        optimizer.zero_grad()
        F.mse_loss(net(x), t).backward()
        optimizer.step()
{after}
    with torch.no_grad():
        print(F.mse_loss(net(x), t).item())
"""

_WITH_LR = """
x, t = torch.randn(8, 3), torch.randn(8, 1)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr={lr})
for _ in range({count}):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
"""

_DEEP = """
x, t = torch.randn(8, 4), torch.randn(8, 1)
layers = []
for _ in range({count}):
    layers += [nn.Linear(4, 4), {activation}]
net = nn.Sequential(*layers, nn.Linear(4, 1))
{start}
optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
for _ in range({passes}):
    optimizer.zero_grad()
    F.mse_loss(net(x), t).backward()
    optimizer.step()
"""

_WRONG = {
    "zero_grad forgotten": ("missing-zero-grad", _NET + _LOOP.replace("    optimizer.zero_grad()\n", "")),
    "zero_grad forgotten, by hand": (
        "missing-zero-grad",
        """
        w = torch.tensor([1.0, -2.0], requires_grad=True)
        for _ in range(4):
            loss = (w * w).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
        """,
    ),
    "accumulates, and never clears": (
        "missing-zero-grad",
        _NET
        + """
for i in range(8):
    loss = F.mse_loss(net(x), t) / 2
    loss.backward()
    if i % 2:
        optimizer.step()
""",
    ),
    "step before backward": (
        "step-before-backward",
        _NET
        + """
for _ in range(4):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    optimizer.step()
    loss.backward()
""",
    ),
    "step with the last gradient": (
        "stale-gradient",
        """
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(4):
            loss = F.mse_loss(net(x), t)
            optimizer.step()
            optimizer.zero_grad()
            loss.backward()
        """,
    ),
    "another layer left out of the optimizer": (
        "not-in-optimizer",
        _NET.replace("net.parameters()", "net[2].parameters()") + _LOOP,
    ),
    "hidden output detached": (
        "cut-branch",
        _NET + _LOOP.replace("net(x)", "net[2](net[1](net[0](x)).detach())"),
    ),
    "first layer under no_grad": (
        "no-grad-part",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 1)

            def forward(self, x):
                with torch.no_grad():
                    h = torch.tanh(self.first(x))
                return self.second(h)

        x, t, net = torch.randn(8, 3), torch.randn(8, 1), Net()
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            optimizer.zero_grad()
            F.mse_loss(net(x), t).backward()
            optimizer.step()
        """,
    ),
    "log_softmax before cross_entropy": (
        "double-softmax",
        _CLASSES.format(loss="F.cross_entropy(net(x).log_softmax(1), t)"),
    ),
    "sigmoid before cross_entropy": (
        "double-softmax",
        _CLASSES.format(loss="F.cross_entropy(torch.sigmoid(net(x)), t)"),
    ),
    "sigmoid before logits loss": (
        "double-sigmoid",
        _NET.replace("torch.randn(8, 1)", "torch.rand(8, 1).round()")
        + _LOOP.replace("F.mse_loss(net(x), t)", "nn.BCEWithLogitsLoss()(torch.sigmoid(net(x)), t)"),
    ),
    "scores into nll_loss": ("scores-in-nll-loss", _CLASSES.format(loss="F.nll_loss(net(x), t)")),
    "probabilities into nll_loss": ("scores-in-nll-loss", _CLASSES.format(loss="F.nll_loss(net(x).softmax(1), t)")),
    "relu on the scores": ("relu-before-loss", _CLASSES.format(loss="F.cross_entropy(torch.relu(net(x)), t)")),
    "mse of a column and a row": (
        "broadcast-loss",
        _NET.replace("torch.randn(8, 1)", "torch.randn(8)") + _LOOP,
    ),
    "own loss of a column and a row": (
        "broadcast-loss",
        _NET.replace("torch.randn(8, 1)", "torch.randn(8)")
        + _LOOP.replace("F.mse_loss(net(x), t)", "(net(x) - t).abs().mean()"),
    ),
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
    "evaluates in training mode": (
        "evaluation-in-train-mode",
        _MODES.format(before="    net.train()", after="    pass"),
    ),
    "trains in evaluation mode": ("training-in-eval-mode", _MODES.format(before="    pass", after="    net.eval()")),
    "learning rate far too high": ("learning-rate-too-high", _WITH_LR.format(lr=3.0, count=12)),
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
    "learning rate 0": ("zero-learning-rate", _WITH_LR.format(lr=0.0, count=4)),
    "learning rate far too low": ("loss-not-falling", _WITH_LR.format(lr=1e-7, count=30)),
    "maximizes": (
        "wrong-direction",
        _NET.replace("lr=0.05", "lr=0.05, maximize=True") + _LOOP,
    ),
    "updates lost in bfloat16": (
        "update-lost",
        """
        x, t = torch.randn(8, 3).bfloat16(), torch.randn(8, 1).bfloat16()
        net = nn.Linear(3, 1).bfloat16()
        optimizer = torch.optim.SGD(net.parameters(), lr=1e-5)
        for _ in range(4):
            optimizer.zero_grad()
            F.mse_loss(net(x), t).backward()
            optimizer.step()
        """,
    ),
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
        _NET + "for p in net.parameters():\n    nn.init.zeros_(p)\n" + _LOOP,
    ),
    "all weights alike": (
        "same-start",
        _NET + "for p in net.parameters():\n    nn.init.constant_(p, 0.1)\n" + _LOOP,
    ),
    "dead layer": (
        "dead-relu",
        _CLASSES.format(loss="F.cross_entropy(net(x), t)").replace(
            "optimizer =", "nn.init.constant_(net[0].bias, -100.0)\noptimizer ="
        ),
    ),
    "tanh at its ends": ("saturated", _NET.replace("torch.randn(8, 3)", "100 * torch.randn(8, 3)") + _LOOP),
    "ten sigmoids": ("vanishing-gradient", _DEEP.format(count=10, activation="nn.Sigmoid()", start="", passes=3)),
    "growing weights": (
        "exploding-gradient",
        _DEEP.format(
            count=6,
            activation="nn.Identity()",
            start="for l in net[:-1:2]:\n    nn.init.normal_(l.weight, std=20.0)",
            passes=1,
        ),
    ),
    "pixels up to 255": (
        "initial-loss",
        _CLASSES.format(loss="F.cross_entropy(net(x), t)").replace("torch.randn(12, 4)", "255 * torch.rand(12, 4)"),
    ),
    "first batch of a new iterator": (
        "same-batch",
        """
        from torch.utils.data import DataLoader, TensorDataset

        loader = DataLoader(TensorDataset(torch.randn(16, 3), torch.randn(16, 1)), batch_size=4)
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(5):
            x, t = next(iter(loader))
            optimizer.zero_grad()
            F.mse_loss(net(x), t).backward()
            optimizer.step()
        """,
    ),
    "targets -1 and 1": (
        "targets-out-of-range",
        _NET.replace("torch.randn(8, 1)", "torch.randn(8, 1).sign()")
        + _LOOP.replace("F.mse_loss(net(x), t)", "F.binary_cross_entropy_with_logits(net(x), t)"),
    ),
    "one class": (
        "one-class",
        _NET.replace("torch.randn(8, 1)", "torch.zeros(8, dtype=torch.long)")
        + _LOOP.replace("F.mse_loss(net(x), t)", "F.cross_entropy(net(x), t)"),
    ),
    "labels as two floats": (
        "targets-no-distribution",
        _CLASSES.format(loss="F.cross_entropy(net(x), t)").replace("torch.tensor([0, 1, 2] * 4)", "torch.ones(12, 3)"),
    ),
    "bias updated, not used": (
        "updated-but-unread",
        """
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        w, b = torch.randn(3, 1), torch.zeros(1)
        for _ in range(4):
            y = x @ w
            d = y - t
            w -= 0.05 * x.t() @ d
            b -= 0.05 * d.sum()
        """,
    ),
    "steps larger than the weights": (
        "large-updates",
        """
        w = torch.randn(2, 2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=2.01)
        for _ in range(6):
            optimizer.zero_grad()
            loss = (w * w).sum() / 2
            loss.backward()
            optimizer.step()
        """,
    ),
}

_RIGHT = {
    "plain": _NET + _LOOP,
    "zero_grad after the step": _NET
    + """
for _ in range(4):
    F.mse_loss(net(x), t).backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "accumulates on purpose": _NET
    + """
for i in range(8):
    (F.mse_loss(net(x), t) / 2).backward()
    if i % 2:
        optimizer.step()
        optimizer.zero_grad()
""",
    "cross entropy of scores": _CLASSES.format(loss="F.cross_entropy(net(x), t)"),
    "nll of log_softmax": _CLASSES.format(loss="F.nll_loss(F.log_softmax(net(x), dim=1), t)"),
    "modes switched": _MODES.format(before="    net.train()", after="    net.eval()"),
    "loss numbers kept": _NET + "losses = []\n" + _LOOP + "    losses.append(loss.item())\n",
    "copy kept": _NET + "before = net[0].weight.detach().clone()\n" + _LOOP,
    "critic with clipped weights": """
        make, judge = nn.Linear(2, 2), nn.Linear(2, 1)
        ours, theirs = torch.optim.RMSprop(make.parameters(), 1e-3), torch.optim.RMSprop(judge.parameters(), 1e-3)
        for _ in range(3):
            real, noise = torch.randn(6, 2), torch.randn(6, 2)
            for _ in range(2):
                theirs.zero_grad()
                loss = judge(make(noise).detach()).mean() - judge(real).mean()
                loss.backward()
                theirs.step()
                for p in judge.parameters():
                    p.data.clamp_(-0.5, 0.5)
            ours.zero_grad()
            (-judge(make(noise)).mean()).backward()
            ours.step()
        """,
    "frozen features": """
        body, head = nn.Sequential(nn.Linear(3, 8), nn.Tanh()), nn.Linear(8, 1)
        for p in body.parameters():
            p.requires_grad_(False)
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        optimizer = torch.optim.SGD(head.parameters(), lr=0.05)
        for _ in range(3):
            optimizer.zero_grad()
            F.mse_loss(head(body(x)), t).backward()
            optimizer.step()
        """,
    "adversarial input": """
        x, t = torch.randn(8, 3), torch.tensor([0, 1] * 4)
        net = nn.Linear(3, 2)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            x.requires_grad_()
            F.cross_entropy(net(x), t).backward()
            moved = (x + 0.1 * x.grad.sign()).detach()
            x = x.detach()
            optimizer.zero_grad()
            F.cross_entropy(net(moved), t).backward()
            optimizer.step()
        """,
    "target network": """
        net, target = nn.Linear(4, 3), nn.Linear(4, 3)
        target.load_state_dict(net.state_dict())
        optimizer = torch.optim.Adam(net.parameters(), 1e-3)
        for _ in range(4):
            s, r = torch.randn(6, 4), torch.randn(6)
            with torch.no_grad():
                best = target(s).max(1).values
            optimizer.zero_grad()
            F.smooth_l1_loss(net(s).max(1).values, r + 0.9 * best).backward()
            optimizer.step()
            with torch.no_grad():
                for mine, theirs in zip(target.parameters(), net.parameters()):
                    mine.lerp_(theirs, 0.1)
        """,
    "policy gradient with a list of losses": """
        policy = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
        optimizer = torch.optim.Adam(policy.parameters(), 1e-2)
        for _ in range(3):
            losses = []
            for _ in range(4):
                log_p = F.log_softmax(policy(torch.randn(4)), dim=-1)
                loss = -log_p[0] * torch.randn(())
                losses.append(loss)
            optimizer.zero_grad()
            total = torch.stack(losses).sum()
            total.backward()
            optimizer.step()
        """,
    "warm-up from 0": """
        x, t, net = torch.randn(8, 3), torch.randn(8, 1), nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min(1, i / 3))
        for _ in range(5):
            optimizer.zero_grad()
            F.mse_loss(net(x), t).backward()
            optimizer.step()
            schedule.step()
        """,
    "attention with a mask of -inf": """
        q = nn.Linear(4, 4)
        optimizer = torch.optim.SGD(q.parameters(), lr=0.05)
        x = torch.randn(2, 5, 4)
        mask = torch.triu(torch.full((5, 5), float("-inf")), diagonal=1)
        for _ in range(3):
            optimizer.zero_grad()
            a = (q(x) @ x.transpose(1, 2) + mask).softmax(-1)
            (a @ x).pow(2).mean().backward()
            optimizer.step()
        """,
    "two losses, two optimizers": """
        shared, one, two = nn.Linear(3, 4), nn.Linear(4, 1), nn.Linear(4, 1)
        first = torch.optim.SGD([*shared.parameters(), *one.parameters()], lr=0.05)
        second = torch.optim.SGD(two.parameters(), lr=0.05)
        x, t = torch.randn(8, 3), torch.randn(8, 1)
        for _ in range(3):
            h = torch.tanh(shared(x))
            first.zero_grad()
            second.zero_grad()
            F.mse_loss(one(h), t).backward(retain_graph=True)
            F.mse_loss(two(h), -t).backward()
            first.step()
            second.step()
        """,
    "ascent on a reward": """
        w = torch.tensor([0.5, -0.5], requires_grad=True)
        for _ in range(4):
            w.grad = None
            reward = -(w * w).sum()
            reward.backward()
            with torch.no_grad():
                w += 0.1 * w.grad
        """,
    "style of an image": """
        net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
        image = torch.randn(5, 4, requires_grad=True)
        wanted = torch.randn(5, 3)
        optimizer = torch.optim.Adam([image], lr=0.05)
        for _ in range(4):
            optimizer.zero_grad()
            F.mse_loss(net(image), wanted).backward()
            optimizer.step()
        """,
    "mini-batches of a loader": """
        from torch.utils.data import DataLoader, TensorDataset

        loader = DataLoader(TensorDataset(torch.randn(16, 3), torch.randn(16, 1)), batch_size=4, shuffle=True)
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(2):
            for x, t in loader:
                optimizer.zero_grad()
                F.mse_loss(net(x), t).backward()
                optimizer.step()
        """,
    "clips, with momentum and decay": _NET.replace("lr=0.05", "lr=0.05, momentum=0.9, weight_decay=1e-3")
    + """
for _ in range(4):
    optimizer.zero_grad(set_to_none=False)
    F.mse_loss(net(x), t).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    optimizer.step()
""",
    "generated under no_grad, in training mode": """
        make = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))
        judge = nn.Linear(2, 1)
        ours, theirs = torch.optim.SGD(make.parameters(), 0.01), torch.optim.SGD(judge.parameters(), 0.01)
        for _ in range(3):
            with torch.no_grad():
                fake = make(torch.randn(6, 2))
            theirs.zero_grad()
            F.softplus(judge(fake)).mean().backward()
            theirs.step()
            ours.zero_grad()
            F.softplus(-judge(make(torch.randn(6, 2)))).mean().backward()
            ours.step()
        """,
    "gradient penalty": """
        judge = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
        optimizer = torch.optim.Adam(judge.parameters(), 1e-3)
        for _ in range(3):
            x = torch.randn(6, 2, requires_grad=True)
            y = judge(x)
            (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
            optimizer.zero_grad()
            (y.mean() + ((slope.norm(dim=1) - 1) ** 2).mean()).backward()
            optimizer.step()
        """,
    "differences of all pairs": """
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        x, t = torch.randn(6, 3), torch.randn(6)
        for _ in range(3):
            y = net(x).squeeze(1)
            optimizer.zero_grad()
            ((y[:, None] - y[None, :]) - (t[:, None] - t[None, :])).pow(2).mean().backward()
            optimizer.step()
        """,
    "deep, with tanh": _DEEP.format(count=6, activation="nn.Tanh()", start="", passes=3),
    "one pass, no update": """
        w = torch.tensor(2.0, requires_grad=True)
        (w * 3).backward()
        print(w.grad)
        """,
}


def wrong() -> dict[str, tuple[str, str]]:
    """Name -> (rule that shall see it, source)."""
    return {name: (rule, dedent(source)) for name, (rule, source) in _WRONG.items()}


def right() -> dict[str, str]:
    """Correct programs by name."""
    return {name: dedent(source) for name, source in _RIGHT.items()}


def learner_slips() -> list[dict[str, str]]:
    """id, belief, source, and either the rule that shall see it or why a trace cannot show it ("unseen")."""
    return list(json.loads(_GOLDEN.read_text(encoding="utf-8"))["slips"])
