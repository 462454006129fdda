"""Whether an output lies within the tolerance of the expected one.

A number v matches an expected number e when |v - e| <= atol + rtol * |e|.

label_list: the first `top` labels come in the expected order, and the probability of every label
of the expected list matches. A label that the output lacks counts as 0, since neighbours at the
end of a list may swap; further labels in the output don't matter.
vector, heatmap, image: both have the same shape, and at most `mismatchedPpm` of a million elements
don't match. An image is compared as the array that the model gave.
mask: as many elements may be other than expected; or, where `dice` is set, each label's Dice
coefficient is as large at least.
bounding_boxes: as many as expected, each with a box of its own label that overlaps by `iou` and
whose score matches. keypoints: the same points in order, each at most `atol` pixels off.
contour: the same outlines in order; no point of one is more than `atol` pixels off the other.
text: equal. table, custom: equal but for numbers, which match.

The pipeline holds outputs to the same rules; both pass the cases of engine-image/compare.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple

from .compare_arrays import compare_masks, compare_numbers
from .compare_records import (
    compare_boxes,
    compare_contours,
    compare_custom,
    compare_labels,
    compare_points,
    compare_tables,
    compare_texts,
)
from .tolerance import Rule, Verdict


class Difference(NamedTuple):
    """How an output compares: a sentence says what was expected, what came, by how much."""

    output: str
    passed: bool
    message: str


COMPARE: dict[str, Callable[[Any, Any, Rule], Verdict]] = {
    "label_list": compare_labels,
    "vector": compare_numbers,
    "heatmap": compare_numbers,
    "image": compare_numbers,
    "mask": compare_masks,
    "bounding_boxes": compare_boxes,
    "keypoints": compare_points,
    "contour": compare_contours,
    "text": compare_texts,
    "table": compare_tables,
    "custom": compare_custom,
}


def compare(
    name: str, type: str, given: Any, expected: Any, tolerance: Mapping[str, float]
) -> Difference:
    """Compare one output with the expected one, both as in JSON; arrays may be arrays."""
    rule = Rule(**tolerance)
    try:
        passed, message = COMPARE[type](given, expected, rule)
    except (KeyError, IndexError, TypeError, ValueError):
        passed, message = False, f"the expected value is no {type}"
    return Difference(name, passed, message)
