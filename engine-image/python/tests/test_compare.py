from __future__ import annotations

from typing import Any

import pytest

from modelhub.compare import compare


def labels(*pairs: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"label": label, "probability": probability} for label, probability in pairs]


CAT, DOG = ("cat", 0.7), ("dog", 0.3)

PASSES: list[tuple[str, Any, Any, dict[str, float]]] = [
    ("label_list", labels(CAT, DOG), labels(CAT, DOG), {}),
    ("label_list", labels(("cat", 0.7016), DOG), labels(CAT, DOG), {}),
    ("label_list", labels(CAT, DOG), labels(CAT), {}),
    ("label_list", labels(("dog", 0.5), ("cat", 0.5)), labels(("dog", 0.5), ("cat", 0.5)), {}),
    ("label_list", labels(CAT), labels(CAT, ("fox", 0.0009)), {}),
    ("label_list", labels(CAT, DOG), labels(CAT), {"top": 5}),
    ("vector", [1.0, 2.0], [1.0, 2.0], {}),
    ("vector", [1.0019], [1.0], {}),
    ("vector", [110.0], [100.0], {"atol": 0, "rtol": 0.1}),
    ("vector", [9.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0], {"mismatchedPpm": 250_000}),
    ("vector", [], [], {}),
    ("vector", [True, False], [True, False], {}),
]

FAILS: list[tuple[str, Any, Any, dict[str, float], str]] = [
    (
        "label_list",
        labels(DOG, CAT),
        labels(CAT, DOG),
        {},
        "expected cat first, got dog",
    ),
    (
        "label_list",
        labels(CAT, ("fox", 0.2)),
        labels(CAT, ("dog", 0.2), ("fox", 0.2)),
        {"top": 2},
        "expected cat, dog first, got cat, fox",
    ),
    (
        "label_list",
        labels(("cat", 0.71), DOG),
        labels(CAT, DOG),
        {},
        "expected cat at 0.7, got 0.71 (differs by 0.01; atol 0.001, rtol 0.001)",
    ),
    (
        "label_list",
        labels(CAT),
        labels(CAT, DOG),
        {},
        "expected dog at 0.3, got no such label (differs by 0.3; atol 0.001, rtol 0.001)",
    ),
    ("label_list", [], labels(CAT), {}, "expected cat first, got nothing"),
    ("label_list", labels(CAT), [], {}, "the expected value is no label_list"),
    ("label_list", labels(CAT), [1, 2], {}, "the expected value is no label_list"),
    ("vector", [[1.0]], [1.0], {}, "expected shape 1, got 1 × 1"),
    ("vector", [1.0, 2.0], [1.0], {}, "expected shape 1, got 2"),
    (
        "vector",
        [[1.0, 2.0], [3.5, 5.0]],
        [[1.0, 2.0], [3.0, 4.0]],
        {"rtol": 0, "atol": 0.1},
        "2 of 4 numbers differ; the most at [1, 1]: expected 4, got 5 "
        "(differs by 1; atol 0.1, rtol 0)",
    ),
    (
        "vector",
        [9.0, 1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, 1.0],
        {"mismatchedPpm": 249_999},
        "1 of 4 numbers differ; the most at [0]: expected 1, got 9 "
        "(differs by 8; atol 0.001, rtol 0.001)",
    ),
    ("vector", [1.0], "text", {}, "the expected value is no vector"),
    ("vector", [1.0], [[1.0], [1.0, 2.0]], {}, "the expected value is no vector"),
]


@pytest.mark.parametrize(("type", "given", "expected", "tolerance"), PASSES)
def test_passes_within_the_tolerance(
    type: str, given: Any, expected: Any, tolerance: dict[str, float]
) -> None:
    difference = compare("y", type, given, expected, tolerance)
    assert difference.passed, difference.message
    assert difference.output == "y"


@pytest.mark.parametrize(("type", "given", "expected", "tolerance", "message"), FAILS)
def test_says_how_an_output_differs(
    type: str, given: Any, expected: Any, tolerance: dict[str, float], message: str
) -> None:
    assert compare("y", type, given, expected, tolerance) == ("y", False, message)
