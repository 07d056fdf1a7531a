"""Programs with one mistake in what a loss is given: name -> (rule, source)."""

from __future__ import annotations

from tests.helpers.slip_parts import CLASSES, LOOP, NET

LOSSES: dict[str, tuple[str, str]] = {
    "log_softmax before cross_entropy": (
        "double-softmax",
        CLASSES.format(loss="F.cross_entropy(net(x).log_softmax(1), t)"),
    ),
    "sigmoid before cross_entropy": (
        "double-softmax",
        CLASSES.format(loss="F.cross_entropy(torch.sigmoid(net(x)), t)"),
    ),
    "sigmoid before logits loss": (
        "double-sigmoid",
        NET.replace("torch.randn(8, 1)", "torch.rand(8, 1).round()")
        + LOOP.replace("F.mse_loss(net(x), t)", "nn.BCEWithLogitsLoss()(torch.sigmoid(net(x)), t)"),
    ),
    "scores into nll_loss": ("scores-in-nll-loss", CLASSES.format(loss="F.nll_loss(net(x), t)")),
    "probabilities into nll_loss": ("scores-in-nll-loss", CLASSES.format(loss="F.nll_loss(net(x).softmax(1), t)")),
    "log of softmax over the batch": (
        "softmax-over-batch",
        CLASSES.format(loss="F.nll_loss(torch.log(net(x).softmax(0)), t)"),
    ),
    "relu on the scores": ("relu-before-loss", CLASSES.format(loss="F.cross_entropy(torch.relu(net(x)), t)")),
    "mse of a column and a row": (
        "broadcast-loss",
        NET.replace("torch.randn(8, 1)", "torch.randn(8)") + LOOP,
    ),
    "own loss of a column and a row": (
        "broadcast-loss",
        NET.replace("torch.randn(8, 1)", "torch.randn(8)")
        + LOOP.replace("F.mse_loss(net(x), t)", "(net(x) - t).abs().mean()"),
    ),
    "pixels up to 255": (
        "initial-loss",
        CLASSES.format(loss="F.cross_entropy(net(x), t)").replace("torch.randn(12, 4)", "255 * torch.rand(12, 4)"),
    ),
    "targets -1 and 1": (
        "targets-out-of-range",
        NET.replace("torch.randn(8, 1)", "torch.randn(8, 1).sign()")
        + LOOP.replace("F.mse_loss(net(x), t)", "F.binary_cross_entropy_with_logits(net(x), t)"),
    ),
    "one class": (
        "one-class",
        NET.replace("torch.randn(8, 1)", "torch.zeros(8, dtype=torch.long)")
        + LOOP.replace("F.mse_loss(net(x), t)", "F.cross_entropy(net(x), t)"),
    ),
    "labels as two floats": (
        "targets-no-distribution",
        CLASSES.format(loss="F.cross_entropy(net(x), t)").replace("torch.tensor([0, 1, 2] * 4)", "torch.ones(12, 3)"),
    ),
    "column against row in torch.mean": (
        "broadcast-loss",
        """
        X=torch.linspace(-1,1,32).unsqueeze(1); Y=X**2
        net=nn.Sequential(nn.Linear(1,16),nn.ReLU(),nn.Linear(16,1))
        opt=torch.optim.SGD(net.parameters(),lr=0.1)
        for step in range(60):
            pred=net(X)
            loss=torch.mean((pred - Y.squeeze())**2)
            opt.zero_grad(); loss.backward(); opt.step()
        """,
    ),
}
