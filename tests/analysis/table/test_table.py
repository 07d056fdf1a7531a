"""The table of operations: one row an op, in two languages, for all that a learner's program may call."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import OpInfo

from engine.analysis.table.operation import OPERATIONS, Operation, operation, row_of
from engine.analysis.table.rule import RULES, UpdateRule, update
from engine.analysis.table.words import Words

WANTED = [
    "linear",
    "addmm",
    "mm",
    "matmul",
    "bmm",
    "einsum",
    "bilinear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "relu",
    "relu_",
    "relu6",
    "leaky_relu",
    "prelu",
    "rrelu",
    "sigmoid",
    "tanh",
    "gelu",
    "silu",
    "softplus",
    "elu",
    "selu",
    "celu",
    "softmax",
    "log_softmax",
    "batch_norm",
    "layer_norm",
    "group_norm",
    "instance_norm",
    "rms_norm",
    "dropout",
    "embedding",
    "scaled_dot_product_attention",
    "rnn_tanh_cell",
    "rnn_relu_cell",
    "lstm_cell",
    "gru_cell",
    "lstm",
    "gru",
    "rnn_tanh",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "exp",
    "log",
    "sqrt",
    "abs",
    "clamp",
    "where",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "sum",
    "mean",
    "var",
    "std",
    "norm",
    "max",
    "min",
    "argmax",
    "topk",
    "cumsum",
    "prod",
    "view",
    "reshape",
    "permute",
    "transpose",
    "cat",
    "stack",
    "split",
    "getitem",
    "gather",
    "scatter",
    "pad",
    "expand",
    "repeat",
    "flip",
    "roll",
    "to",
    "float",
    "double",
    "add_",
    "mul_",
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "cross_entropy",
    "nll_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "kl_div",
    "poisson_nll_loss",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "cosine_embedding_loss",
    "triplet_margin_loss",
    "multi_margin_loss",
    "soft_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "ctc_loss",
]


def rows() -> Iterator[tuple[str, Operation | UpdateRule]]:
    """All rows of both tables, each once."""
    seen: set[int] = set()
    for name, row in (*((name, row) for name, (row, _) in OPERATIONS.items()), *RULES.items()):
        if id(row) not in seen:
            seen.add(id(row))
            yield name, row


def test_a_second_row_for_an_op_is_refused() -> None:
    assert "linear" in OPERATIONS
    assert "SGD" in RULES
    with pytest.raises(ValueError, match="linear has a row already"):
        operation("linear(input)")(type("Again", (Operation,), {}))
    with pytest.raises(ValueError, match="SGD has a row already"):
        update("SGD")(type("Again", (UpdateRule,), {}))


@pytest.mark.parametrize("name", WANTED)
def test_there_is_a_row_for(name: str) -> None:
    assert row_of(name) is not None


def test_there_is_a_rule_for_every_optimizer_and_scheduler_of_torch() -> None:
    kinds = (torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler)
    for place in (torch.optim, torch.optim.lr_scheduler):
        for name, found in vars(place).items():
            if isinstance(found, type) and issubclass(found, kinds) and found not in kinds and name[0] != "_":
                assert name in RULES, name


def sentences(words: Words) -> Iterator[tuple[str, str]]:
    yield words.does
    if any(words.gradient):
        yield words.gradient


def test_every_row_says_what_it_does_in_english_and_chinese() -> None:
    for name, row in rows():
        for english, chinese in sentences(row.words):
            assert re.search(r"[a-z]", english), name
            assert not re.search(r"[\u4e00-\u9fff]", english), name
            assert english.endswith((".", "?", "!")), f"{name}: {english}"
            assert re.search(r"[\u4e00-\u9fff]", chinese), name
            assert chinese.endswith(("。", "？", "！")), f"{name}: {chinese}"
            assert english.count(". ") == 0, f"{name}, more than one sentence: {english}"
            assert chinese.count("。") == 1, f"{name}, more than one sentence: {chinese}"


def test_chinese_has_its_own_punctuation_and_spaces_beside_latin_letters() -> None:
    han, latin = "[\u4e00-\u9fff]", "[A-Za-z0-9\u03b1-\u03c9]"
    for name, row in rows():
        for _, chinese in sentences(row.words):
            assert not re.search(f"{han}[,;:?!(]|[,;:?!)]{han}", chinese), f"{name}: {chinese}"
            assert not re.search(f"{han}{latin}|{latin}{han}", chinese), f"{name}: {chinese}"


@pytest.mark.parametrize("op", op_db, ids=lambda op: op.formatted_name)
def test_what_torch_differentiates_says_what_its_gradient_means(op: OpInfo) -> None:
    found = row_of(op.name)
    if found is not None and op.supports_autograd and not op.name.endswith("_like"):
        assert found[0].words.gradient[0], op.name


def test_orders_and_modules_name_what_exists() -> None:
    for name, (row, form) in OPERATIONS.items():
        assert set(row.order) <= form.known | {""}, name
        for module in row.modules:
            assert hasattr(torch.nn, module), f"{name}: torch.nn has no {module}"


def test_looking_for_a_row_is_enough_to_find_it() -> None:
    code = (
        "import sys\n"
        "from engine.analysis.table.operation import OPERATIONS, row_of\n"
        "from engine.analysis.table.rule import rule_of\n"
        "before = 'engine.analysis.table.operations' in sys.modules\n"
        "print(before, row_of('linear') is not None, rule_of('SGD') is not None, len(OPERATIONS) > 300)\n"
    )
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True", "True", "True"]


def test_threads_that_look_at_the_same_time_find_all_rows() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from engine.analysis.table.operation import row_of\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    found = list(pool.map(row_of, ['linear', 'zeros', 'abs', '_foreach_abs', 'xlogy', 'where'] * 4))\n"
        "print(sum(one is None for one in found))\n"
    )
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["0"]
