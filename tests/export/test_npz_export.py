"""The NumPy archive: arrays by role, by parameter name, and what has neither by its event."""

from pathlib import Path

import numpy as np

from engine.export.npz_file import write_npz
from engine.trace.reader import Trace


def archive_of(path: Path, folder: Path) -> dict[str, np.ndarray]:
    with Trace(path) as trace:
        write_npz(trace, folder / "t.npz", trace.iterations())
    with np.load(folder / "t.npz", allow_pickle=False) as archive:
        return dict(archive)


def test_values_are_found_by_role_and_by_name(hello_path: Path, tmp_path: Path) -> None:
    arrays = archive_of(hello_path, tmp_path)
    np.testing.assert_allclose(arrays["0/z1"], [1.124], rtol=2e-7)
    np.testing.assert_allclose(arrays["0/dC/dw1"], [[-0.0137816544]], rtol=2e-5)
    np.testing.assert_array_equal(arrays["0/dC/dw1"], arrays["0/hidden_layer.weight.grad"])
    np.testing.assert_array_equal(arrays["0/new w1"], arrays["1/hidden_layer.weight"])


def test_bits_and_shapes_are_those_of_the_trace(odd_path: Path, tmp_path: Path) -> None:
    arrays = archive_of(odd_path, tmp_path)
    with Trace(odd_path) as trace:
        made = {event.position: event.outputs[0].value for event in trace.events()}
        for position, value in made.items():
            assert value is not None
            array = trace.array(value)
            found = [arrays[key] for key in arrays if key.endswith(f"event {position}/0")]
            assert array is not None
            assert all(each.dtype == array.dtype and each.shape == array.shape for each in found)
            assert all(each.tobytes() == array.tobytes() for each in found)
    assert len([key for key in arrays if "event" in key]) >= 6
