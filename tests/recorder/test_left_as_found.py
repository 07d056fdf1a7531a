"""Nothing of the recorder stays behind, and nothing of the script's own machinery is disturbed."""

from __future__ import annotations

import gc
import random
import sys
import warnings
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules import module as modules
from torch.optim import optimizer as optimizers
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode


def globals_of_torch() -> dict[str, Any]:
    """Everything that a recorder could leave behind in torch and Python."""
    hooks = {name: len(held) for name, held in vars(modules).items() if name.startswith("_global_") and held}
    hooks |= {name: len(held) for name, held in vars(optimizers).items() if name.startswith("_global_") and held}
    return {
        "hooks": hooks,
        "modes": (torch._C._len_torch_function_stack(), torch._C._len_torch_dispatch_stack()),
        "grad": torch.is_grad_enabled(),
        "torch": set(dir(torch)),
        "tensor": {name: vars(Tensor)[name] for name in vars(Tensor)},
        "base": set(dir(torch._C.TensorBase)),
        "functional": dict(vars(nn.functional)),
        "filters": list(warnings.filters),
        "trace": (sys.gettrace(), sys.getprofile()),
        "hook": (sys.excepthook, sys.displayhook),
        "path": list(sys.path),
    }


def train(steps: int = 2) -> list[Tensor]:
    """A few steps with dropout."""
    net = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.BatchNorm1d(4), nn.Linear(4, 1))
    optimizer = torch.optim.Adam(net.parameters())
    for _ in range(steps):
        optimizer.zero_grad()
        net(torch.randn(8, 3)).pow(2).sum().backward()
        optimizer.step()
    return [held.detach().clone() for held in net.state_dict().values()]


def test_after_the_block(record: Any) -> None:
    train()
    before = globals_of_torch()
    record(train)
    assert globals_of_torch() == before


def test_after_an_exception_wherever_it_comes_from(record: Any) -> None:
    def in_a_hook(gradient: Tensor) -> None:
        raise ZeroDivisionError

    class InForward(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise ZeroDivisionError

    def closure() -> float:
        raise ZeroDivisionError

    def in_backward() -> None:
        x = torch.ones(1, requires_grad=True)
        x.register_hook(in_a_hook)
        (x * 2).backward()

    weight = torch.ones(1, requires_grad=True)
    weight.grad = torch.ones(1)
    before = globals_of_torch()
    for run in (in_backward, lambda: InForward()(weight), lambda: torch.optim.SGD([weight], 0.1).step(closure)):
        record(run, raises=ZeroDivisionError)
        assert globals_of_torch() == before


def test_hooks_on_a_graph_that_outlives_the_block_do_nothing(record: Any) -> None:
    x = torch.tensor([2.0], requires_grad=True)
    found = record(lambda: torch.sigmoid(x) * 3)
    found.result.backward()
    assert x.grad is not None
    assert not found.kind("node")
    assert not found.trace.refresh()


def test_random_numbers_of_all_kinds_go_on_as_bare(record: Any) -> None:
    def numbers() -> list[Any]:
        torch.manual_seed(3)
        random.seed(3)
        np.random.seed(3)
        weights = train(3)
        return [
            weights,
            torch.rand(3).tolist(),
            random.random(),
            float(np.random.rand()),
            torch.get_rng_state().tolist(),
        ]

    bare = numbers()
    found = record(numbers).result
    assert all(map(torch.equal, found[0], bare[0]))
    assert found[1:] == bare[1:]


class Counting(TorchFunctionMode):
    """The script's own function mode."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.calls[func.__name__] += 1
        return func(*args, **(kwargs or {}))


class CountingKernels(TorchDispatchMode):
    """The script's own dispatch mode."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.calls[str(func)] += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("mode", [Counting, CountingKernels])
def test_modes_of_the_script_count_what_they_count_bare(record: Any, mode: Any) -> None:
    def run() -> Counter[str]:
        torch.manual_seed(0)
        with mode() as counting:
            train()
            x = torch.randn(200, 200).t()
            (x[1:] * 2).sum().item()
        calls: Counter[str] = counting.calls
        return calls

    bare = run()
    assert record(run).result == bare


def test_a_mode_around_the_whole_recording(record: Any) -> None:
    with Counting() as bare:
        train()
    with Counting() as around:
        found = record(train)
    assert found.names
    for name in ("linear", "batch_norm", "dropout", "backward"):
        assert around.calls[name] == bare.calls[name]


def test_device_contexts(record: Any) -> None:
    def run() -> list[str]:
        with torch.device("meta"):
            one = torch.ones(2)
            net = nn.Linear(2, 2)
            two = net(one)
        return [str(one.device), str(net.weight.device), str(two.device), str(torch.ones(1).device)]

    found = record(run)
    assert found.result == ["meta", "meta", "meta", "cpu"]
    value = found.trace.value(found.one("linear").outputs[0].value)
    assert (value.shape, value.device, value.kept, value.reason) == ((2,), "meta", False, "a meta tensor has no data")


def test_fake_tensors(record: Any) -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    def run() -> tuple[int, ...]:
        with FakeTensorMode():
            out = nn.Linear(3, 4)(torch.ones(2, 3))
            return tuple(out.shape)

    found = record(run)
    assert found.result == (2, 4)
    value = found.trace.value(found.one("linear").outputs[0].value)
    assert (value.shape, value.kept) == ((2, 4), False)
    assert value.reason


def alive(kind: type) -> int:
    """How many tensors there are."""
    gc.collect()
    return sum(1 for held in gc.get_objects() if type(held) is kind)


def test_no_tensor_and_no_graph_is_kept_alive(record: Any) -> None:
    net = nn.Linear(4, 4)
    seen: list[weakref.ref[Any]] = []
    counts: list[int] = []

    def run() -> None:
        for number in range(100):
            hidden = torch.tanh(net(torch.ones(2, 4)))
            loss = (hidden * hidden).sum()
            loss.backward()
            net.zero_grad()
            seen.extend((weakref.ref(hidden), weakref.ref(loss)))
            del hidden, loss
            if number in (10, 99):
                gc.disable()
                counts.append(sum(held() is not None for held in seen))
                gc.enable()
                counts.append(alive(Tensor))

    record(run)
    assert counts[0] == counts[2] == 0, "gone at once, without the garbage collector"
    assert counts[1] == counts[3]


def test_an_output_that_goes_unused_takes_its_graph_with_it(record: Any) -> None:
    gone: list[bool] = []

    class Note:
        """Lives as long as a graph does."""

    def run() -> None:
        out = torch.ones(1, requires_grad=True) * 2
        note = Note()
        assert out.grad_fn is not None
        out.grad_fn.metadata["note"] = note
        held = weakref.ref(note)
        del note, out
        gc.collect()
        gone.append(held() is None)

    record(run)
    assert gone == [True]


@pytest.mark.parametrize("train_it", [False, True], ids=["forward only", "training"])
def test_what_the_recorder_remembers_does_not_grow(train_it: bool) -> None:
    from engine.recorder.recorder import Recorder

    class Nowhere:
        """Takes batches to nowhere."""

        def put(self, batch: Any) -> None:
            """Drops it."""

        def flush(self) -> None:
            """Nothing waits."""

    recorder = Recorder(Nowhere())
    net = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def remembered() -> int:
        parts = (recorder.capture, recorder.names, recorder.gradients, recorder.updates, recorder.modules)
        recorder.capture.purge()
        recorder.hand_over()
        held = [
            part for one in (*parts, recorder.places, recorder.iterations, recorder.ops) for part in vars(one).values()
        ]
        return sum(len(part) for part in held if isinstance(part, dict | list | set))

    sizes = []
    with recorder:
        for number in range(300):
            loss = net(torch.ones(1, 2)).sum()
            if train_it:
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
            if number in (20, 299):
                sizes.append(remembered())
    assert sizes[1] <= sizes[0] + 10


def test_a_recorder_is_gone_after_its_block(record: Any) -> None:
    from engine.recorder.recorder import Recorder

    class Nowhere:
        """Takes batches to nowhere."""

        def put(self, batch: Any) -> None:
            """Drops it."""

        def flush(self) -> None:
            """Nothing waits."""

    def use() -> weakref.ref[Recorder]:
        with Recorder(Nowhere()) as recorder:
            train()
        return weakref.ref(recorder)

    held = use()
    gc.collect()
    assert held() is None


def test_warnings_of_torch_name_the_script_s_own_line(record: Any) -> None:
    def run() -> tuple[str, int]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            torch.tensor(torch.ones(1))
        (said,) = caught
        return said.filename, said.lineno

    assert record(run).result == run()


def test_recording_inside_recording_leaves_both_whole(record: Any) -> None:
    def run() -> Any:
        torch.sigmoid(torch.ones(1))
        inner = record(lambda: torch.tanh(torch.ones(1)))
        torch.relu(torch.ones(1))
        return inner

    outer = record(run)
    assert outer.result.names == ["ones", "tanh"]
    assert {"sigmoid", "relu"} <= set(outer.names)


def test_formatting_a_tensor_is_no_event(record: Any) -> None:
    def run() -> str:
        x = torch.arange(5000.0) / 3
        return f"{x} {x[0]:.3f} {x!r} {x.tolist()[:2]} {x[1].item()} {len(x)} {bool(x[0] == 0)}"

    found = record(run)
    assert set(found.names) == {"arange", "div", "getitem", "eq"}


class Marked(Tensor):
    """A tensor subclass of the script."""


def test_subclasses_of_the_script(record: Any) -> None:
    def run() -> type:
        x = torch.ones(2).as_subclass(Marked)
        y = torch.sigmoid(x * 2)
        (nn.Parameter(torch.ones(2)) * y).sum().backward()
        return type(y)

    found = record(run)
    assert found.result is Marked
    np.testing.assert_allclose(found.output(found.one("sigmoid")), 1 / (1 + np.exp(-2.0)), rtol=1e-6)


def test_a_loop_of_ids_that_are_used_again(record: Any) -> None:
    """Python gives new tensors the addresses of old ones: a stale entry would show an old number."""

    def run() -> None:
        for number in range(3000):
            held = torch.full((1,), float(number))
            torch.neg(held)
            del held

    found = record(run)
    for event, number in zip(found.named("neg"), range(3000), strict=True):
        value = found.trace.value(event.outputs[0].value)
        assert value.statistics is not None
        assert value.statistics.mean == -number


def test_a_function_given_to_map_like_calls(record: Any) -> None:
    apply: Callable[[Tensor], Tensor] = torch.sigmoid
    found = record(lambda: list(map(apply, torch.ones(3, 1))))
    assert found.names.count("sigmoid") == 3


def test_a_subclass_that_counts_its_calls_does_not_meet_the_recorder(record: Any) -> None:
    def run() -> tuple[Any, ...]:
        class Counting(Tensor):
            calls: list[str] = []  # noqa: RUF012 - one list for all, on purpose

            @classmethod
            def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                cls.calls.append(func.__name__)
                return super().__torch_function__(func, types, args, kwargs or {})

        x = torch.ones(2, 3).as_subclass(Counting)
        y = torch.relu(x @ torch.ones(3, 2)) + 1
        y.mul_(2)
        return tuple(Counting.calls)

    bare = run()
    assert len(bare) >= 4
    found = record(run)
    assert found.result == bare
    np.testing.assert_allclose(found.output(found.one("relu")), [[3, 3], [3, 3]])
