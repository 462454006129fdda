from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import numbers

from modelhub import LabelList, Vector
from modelhub.config import read_output
from modelhub.errors import OutputError
from modelhub.outputs import Prediction, predictions


def one(value: Any, type: str = "vector", **keys: Any) -> Prediction:
    [prediction] = predictions([read_output({"id": "y", "type": type, **keys})], value)
    return prediction


def test_from_scores_takes_the_likeliest_first() -> None:
    scores = np.array([[0.1, 0.6, 0.1, 0.2]], np.float32)
    labels = LabelList.from_scores(scores, ["a", "b", "c", "d"], top=3)
    assert labels == [("b", 0.6), ("d", 0.2), ("a", 0.1)]


@pytest.mark.parametrize("scores", [[0.1], [[0.1, 0.2], [0.3, 0.4]], 0.1, [[0.5], [0.5], [0.0]]])
def test_from_scores_refuses_another_shape(scores: Any) -> None:
    with pytest.raises(OutputError, match=r"from_scores: scores of shape .* for 2 labels"):
        LabelList.from_scores(scores, ["a", "b"])


def test_from_scores_refuses_scores_in_a_square() -> None:
    with pytest.raises(OutputError, match=r"scores of shape \[2, 2\] for 4 labels"):
        LabelList.from_scores([[0.1, 0.2], [0.3, 0.4]], ["a", "b", "c", "d"])


def test_from_scores_keeps_the_order_of_equals() -> None:
    found = LabelList.from_scores([0.002, 0.008] * 100, [str(n) for n in range(200)], top=200)
    assert [int(label) for label, _ in found] == [*range(1, 200, 2), *range(0, 200, 2)]


def test_a_label_list_is_sorted_and_equals_keep_their_order() -> None:
    assert LabelList([("a", 0.2), ("b", 0.5), ("c", 0.2)]) == [("b", 0.5), ("a", 0.2), ("c", 0.2)]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_refuses_non_finite_numbers(number: float) -> None:
    for make in (
        lambda: LabelList([("a", number)]),
        lambda: LabelList.from_scores([number, 0], ["a", "b"]),
        lambda: Vector([0, number]),
        lambda: one([number]),
        lambda: one([("a", number)], "label_list"),
    ):
        with pytest.raises(OutputError, match=r"model gave non-finite numbers\."):
            make()


def test_a_label_list_goes_out_as_objects() -> None:
    output = one([("a", np.float32(0.1)), ("b", 0.9)], "label_list", description="Says.")
    assert output.as_json() == {
        "name": "y",
        "type": "label_list",
        "description": "Says.",
        "shape": [2],
        "prediction": [{"label": "b", "probability": 0.9}, {"label": "a", "probability": 0.1}],
    }


def test_a_vector_goes_out_as_nested_lists() -> None:
    output = one(Vector(np.arange(6).reshape(2, 3)))
    assert output.as_json() == {
        "name": "y",
        "type": "vector",
        "shape": [2, 3],
        "prediction": [[0, 1, 2], [3, 4, 5]],
    }


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_print_as_briefly_as_their_dtype_allows(dtype: str) -> None:
    random = np.random.default_rng(0)
    array = np.concatenate(
        [[0.1, 1 / 3, -0.0, 1e-7, 60000], random.normal(size=500) * 10.0 ** random.integers(-4, 4)]
    ).astype(dtype)
    found = one(array).prediction
    assert found[0] == 0.1
    assert (np.array(found).astype(dtype) == array).all()
    assert all(len(repr(a)) <= len(repr(float(b))) for a, b in zip(found, array))


def test_a_single_number_gets_the_shape_1() -> None:
    assert one(2.5).shape == [1]
    assert one(np.float32(0.1)).prediction == [0.1]


def test_the_configs_dtype_is_given() -> None:
    assert numbers(one(np.array([0.1]), dtype="float32")).dtype == np.float32
    with pytest.raises(OutputError, match="model gave float64; the config says int64"):
        one(np.array([0.1]), dtype="int64")
    with pytest.raises(OutputError, match="non-finite"):
        one(np.array([1e300]), dtype="float32")


def test_the_configs_axes_are_held() -> None:
    axes = [{"name": "n", "type": "index"}, {"name": "c", "type": "channel", "size": 3}]
    assert one(np.zeros((5, 3)), axes=axes).shape == [5, 3]
    with pytest.raises(OutputError, match=r"Output 'y': model gave an array that is 5 × 2 \(n, c"):
        one(np.zeros((5, 2)), axes=axes)
    with pytest.raises(OutputError, match="has 1 axes; expected 2"):
        one(np.zeros(3), axes=axes)


@pytest.mark.parametrize("value", [None, "text", object(), [[1], [1, 2]], {"a": 1}, 1j])
def test_refuses_what_is_no_vector(value: Any) -> None:
    with pytest.raises(OutputError):
        one(value)


@pytest.mark.parametrize("value", [None, 0.5, [0.5], [("a", "b")], [("a", 1, 2)]])
def test_refuses_what_is_no_label_list(value: Any) -> None:
    with pytest.raises(OutputError, match=r"expected a list of \(label, probability\) pairs"):
        one(value, "label_list")


def test_several_outputs_come_by_id_in_the_configs_order() -> None:
    outputs = [read_output({"id": id, "type": "vector"}) for id in ("a", "b")]
    found = predictions(outputs, {"b": [2], "a": [1]})
    assert [(output.name, output.prediction) for output in found] == [("a", [1]), ("b", [2])]
    with pytest.raises(OutputError, match="returns a dict with the keys a, b"):
        predictions(outputs, [1])
    with pytest.raises(OutputError, match="model gave the outputs a; the config has a, b"):
        predictions(outputs, {"a": [1]})


def test_a_vector_is_an_array_to_numpy() -> None:
    assert np.asarray(Vector([1, 2])).tolist() == [1, 2]
    assert np.array(Vector([1, 2]), dtype=float).dtype == float
