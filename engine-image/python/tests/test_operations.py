from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

from modelhub.arrays import Array
from modelhub.errors import ConfigError
from modelhub.operations import Misfit
from modelhub.operations.chain import OPERATIONS, Chain, bind
from modelhub.operations.joined import joined
from modelhub.operations.step import axis_of

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "engine-image" / "operations" / "golden"

Case = Dict[str, Any]


def golden() -> list[Any]:
    """Each case of each file, titled `<operation> <title>`."""
    return [
        pytest.param(file.stem, case, id=f"{file.stem} {case['title']}")
        for file in sorted(GOLDEN.glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))["cases"]
    ]


@pytest.mark.parametrize(("name", "case"), golden())
def test_computes_what_the_golden_vector_says(name: str, case: Case) -> None:
    if case.get("fails") == "bind":
        with pytest.raises(ConfigError, match=f"operation {name} "):
            run(name, case)
    elif case.get("fails") == "run":
        with pytest.raises(Misfit):
            run(name, case)
    else:
        found, axes = run(name, case)
        if isinstance(found, np.ndarray):
            assert axes == case["axesAfter"]
        require_equal(found, case["expected"], case.get("rtol", 0), case.get("atol", 0))


JOINED = json.loads((GOLDEN.parent / "joined.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", JOINED, ids=[case["title"] for case in JOINED])
def test_joins_tensors(case: Case) -> None:
    arrays = [np.array(one["data"], np.float32).reshape(one["shape"]) for one in case["arrays"]]
    if "fails" in case:
        with pytest.raises(Misfit, match=case["fails"]):
            joined(arrays)
    else:
        expected = case["expected"]
        found = joined(arrays)
        assert list(found.shape) == expected["shape"]
        np.testing.assert_array_equal(found.ravel(), np.array(expected["data"], np.float32))


def test_every_operation_of_the_schema_is_here_and_has_a_golden_vector() -> None:
    schema = json.loads((ROOT / "registry/schema/config.schema.json").read_text(encoding="utf-8"))
    output = schema["properties"]["outputs"]["items"]["properties"]
    one_of = output["postprocessing"]["items"]["oneOf"]
    ids = {branch["properties"]["id"]["const"] for branch in one_of}
    assert ids == set(OPERATIONS) == {file.stem for file in GOLDEN.glob("*.json")}


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([{"id": "sharpen"}], "there is no operation sharpen; there are ensure_dtype, "),
        ([{"id": "resize"}], "operation resize needs the argument shape."),
        (
            [{"id": "clip", "kwargs": {"low": 0}}],
            "operation clip has no argument low; its arguments: min, max.",
        ),
        (
            [{"id": "argmax"}, {"id": "softmax"}],
            "operation softmax names the axis channel; the array has y, x.",
        ),
        (
            [{"id": "select", "kwargs": {"indices": [0]}}, {"id": "grayscale"}],
            "operation grayscale needs 3 along channel; the array has 1.",
        ),
        (
            [
                {"id": "resize", "kwargs": {"shape": {"y": 4}}},
                {"id": "center_crop", "kwargs": {"shape": {"y": 5}}},
            ],
            "operation center_crop has 4 elements along y; center_crop takes at least 5.",
        ),
        (
            [
                {"id": "argmax"},
                {"id": "transpose", "kwargs": {"axes": ["channel", "y", "x"]}},
                {"id": "grayscale"},
            ],
            "operation grayscale needs 3 along channel; the array has 1.",
        ),
        ([{"id": "labels", "kwargs": {"values": ["a"]}}], "operation labels comes after top_k"),
    ],
)
def test_says_at_load_time_what_does_not_fit(operations: list[Case], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Chain(operations, axes_named("y", "x", "channel"))
    assert message in str(raised.value)


def test_leaves_the_array_that_it_is_given_as_it_was() -> None:
    for name, case in (param.values for param in golden()):
        if "input" in case and "fails" not in case:
            array = unpacked(case["input"])
            before = array.copy()
            run(name, case, array)
            np.testing.assert_array_equal(array, before, err_msg=name)


def run(name: str, case: Case, array: Array | None = None) -> tuple[Any, Any]:
    """Return what the operation gives, and the names of its axes."""
    image = case.get("image", {"shape": [1], "axes": ["index"], "operations": []})
    before = Chain(image["operations"], axes_named(*image["axes"]))
    _, placement = before.run(np.zeros(image["shape"], np.uint8))
    more = {
        "inputs": {"image": axes_named(*image["axes"])},
        "read": lambda path: case["files"][path],
    }
    axes = None if "list" in case else axes_named(*case["axes"])
    step = bind({"id": name, "kwargs": case["kwargs"]}, axes, more)
    given = case["list"] if "list" in case else unpacked(case["input"]) if array is None else array
    found = step.run(given, {"image": placement})
    return found, step.axes and [axis.name for axis in step.axes]


def axes_named(*names: str) -> Any:
    return tuple(axis_of(name) for name in names)


def unpacked(packed: Case) -> Array:
    return np.array(packed["data"], packed["dtype"]).reshape(packed["shape"])


def require_equal(found: Any, expected: Any, rtol: float, atol: float) -> None:
    """Compare arrays with dtype and shape, and lists of objects number by number."""
    if isinstance(found, np.ndarray):
        array = unpacked(expected)
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        np.testing.assert_allclose(found, array, rtol=rtol, atol=atol)
        return
    assert len(found) == len(expected)
    for item, wanted in zip(found, expected):
        assert item.keys() == wanted.keys()
        for key, value in wanted.items():
            if isinstance(value, str):
                assert item[key] == value
            else:
                np.testing.assert_allclose(
                    item[key], np.float64(value), rtol=rtol, atol=max(atol, 1e-7)
                )
