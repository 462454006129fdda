"""Whether an output lies within the tolerance of the expected one.

A number v matches an expected number e when |v - e| <= atol + rtol * |e|.

label_list: the first `top` labels come in the expected order, and the probability of every label
of the expected list matches. A label that the output lacks counts as 0, since neighbours at the
end of a list may swap; further labels in the output don't matter.
vector: both have the same shape, and at most `mismatchedPpm` of a million elements don't match.

The pipeline holds outputs to the same rules; both work on the JSON form of an output.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

import numpy as np

from .axes import by

DEFAULTS = {"rtol": 0.001, "atol": 0.001, "mismatchedPpm": 0, "top": 1}


class Difference(NamedTuple):
    """How an output compares: a sentence says what was expected, what came, by how much."""

    output: str
    passed: bool
    message: str


def compare(
    name: str, type: str, given: Any, expected: Any, tolerance: Mapping[str, float]
) -> Difference:
    """Compare the `prediction` of one output with the expected one, both as JSON values."""
    rule = {**DEFAULTS, **tolerance}
    check = compare_labels if type == "label_list" else compare_vectors
    try:
        passed, message = check(given, expected, rule)
    except (KeyError, TypeError, ValueError):
        passed, message = False, f"the expected value is no {type}"
    return Difference(name, passed, message)


def compare_labels(
    given: list[Any], expected: list[Any], rule: dict[str, float]
) -> tuple[bool, str]:
    """Compare two lists of objects with label and probability."""
    if not expected:
        raise ValueError("no labels")
    top = int(rule["top"])
    want = [item["label"] for item in expected[:top]]
    have = [item["label"] for item in given[: len(want)]]
    if have != want:
        return False, f"expected {', '.join(want)} first, got {', '.join(have) or 'nothing'}"
    probabilities = {item["label"]: item["probability"] for item in given}
    for item in expected:
        label, probability = item["label"], item["probability"]
        value = probabilities.get(label, 0)
        if abs(value - probability) > rule["atol"] + rule["rtol"] * abs(probability):
            got = f"{value:.6g}" if label in probabilities else "no such label"
            return False, (
                f"expected {label} at {probability:.6g}, got {got} "
                f"(differs by {abs(value - probability):.3g}; {words(rule)})"
            )
    return True, f"{', '.join(want)} first, {len(expected)} probabilities within tolerance"


def compare_vectors(given: Any, expected: Any, rule: dict[str, float]) -> tuple[bool, str]:
    """Compare two nested lists of numbers."""
    want = np.array(expected, dtype=np.float64)
    have = np.array(given, dtype=np.float64)
    if want.shape != have.shape:
        return False, f"expected shape {by(want.shape)}, got {by(have.shape)}"
    differences = np.abs(have - want)
    wrong = differences > rule["atol"] + rule["rtol"] * np.abs(want)
    count = int(np.count_nonzero(wrong))
    if count * 1_000_000 <= rule["mismatchedPpm"] * want.size:
        return True, f"{want.size - count} of {want.size} numbers within tolerance"
    place = np.unravel_index(int(np.argmax(np.where(wrong, differences, -1))), want.shape)
    at = ", ".join(str(int(index)) for index in place)
    return False, (
        f"{count} of {want.size} numbers differ; the most at [{at}]: expected {want[place]:.6g}, "
        f"got {have[place]:.6g} (differs by {differences[place]:.3g}; {words(rule)})"
    )


def words(rule: dict[str, float]) -> str:
    """Return the tolerance of a number for people."""
    return f"atol {rule['atol']:g}, rtol {rule['rtol']:g}"
