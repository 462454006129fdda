"""Comparison of arrays: numbers within tolerance, and masks label by label."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array
from .axes import by
from .tolerance import Rule, Verdict, brief, differs


def compare_numbers(given: Any, expected: Any, rule: Rule) -> Verdict:
    """Compare two arrays or nested lists of numbers."""
    want, have = as_numbers(expected), as_numbers(given)
    if want.shape != have.shape:
        return False, other_shape(want, have)
    differences = np.abs(have - want)
    wrong = ~(differences <= rule.atol + rule.rtol * np.abs(want))
    count = int(np.count_nonzero(wrong))
    if few(count, want, rule):
        return True, f"{want.size - count} of {want.size} numbers within tolerance"
    place = np.unravel_index(int(np.argmax(np.where(wrong, differences, -1))), want.shape)
    worst = differs(float(have[place]), float(want[place]), rule)
    return False, f"{count} of {want.size} numbers differ; the most at {at(place)}: {worst}"


def compare_masks(given: Any, expected: Any, rule: Rule) -> Verdict:
    """Compare two masks."""
    want, have = as_numbers(expected, None), as_numbers(given, None)
    if want.shape != have.shape:
        return False, other_shape(want, have)
    return by_label(have, want, rule.dice) if rule.dice is not None else exact(have, want, rule)


def exact(have: Array, want: Array, rule: Rule) -> Verdict:
    """Compare element by element."""
    wrong = have != want
    count = int(np.count_nonzero(wrong))
    if few(count, want, rule):
        return True, f"{want.size - count} of {want.size} elements equal"
    place = np.unravel_index(int(np.argmax(wrong)), want.shape)
    return False, (
        f"{count} of {want.size} elements differ; the first at {at(place)}: "
        f"expected {brief(want[place])}, got {brief(have[place])}"
    )


def by_label(have: Array, want: Array, least: float) -> Verdict:
    """Compare label by label: twice what two share, over the sum of both, is `least` or more."""
    found = []
    for label in np.union1d(want, have):
        if label == 0:
            continue
        one, other = want == label, have == label
        shared = 2 * np.count_nonzero(one & other)
        dice = float(shared / (np.count_nonzero(one) + np.count_nonzero(other)))
        if dice < least:
            wanted = f"a Dice coefficient of {brief(least)} or more"
            return False, f"label {brief(label)}: expected {wanted}, got {brief(dice)}"
        found.append(f"label {brief(label)}: Dice coefficient {brief(dice)}")
    return True, "; ".join(found) or "no labels in either"


def as_numbers(value: Any, dtype: Any = np.float64) -> Array:
    """Return nested lists as an array; an array stays one. Raises ValueError for other things."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError("no numbers")
    return array if dtype is None else array.astype(dtype, copy=False)


def few(count: int, array: Array, rule: Rule) -> bool:
    """Whether no more elements differ than may."""
    return count * 1_000_000 <= rule.mismatchedPpm * array.size


def other_shape(want: Array, have: Array) -> str:
    """Return the sentence on two shapes."""
    return f"expected shape {by(want.shape)}, got {by(have.shape)}"


def at(place: Any) -> str:
    """Return a place in an array for people: [1, 2]."""
    return f"[{', '.join(str(int(index)) for index in place)}]"
