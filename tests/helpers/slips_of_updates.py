"""Programs with one mistake in what is updated, when, by what, and in which mode: name -> (rule, source)."""

from __future__ import annotations

from tests.helpers.slip_parts import CNN, LOOP, MODES, NET, TWO_TRAININGS, WITH_LR

UPDATES: dict[str, tuple[str, str]] = {
    "losses added up as tensors": (
        "loss-summed",
        NET + "total = 0\n" + LOOP + "    total += loss\n",
    ),
    "zero_grad forgotten": ("missing-zero-grad", NET + LOOP.replace("    optimizer.zero_grad()\n", "")),
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
        NET
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
        NET
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
        NET.replace("net.parameters()", "net[2].parameters()") + LOOP,
    ),
    "one of two networks left out of the optimizer, after a training that is not run": (
        "not-in-optimizer",
        TWO_TRAININGS.format(clear_before="body.zero_grad(); head.zero_grad()", clear_after="pass"),
    ),
    "one of two networks left out of the optimizer, before a training that is not run": (
        "not-in-optimizer",
        TWO_TRAININGS.format(clear_before="pass", clear_after="body.zero_grad(); head.zero_grad()"),
    ),
    "hidden output detached": (
        "cut-branch",
        NET + LOOP.replace("net(x)", "net[2](net[1](net[0](x)).detach())"),
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
    "evaluates in training mode": (
        "evaluation-in-train-mode",
        MODES.format(before="    net.train()", after="    pass"),
    ),
    "trains in evaluation mode": ("training-in-eval-mode", MODES.format(before="    pass", after="    net.eval()")),
    "learning rate 0": ("zero-learning-rate", WITH_LR.format(lr=0.0, count=4)),
    "maximizes": (
        "wrong-direction",
        NET.replace("lr=0.05", "lr=0.05, maximize=True") + LOOP,
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
    "scaled with the statistics of all rows": (
        "test-rows-in-statistics",
        """
        data, target = torch.randn(24, 3) * 2 + 5, torch.randn(24, 1)
        scaled = (data - data.mean(dim=0)) / data.std(dim=0)
        x_train, x_test = scaled[:16], scaled[16:]
        t_train = target[:16]
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            for rows in torch.randperm(16).split(8):
                optimizer.zero_grad()
                F.mse_loss(net(x_train[rows]), t_train[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            net(x_test)
        """,
    ),
    "test rows scaled with their own statistics": (
        "test-rows-in-statistics",
        """
        data, target = torch.randn(24, 3) * 2 + 5, torch.randn(24, 1)
        x_train, x_test = data[:16], data[16:]
        x_train = (x_train - x_train.mean(dim=0)) / x_train.std(dim=0)
        x_test = (x_test - x_test.mean(dim=0)) / x_test.std(dim=0)
        net = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(3):
            for rows in torch.randperm(16).split(8):
                optimizer.zero_grad()
                F.mse_loss(net(x_train[rows]), target[:16][rows]).backward()
                optimizer.step()
        with torch.no_grad():
            net(x_test)
        """,
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
    "round trip through NumPy": (
        "cut-branch",
        """
        net=nn.Sequential(nn.Linear(4,3),nn.ReLU())
        dec=nn.Linear(3,4)
        X=torch.randn(6,4)
        opt=torch.optim.Adam([*net.parameters(),*dec.parameters()])
        for i in range(3):
            opt.zero_grad()
            h=torch.from_numpy(net(X).detach().numpy())
            loss=F.mse_loss(dec(h),X)
            loss.backward()
            opt.step()
        """,
    ),
    "a convolutional network evaluated in training mode": (
        "evaluation-in-train-mode",
        CNN.replace("model.eval()", "pass"),
    ),
    "a convolution that forward leaves out": (
        "unused-parameter",
        CNN.replace("F.relu(self.c2(x))", "x[:, :1].repeat(1, 8, 2, 2)").replace(
            "x.flatten(1)", "x[:, :, :2, :2].flatten(1)"
        ),
    ),
}
