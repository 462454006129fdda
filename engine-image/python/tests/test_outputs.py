from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from conftest import numbers

from modelhub import LabelList, Vector
from modelhub.config import read_output
from modelhub.errors import OutputError
from modelhub.geometry import Geometry
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
        "dtype": "int64",
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


GRID = Geometry((2.0, 1.0, 3.0), (10.0, 20.0, 30.0), (1, 0, 0, 0, 1, 0, 0, 0, 1))
Y_X = [{"name": "y", "type": "space"}, {"name": "x", "type": "space"}]


def test_an_array_says_what_it_is_and_where() -> None:
    keys = {"unit": "Hounsfield", "axes": Y_X, "labels": {"1": "liver"}, "grid": "scan"}
    output = read_output({"id": "y", "type": "mask", "description": "Organs.", **keys})
    [mask] = predictions([output], np.array([[0, 1]]), {"scan": GRID})
    assert mask.as_json() == {
        "name": "y",
        "type": "mask",
        "description": "Organs.",
        "unit": "Hounsfield",
        "shape": [1, 2],
        "dtype": "uint8",
        "axes": ["y", "x"],
        "labels": {"1": "liver"},
        "spacing": [2, 1, 3],
        "origin": [10, 20, 30],
        "direction": [1, 0, 0, 0, 1, 0, 0, 0, 1],
        "prediction": [[0, 1]],
    }


def test_an_output_on_no_grid_has_no_place_in_space() -> None:
    output = read_output({"id": "y", "type": "mask"})
    [mask] = predictions([output], np.array([[0, 1]]), {"scan": GRID})
    assert mask.geometry is None
    assert "spacing" not in mask.as_json()


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (np.array([[0, 255]]), "uint8"),
        (np.array([[0, 256]]), "uint16"),
        (np.array([[0.0, 2.0]]), "uint8"),
        (np.array([[False, True]]), "bool"),
    ],
)
def test_a_mask_gets_the_smallest_dtype(given: Any, dtype: str) -> None:
    mask = one(given, "mask")
    assert numbers(mask).dtype == dtype
    assert (numbers(mask) == given).all()


def test_a_mask_gets_the_configs_dtype_where_it_names_one() -> None:
    assert numbers(one(np.array([[0, 3]]), "mask", dtype="int16")).dtype == np.int16
    with pytest.raises(OutputError, match=r"values from 0 to 300; the config's uint8 doesn't hold"):
        one(np.array([[0, 300]]), "mask", dtype="uint8")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([[0.5]], "gave fractions"),
        ([[-1]], "gave values from -1 to -1; a mask takes 0 to 65535"),
        ([[70_000]], "a mask takes 0 to 65535"),
        ([[0, 1, 4, 4]], r"gave the values 4; the config's labels are 1, 2"),
        ([1, 2], "gave an array of 2; expected two axes"),
        (np.array([[np.nan]]), "non-finite"),
    ],
)
def test_refuses_what_is_no_mask(given: Any, sentence: str) -> None:
    with pytest.raises(OutputError, match=sentence):
        one(given, "mask", labels={"1": "liver", "2": "lesion"})


def test_background_needs_no_label() -> None:
    assert one([[0, 2]], "mask", labels={"2": "lesion"}).prediction == [[0, 2]]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (np.zeros((4, 4, 2), np.uint8), "gave an array of 4 × 4 × 2; an image is one plane"),
        (np.zeros((2, 4, 4, 3), np.uint8), "an image is one plane"),
        (np.zeros(4, np.uint8), "an image is one plane"),
        (np.array([[-0.5, 1]]), "float64 from -0.5 to 1; an image is uint8"),
        (np.array([[1.5]]), "float64 from 1.5 to 1.5; an image is uint8, uint16, or floats from 0"),
        (np.array([[1]]), "gave int64; an image is"),
    ],
)
def test_refuses_what_is_no_image(given: Any, sentence: str) -> None:
    with pytest.raises(OutputError, match=sentence):
        one(given, "image")


def test_an_image_goes_out_as_an_address_with_its_bytes() -> None:
    image = one(np.zeros((2, 3, 3), np.uint8), "image").as_json()
    assert image["shape"] == [2, 3, 3]
    assert image["prediction"].startswith("data:image/png;base64,iVBOR")


def test_integers_that_no_config_can_name_become_int64() -> None:
    assert numbers(one(np.array([2**40], np.uint64))).dtype == np.int64
    with pytest.raises(OutputError, match="int64 doesn't hold it"):
        one(np.array([2**63], np.uint64))


def test_boxes_come_surest_first() -> None:
    boxes = [
        {"label": "dog", "score": 0.4, "box": [0, 0, 1, 1]},
        {"label": "cat", "score": np.float32(0.9), "box": np.array([1, 2, 3, 4.5], np.float32)},
    ]
    found = one(boxes, "bounding_boxes")
    assert found.shape == [2]
    assert found.prediction == [
        {"label": "cat", "score": 0.9, "box": [1.0, 2.0, 3.0, 4.5]},
        {"label": "dog", "score": 0.4, "box": [0.0, 0.0, 1.0, 1.0]},
    ]


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ({"label": "a", "score": 1, "box": [3, 0, 1, 1]}, "expected xmin, ymin, xmax, ymax"),
        ({"label": "a", "score": 1, "box": [0, 3, 1, 1]}, "expected xmin, ymin, xmax, ymax"),
        ({"label": "a", "score": 1, "box": [0, 1]}, "a dict with label, score, box; expected"),
        ({"label": "a", "box": [0, 0, 1, 1]}, "a dict with label, box; expected a list"),
        ({"label": "a", "score": np.nan, "box": [0, 0, 1, 1]}, "non-finite"),
        ("a", "gave str; expected a list of {"),
    ],
)
def test_refuses_what_is_no_box(box: Any, sentence: str) -> None:
    with pytest.raises(OutputError, match=f"^Output 'y': .*{sentence}"):
        one([box], "bounding_boxes")


def test_points_keep_what_is_known_of_them() -> None:
    points = [{"name": "nose", "point": (1, 2)}, {"name": "a", "point": [1, 2, 3], "instance": 1}]
    assert one(points, "keypoints").prediction == [
        {"name": "nose", "point": [1.0, 2.0]},
        {"name": "a", "point": [1.0, 2.0, 3.0], "instance": 1},
    ]
    with pytest.raises(OutputError, match=r'expected a list of \{"name": …, "point": '):
        one([{"name": "nose", "point": [1]}], "keypoints")


def test_an_array_of_points_is_a_closed_outline() -> None:
    found = one([np.eye(2), {"points": [[0, 1]], "label": "a", "closed": False}], "contour")
    assert found.prediction == [
        {"points": [[1.0, 0.0], [0.0, 1.0]], "closed": True},
        {"label": "a", "points": [[0.0, 1.0]], "closed": False},
    ]
    with pytest.raises(OutputError, match=r"points of shape \[2\]; expected \[n, 2\]"):
        one([[1, 2]], "contour")


ROWS = {"columns": ["name", "mm"], "rows": [["a", 1.5], ["b", None]]}


@pytest.mark.parametrize(
    "given",
    [
        {"mm": [1.5, None], "name": ["a", "b"]},
        [{"name": "a", "mm": 1.5}, {"name": "b", "mm": None}],
        [["a", 1.5], ("b", None)],
    ],
)
def test_a_table_comes_in_many_forms(given: Any) -> None:
    table = one(given, "table", columns=["name", "mm"])
    assert table.prediction == ROWS
    assert table.shape == [2, 2]


def test_a_structured_array_is_a_table() -> None:
    array = np.array([("a", 0.1)], dtype=[("name", "U1"), ("mm", "f4")])
    assert one(array, "table").prediction == {"columns": ["name", "mm"], "rows": [["a", 0.1]]}


def test_refuses_a_table_with_other_columns() -> None:
    with pytest.raises(OutputError, match="gave the columns cm, name; the config has name, mm"):
        one({"cm": [1], "name": ["a"]}, "table", columns=["name", "mm"])
    with pytest.raises(OutputError, match="columns of different lengths"):
        one({"a": [1], "b": []}, "table")
    with pytest.raises(OutputError, match="expected a dict of columns"):
        one(3, "table")


@pytest.mark.parametrize(
    ("given", "columns", "told"),
    [
        ({"a": [1.0, float("nan")]}, None, r"non-finite numbers \(row 2, column a\)"),
        ([{"a": 1}, {"a": object()}], None, r"gave object, .* \(row 2, column a\)"),
        ([{"a": 1, "b": 2}, {"a": 3}], None, r"a dict with a; .* b is missing \(row 2\)"),
        ([{"a": 1}, [2]], None, r"gave list; expected a dict, as row 1 is \(row 2\)"),
        ([[1, 2], [3]], ["a", "b"], r"a row of 1 values; expected 2, .* \(row 2\)"),
        ([[1, 2]], None, "expected dicts, or `columns` in the config"),
    ],
)
def test_names_row_and_column_of_what_is_wrong_in_a_table(
    given: Any, columns: list[str] | None, told: str
) -> None:
    with pytest.raises(OutputError, match=told):
        one(given, "table", **({} if columns is None else {"columns": columns}))


def test_a_custom_value_may_not_hold_itself() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(OutputError, match="nested too deep, or in itself"):
        one(value, "custom")


def test_a_custom_value_becomes_plain() -> None:
    found = one({"a": np.float32(0.1), "b": (np.arange(2), None)}, "custom")
    assert found.prediction == {"a": 0.1, "b": [[0, 1], None]}
    assert json.loads(json.dumps(found.as_json()))["shape"] == []
    for wrong in ({"a": object()}, [float("nan")], {1, 2}):
        with pytest.raises(OutputError):
            one(wrong, "custom")


def test_a_text_is_a_str() -> None:
    assert one("ja", "text").as_json() == {
        "name": "y",
        "type": "text",
        "shape": [],
        "prediction": "ja",
    }
    with pytest.raises(OutputError, match=r"gave bytes; expected a text"):
        one(b"ja", "text")
