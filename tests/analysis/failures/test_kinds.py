"""Each kind of error, raised by torch or Python itself in a small script, and what is said of it."""

from __future__ import annotations

import pytest

from engine.analysis.failures.table import ROWS

from .conftest import Failed

SCRIPTS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    # name: (kind, script, pieces of the meaning, piece of the code)
    "named layer": (
        "linear_features",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(4, 8)
                self.fc2 = nn.Linear(6, 2)
            def forward(self, x):
                h = torch.relu(self.fc1(x))
                return self.fc2(h)
        net = Net()
        net(torch.randn(5, 4))
        """,
        ("net.fc2 wants 6 features (columns of h), but h has 8: its shape is [5, 8]",),
        "self.fc2 = nn.Linear(8, 2)",
    ),
    "in a sequence": (
        "linear_features",
        "net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(6, 2))\nx = torch.ones(5, 4)\nnet(x)",
        ("net[2] wants 6 features", "has 8"),
        "nn.Linear(8, 2)",
    ),
    "a vector": (
        "linear_features",
        "layer = nn.Linear(4, 2)\nx = torch.ones(3)\nlayer(x)",
        ("layer wants 4 features", "x has 3"),
        "layer = nn.Linear(3, 2)",
    ),
    "carried over": (
        "backward_twice",
        """
        w = torch.ones(1, requires_grad=True)
        h = torch.zeros(1)
        for _ in range(2):
            h = torch.tanh(w * h + w)
            h.sum().backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None
        """,
        ("backward() of iteration 2 came to tanh in line 8", "ran in iteration 1"),
        "h = h.detach()",
    ),
    "@": (
        "inner_sizes",
        "x = torch.ones(5, 3)\nw = torch.ones(4, 2)\nx @ w",
        ("x [5, 3] has 3 columns", "w [4, 2] has 4 rows"),
        "print(x.shape, w.shape)",
    ),
    "@ of a turned matrix": (
        "inner_sizes",
        "x = torch.ones(5, 3)\nw = torch.ones(2, 3)\nx @ w",
        ("x [5, 3] has 3 columns", "w [2, 3] has 2 rows"),
        "x @ w.T",
    ),
    "matrix and vector": (
        "inner_sizes",
        "W = torch.ones(5, 3)\nv = torch.ones(4)\nW @ v",
        ("W [5, 3] has 3 columns", "v [4] has 4 elements"),
        "print(W.shape, v.shape)",
    ),
    "dot": (
        "inner_sizes",
        "a = torch.ones(3)\nb = torch.ones(4)\ntorch.dot(a, b)",
        ("a [3] has 3 elements", "b [4] has 4 elements"),
        "a.shape",
    ),
    "bmm": (
        "inner_sizes",
        "a = torch.ones(2, 3, 4)\nb = torch.ones(2, 5, 6)\ntorch.bmm(a, b)",
        ("a [2, 3, 4] has 4 columns", "b [2, 5, 6] has 5 rows"),
        "a.shape",
    ),
    "mm of a vector": (
        "product_dimensions",
        "a = torch.ones(3)\nb = torch.ones(3, 2)\ntorch.mm(a, b)",
        ("a has 1 dimensions and b has 2",),
        "a @ b",
    ),
    "channels": (
        "channels",
        "conv1 = nn.Conv2d(1, 6, 5)\nx = torch.ones(2, 3, 28, 28)\nconv1(x)",
        ("conv1 wants 1 channels (dimension 1 of x), but x has 3",),
        "conv1 = nn.Conv2d(3, 6, 5)",
    ),
    "channels last": (
        "channels",
        "conv1 = nn.Conv2d(3, 6, 5)\nx = torch.ones(2, 28, 28, 3)\nconv1(x)",
        ("wants 3 channels", "x has 28"),
        "x = x.permute(0, 3, 1, 2)",
    ),
    "no batch": (
        "picture_dimensions",
        "conv1 = nn.Conv2d(1, 6, 5)\nx = torch.ones(28, 28)\nconv1(x)",
        ("x has 2 dimensions: [28, 28]",),
        "x = x.unsqueeze(0).unsqueeze(0)",
    ),
    "kernel": (
        "kernel_too_large",
        "conv1 = nn.Conv2d(1, 6, 5)\nx = torch.ones(1, 1, 3, 3)\nconv1(x)",
        ("conv1 ([1, 1, 3, 3]) is smaller",),
        "padding=1",
    ),
    "pool": ("kernel_too_large", "x = torch.ones(1, 1, 1, 1)\nF.max_pool2d(x, 2)", ("smaller",), "padding"),
    "column": (
        "broadcasting",
        "x = torch.ones(5, 3)\nb = torch.ones(5)\nx * b",
        ("Dimension 1 of x [5, 3] has size 3, dimension 0 of b [5] has size 5",),
        "b = b.unsqueeze(1)",
    ),
    "in a loss": (
        "broadcasting",
        "a = torch.ones(4, 3)\nt = torch.ones(4, 2)\nF.mse_loss(a, t)",
        ("a [4, 3] has size 3", "t [4, 2] has size 2"),
        "print(a.shape, t.shape)",
    ),
    "expand": ("expanding", "torch.ones(3, 2).expand(4, 2)", ("dimension 0 has size 3", "repeated to 4"), ""),
    "view": (
        "view_elements",
        "x = torch.ones(4, 6)\nx.view(5, 5)",
        ("x [4, 6] has 24", "5 x 5 = 25"),
        "x.view(x.shape[0], -1)",
    ),
    "view in a backward of the script's own": (
        "view_elements",
        """
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, arrived):
        return arrived * 2 * ctx.saved_tensors[0].view(3, 3)

Square.apply(torch.ones(5, 2, requires_grad=True)).mean().backward()
""",
        ("The tensor has 10", "3 x 3 = 9"),
        "x.reshape(x.shape[0], -1)",
    ),
    "reshape -1": ("view_elements", "x = torch.ones(7)\nx.reshape(-1, 2)", ("make 2, which does not divide 7",), ""),
    "cat": (
        "cat_sizes",
        "a = torch.ones(2, 3)\nb = torch.ones(2, 4)\ntorch.cat([a, b])",
        ("In dimension 1 item 0 has 3 and item 1 has 4", "a [2, 3], b [2, 4]"),
        "torch.cat([a, b], dim=1)",
    ),
    "cat of dimensions": (
        "cat_dimensions",
        "a = torch.ones(2, 3)\nb = torch.ones(3)\ntorch.cat([a, b])",
        ("a [2, 3], b [3]",),
        "b.unsqueeze(0)",
    ),
    "stack": (
        "stack_sizes",
        "a = torch.ones(2)\nb = torch.ones(3)\ntorch.stack([a, b])",
        ("item 0 is [2] and item 1 is [3]",),
        "torch.cat([a, b])",
    ),
    "batch": (
        "batch_sizes",
        "z = torch.ones(4, 3)\nt = torch.zeros(2, dtype=torch.long)\nF.cross_entropy(z, t)",
        ("z [4, 3] has 4 samples", "t [2] has 2"),
        "print(z.shape, t.shape)",
    ),
    "one-hot": (
        "label_shape",
        "z = torch.ones(2, 3)\nt = torch.zeros(2, 3, dtype=torch.long)\nF.cross_entropy(z, t)",
        ("t has the shape [2, 3]",),
        "t = t.argmax(1)",
    ),
    "logits' target": (
        "target_shape",
        "z = torch.ones(3, 1)\nt = torch.zeros(3)\nF.binary_cross_entropy_with_logits(z, t)",
        ("z is [3, 1], t is [3]",),
        "t = t.unsqueeze(1)",
    ),
    "types in @": (
        "types_differ",
        "x = torch.ones(2, 2, dtype=torch.float64)\nw = torch.ones(2, 2, requires_grad=True)\nx @ w",
        ("x is float64 and w is float32",),
        "x = x.float()",
    ),
    "types in a convolution": (
        "types_differ",
        "conv = nn.Conv2d(1, 1, 1)\nx = torch.ones(1, 1, 2, 2, dtype=torch.float64)\nconv(x)",
        ("x is float64",),
        "x = x.float()",
    ),
    "mean": ("mean_of_integers", "x = torch.tensor([1, 2])\nx.mean()", ("x is int64",), "x.float().mean()"),
    "write of fractions": (
        "cast_in_place",
        "n = torch.tensor([1, 2])\nn += 0.5",
        ("n, whose type is Long",),
        "n.float()",
    ),
    "indices": ("index_type", "x = torch.ones(3)\ni = torch.ones(2)\nx[i]", ("i is float32",), "i = i.long()"),
    "embedding type": (
        "index_type",
        "table = nn.Embedding(5, 2)\ni = torch.ones(2)\ntable(i)",
        ("i is float32",),
        "i = i.long()",
    ),
    "embedding": (
        "embedding_range",
        "table = nn.Embedding(10, 4)\ntokens = torch.tensor([1, 12])\ntable(tokens)",
        ("table has 10 rows, numbered 0 to 9. tokens goes from 1 to 12",),
        "table = nn.Embedding(13, 4)",
    ),
    "index": (
        "index_range",
        "x = torch.ones(2, 3)\nx[0, 3]",
        ("Dimension 1 of x [2, 3] has size 3", "3 was asked for", "Counting starts at 0"),
        "",
    ),
    "too many": ("too_many_indices", "x = torch.ones(3)\nx[0, 0]", ("x [3] has dimensions (1)",), "print(x.shape)"),
    "dimension": ("no_such_dimension", "x = torch.ones(3)\nx.sum(dim=1)", ("dimension 1, but x [3] has 1",), ""),
    "if": (
        "truth_of_many",
        "x = torch.ones(3)\nif x > 0:\n    pass",
        ("tensor of shape [3]",),
        "if (x > 0).all():",
    ),
    "iteration": ("sequence_of_number", "for x in torch.tensor(1.0):\n    pass", ("not a sequence",), ""),
    "given gradient": (
        "given_gradient_shape",
        "y = torch.ones(3, requires_grad=True) * 2\ny.backward(torch.ones(2))",
        ("exactly the shape",),
        "",
    ),
    "gradient count": (
        "gradient_count",
        """
        class Mine(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, k):
                return x * k
            @staticmethod
            def backward(ctx, grad):
                return grad
        Mine.apply(torch.ones(1, requires_grad=True), 2).sum().backward()
        """,
        ("MineBackward",),
        "None",
    ),
    "detached by hand": (
        "no_path_to_parameters",
        "w = torch.ones(1, requires_grad=True)\nloss = (w * 2).sum()\n"
        "again = torch.tensor(loss.item())\nagain.backward()",
        ("Line 6 makes a new tensor",),
        "",
    ),
    "argmax": (
        "no_path_to_parameters",
        "w = torch.ones(2, 3, requires_grad=True)\nchosen = w.argmax(1)\nloss = chosen.float().mean()\nloss.backward()",
        ("starts from loss", "Line 5 uses argmax"),
        "",
    ),
    "step before backward": (
        "overwritten_value",
        """
        net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        one = net(torch.ones(1, 2)).sum()
        two = (net(torch.ones(1, 2)) ** 2).sum()
        one.backward()
        optimizer.step()
        two.backward()
        """,
        ("linear in line 8", "Line 10 (optimizer.step())"),
        "optimizer.step()",
    ),
    "no optimizer's tensor": (
        "optimizer_no_tensors",
        "net = nn.Linear(1, 1)\ntorch.optim.SGD(net.parameters, lr=0.1)",
        ("without ()",),
        "torch.optim.SGD(net.parameters(), lr=0.1)",
    ),
    "one tensor": (
        "optimizer_no_tensors",
        "w = torch.ones(1, requires_grad=True)\ntorch.optim.SGD(w, lr=0.1)",
        ("list of tensors",),
        "torch.optim.SGD([w], lr=0.1)",
    ),
    "no leaf": (
        "optimizer_no_leaf",
        "w = torch.ones(1, requires_grad=True) * 2\ntorch.optim.SGD([w], lr=0.1)",
        ("result of a computation",),
        "requires_grad_()",
    ),
    "rate": ("learning_rate", "torch.optim.SGD([torch.ones(1)], lr=-1.0)", ("not -1.0",), "lr=0.01"),
    "no grad": (
        "grad_is_none",
        "w = torch.ones(1, requires_grad=True)\nw.grad.zero_()",
        ("w.grad is None",),
        "if w.grad is not None: w.grad.zero_()",
    ),
    "grad of a computed tensor": (
        "grad_is_none",
        "w = torch.ones(1, requires_grad=True)\nz = w * 2\nz.sum().backward()\nw = w - 0.1 * z.grad",
        ("z.grad is None",),
        "z.retain_grad()",
    ),
    "attribute": (
        "attribute",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(1, 1)
            def forward(self, x):
                return self.hiden(x)
        Net()(torch.ones(1))
        """,
        ("Net has no hiden", "Did you mean hidden?"),
        "return self.hidden(x)",
    ),
    "no forward": (
        "forward_missing",
        "class Net(nn.Module):\n    pass\nNet()(torch.ones(1))",
        ("Net has no method forward",),
        "def forward(self, x):",
    ),
    "lstm": (
        "no_tensor",
        "lstm = nn.LSTM(2, 3)\nhead = nn.Linear(3, 1)\nhead(lstm(torch.ones(4, 1, 2)))",
        ("several results at once",),
        "output, state = ",
    ),
    "array": (
        "no_tensor",
        "import numpy as np\nnn.Linear(2, 1)(np.ones((1, 2)))",
        ("NumPy array",),
        "torch.from_numpy",
    ),
    "norm": (
        "norm_channels",
        "bn = nn.BatchNorm2d(4)\nx = torch.ones(2, 3, 5, 5)\nbn(x)",
        ("bn was made for 4 channels", "has 3"),
        "bn = nn.BatchNorm2d(3)",
    ),
    "layer norm": (
        "norm_shape",
        "ln = nn.LayerNorm(4)\nx = torch.ones(2, 3)\nln(x)",
        ("must be [4], but x is [2, 3]",),
        "ln = nn.LayerNorm(3)",
    ),
    "state": (
        "state_dict",
        "small = nn.Linear(2, 1)\nlarge = nn.Linear(3, 1)\nlarge.load_state_dict(small.state_dict())",
        ("weight is [1, 2] in the file and [1, 3] in the model",),
        "",
    ),
    "state of another": (
        "state_dict",
        "net = nn.Sequential(nn.Linear(2, 1))\nnet.load_state_dict(nn.Linear(2, 1).state_dict())",
        ("lacks 0.weight, 0.bias", "has no weight, bias"),
        "strict=False",
    ),
    "worker": (
        "worker_raised",
        """
        raise RuntimeError(
            "Caught IndexError in DataLoader worker process 0.\\n"
            "Original Traceback (most recent call last):\\n"
            '  File "data.py", line 3, in __getitem__\\n'
            "IndexError: list index out of range\\n"
        )
        """,
        ("worker process 0: IndexError: list index out of range",),
        "num_workers=0",
    ),
    "collate": (
        "collate",
        "from torch.utils.data import DataLoader\nnext(iter(DataLoader([object(), object()], batch_size=2)))",
        ("another type",),
        "collate_fn",
    ),
    "devices": (
        "devices_differ",
        "x = torch.ones(2, 2)\nw = torch.ones(2, 2, device='meta', requires_grad=True)\nx * w",
        ("cpu: x; meta: w",),
        'x = x.to("meta")',
    ),
    "name": ("name", "np.ones(3)", ("np has no value",), "import numpy as np"),
    "package": ("package", "import no_such_package_here", ("no package no_such_package_here",), "pip install"),
    "file": ("file", "open('nothing.csv')", ("no file nothing.csv",), "__file__"),
    "arguments": ("arguments", "def f(x): ...\nf(1, 2)", ("takes 1 positional argument",), ""),
    "syntax": ("syntax", "print(torch.ones(1)\n", ("could not read the file",), ""),
    "indent": ("syntax", "if True:\nprint(1)\n", ("no step to look at",), ""),
    "python": ("python", "[][0]", ("IndexError in the script itself",), ""),
    "anything of torch's": ("other", "x = torch.ones(2, 3)\ntorch.linalg.inv(x)", ("x [2, 3] float32",), ""),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_said(failed: Failed, name: str) -> None:
    kind, script, pieces, code = SCRIPTS[name]
    found = failed(script)
    assert found.kind == kind, found.message
    assert [piece for piece in pieces if piece not in found.told.meaning.english] == [], found.told.meaning.english
    assert code in "\n".join(found.told.code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.told.meaning.chinese)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.told.fix.chinese)


NOT_HERE = {
    # They need a GPU, a full memory, a killed process or another version of torch: given as messages below.
    "device_assert", "no_such_gpu", "numpy_of_gpu", "gpu_memory", "memory", "worker_killed",
    "main_guard", "write_to_view", "gradient_shape",
}  # fmt: skip
MESSAGES = {
    "device_assert": "RuntimeError: CUDA error: device-side assert triggered",
    "no_such_gpu": "RuntimeError: CUDA error: invalid device ordinal",
    "numpy_of_gpu": "TypeError: can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() first.",
    "gpu_memory": "OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
    "memory": "RuntimeError: [enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)",
    "worker_killed": "RuntimeError: DataLoader worker (pid 12) is killed by signal: Killed.",
    "main_guard": "RuntimeError: An attempt has been made to start a new process before the\n        current process "
    "has finished its bootstrapping phase.",
    "write_to_view": "RuntimeError: Output 0 of UnbindBackward0 is a view and is being modified inplace.",
    "gradient_shape": "RuntimeError: Function MineBackward returned an invalid gradient at index 0 - got [3] but "
    "expected shape compatible with [2]",
}


@pytest.mark.parametrize("kind", sorted(NOT_HERE))
def test_what_is_said_of_a_message(failed: Failed, kind: str) -> None:
    name, _, message = MESSAGES[kind].partition(": ")
    made = "class OutOfMemoryError(RuntimeError): ...\n" if name == "OutOfMemoryError" else ""
    found = failed(f"{made}raise {name}({message!r})")
    assert found.kind == kind
    assert found.message == message
    assert found.told.code or kind == "memory"


def test_every_row_is_tried_here() -> None:
    from .test_raised_errors import WANTED

    tried = {kind for kind, *_ in SCRIPTS.values()} | NOT_HERE | {wanted.kind for wanted in WANTED.values()}
    assert {row.key for row in ROWS} == tried


def test_a_message_of_a_million_letters_is_answered(failed: Failed) -> None:
    """Patterns that begin anew at each letter would take hours over all of it."""
    failure = failed('torch.ones(1)\nraise ValueError("y" * 1_000_000)')
    assert (failure.type, failure.kind) == ("ValueError", "python")
