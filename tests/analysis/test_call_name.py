"""What a module call is called inside the one around it: paths as in torch's `named_modules()`."""

from __future__ import annotations

import pytest

from engine.analysis.call_name import call_name
from engine.events import ModuleCall


def _call(path: str, variable: str = "", class_name: str = "Block") -> ModuleCall:
    return ModuleCall(1, None, path, class_name, variable, 0, 0, 1)


@pytest.mark.parametrize(
    ("around", "path", "name"),
    [
        ("", "fc1", "fc1"),
        ("", "stages.0", "stages.0"),
        ("stages.0", "stages.0.body.1", "body.1"),
        ("stages.0.body", "stages.0.body.1", "1"),
        ("stages.1", "stages.10.body", "body"),
        ("decoder", "encoder.embed", "embed"),
    ],
)
def test_a_call_is_named_by_the_rest_of_its_path(around: str, path: str, name: str) -> None:
    assert call_name(_call(path), _call(around)) == name


def test_a_call_with_none_around_it_is_named_by_its_whole_path() -> None:
    assert call_name(_call("stages.0"), None) == "stages.0"


@pytest.mark.parametrize(("variable", "name"), [("net", "net"), ("", "Block")])
def test_a_call_without_a_path_is_named_by_its_variable_else_its_class(variable: str, name: str) -> None:
    assert call_name(_call("", variable), None) == name
