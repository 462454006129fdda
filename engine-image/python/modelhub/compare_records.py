"""Comparison of outputs that are no arrays."""

from __future__ import annotations

import json
from typing import Any, Dict, List

import numpy as np

from .arrays import Array
from .tolerance import Rule, Verdict, apart, brief, differs

Records = List[Dict[str, Any]]


def compare_labels(given: Records, expected: Records, rule: Rule) -> Verdict:
    """Compare two lists of objects with label and probability."""
    if not expected:
        raise ValueError("no labels")
    top = int(rule.top)
    want = [item["label"] for item in expected[:top]]
    have = [item["label"] for item in given[: len(want)]]
    if have != want:
        return False, f"expected {', '.join(want)} first, got {', '.join(have) or 'nothing'}"
    probabilities = {item["label"]: item["probability"] for item in given}
    for item in expected:
        label, probability = item["label"], item["probability"]
        value = probabilities.get(label, 0)
        if rule.matches(value, probability):
            continue
        got = brief(value) if label in probabilities else "no such label"
        off = apart(value, probability, rule)
        return False, f"expected {label} at {brief(probability)}, got {got} {off}"
    return True, f"{', '.join(want)} first, {len(expected)} probabilities within tolerance"


def compare_boxes(given: Records, expected: Records, rule: Rule) -> Verdict:
    """Compare two lists of boxes: each expected one takes the box that overlaps it most."""
    if len(given) != len(expected):
        return False, f"number of boxes: expected {len(expected)}, got {len(given)}"
    left = list(given)
    for box in expected:
        label, corners = box["label"], box["box"]
        overlaps = [overlap(item["box"], corners) * (item["label"] == label) for item in left]
        best = max(range(len(left)), key=overlaps.__getitem__)
        where = ", ".join(map(brief, corners))
        if not overlaps[best] >= max(rule.iou, 1e-9):
            wanted = f"{label} at [{where}] with an overlap of {brief(rule.iou)} or more"
            return False, f"expected {wanted}, got {brief(overlaps[best])}"
        score = left.pop(best)["score"]
        if not rule.matches(score, box["score"]):
            return False, f"score of {label} at [{where}]: {differs(score, box['score'], rule)}"
    return True, f"{of(len(expected))} boxes within tolerance"


def overlap(one: list[float], other: list[float]) -> float:
    """Return the area that two boxes share, over that of both together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, width) * max(0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    # Two boxes without area, as of a line, overlap where they are the same.
    return shared / (sum(areas) - shared) if sum(areas) > shared else float(one == other)


def compare_points(given: Records, expected: Records, rule: Rule) -> Verdict:
    """Compare two lists of points by name and instance, in order."""
    want, have = [list(map(point_name, points)) for points in (expected, given)]
    if have != want:
        return False, f"expected {', '.join(want) or 'no point'}, got {', '.join(have) or 'none'}"
    for name, found, point in zip(want, given, expected):
        off = distance(found["point"], point["point"])
        if not off <= rule.atol:
            return False, (
                f"{name}: expected {place(point['point'])}, got {place(found['point'])} "
                f"({off:.3g} pixels off; atol {brief(rule.atol)})"
            )
    return True, f"{of(len(want))} points within tolerance"


def point_name(point: dict[str, Any]) -> str:
    """Return a point's name, with the instance that it is of."""
    name: str = point["name"]
    return name if point.get("instance") is None else f"{name} ({point['instance']})"


def compare_contours(given: Records, expected: Records, rule: Rule) -> Verdict:
    """Compare two lists of outlines, in order."""
    want, have = [list(map(contour_name, outlines)) for outlines in (expected, given)]
    if have != want:
        return False, f"expected {', '.join(want) or 'no outline'}, got {', '.join(have) or 'none'}"
    for number, (found, outline) in enumerate(zip(given, expected)):
        off = max(farthest(found, outline), farthest(outline, found))
        if not off <= rule.atol:
            return False, (
                f"outline {number}: expected at most {brief(rule.atol)} pixels off, got {off:.3g}"
            )
    return True, f"{of(len(want))} outlines within tolerance"


def contour_name(outline: dict[str, Any]) -> str:
    """Return what an outline is: label, and whether it is closed."""
    kind = "closed outline" if outline["closed"] else "open outline"
    label = outline.get("label")
    return kind if label is None else f"{kind} of {label}"


def farthest(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return how far the points of an outline are from the line of the other, at most."""
    points, line = [np.array(item["points"], np.float64) for item in (one, other)]
    if not len(points) or not len(line):
        return 0.0 if len(points) == len(line) else float("inf")
    ends = np.concatenate([line[1:], line[:1] if other["closed"] else line[-1:]])
    return max(to_segments(point, line, ends) for point in points)


def to_segments(point: Array, starts: Array, ends: Array) -> float:
    """Return the distance of a point [d] from the nearest of n segments, each array [n, d]."""
    steps = ends - starts
    lengths = (steps**2).sum(axis=1)
    along = ((point - starts) * steps).sum(axis=1) / np.where(lengths, lengths, 1)
    nearest = starts + np.clip(along, 0, 1)[:, None] * steps
    return float(np.sqrt(((nearest - point) ** 2).sum(axis=1)).min())


def compare_texts(given: str, expected: str, rule: Rule) -> Verdict:
    """Compare two texts."""
    if not isinstance(expected, str):
        raise TypeError("no text")
    if given == expected:
        return True, "the same text"
    return False, f"expected {shown(expected)}, got {shown(given)}"


def compare_tables(given: dict[str, Any], expected: dict[str, Any], rule: Rule) -> Verdict:
    """Compare two tables, cell by cell."""
    want, have = expected["columns"], given["columns"]
    if have != want:
        return False, f"expected the columns {', '.join(want)}, got {', '.join(have)}"
    if len(given["rows"]) != len(expected["rows"]):
        return False, f"number of rows: expected {len(expected['rows'])}, got {len(given['rows'])}"
    for number, (found, row) in enumerate(zip(given["rows"], expected["rows"])):
        for column, name in enumerate(want):
            wrong = first_difference(found[column], row[column], rule, "")
            if wrong:
                return False, f"row {number}, {name}{wrong}"
    return True, f"{of(len(want) * len(expected['rows']))} cells within tolerance"


def compare_custom(given: Any, expected: Any, rule: Rule) -> Verdict:
    """Compare two JSON values."""
    wrong = first_difference(given, expected, rule, "$")
    return (True, "equal within tolerance") if wrong is None else (False, wrong)


def first_difference(given: Any, expected: Any, rule: Rule, path: str) -> str | None:
    """Return the sentence on the first place where two JSON values differ; None where none does."""
    if is_number(given) and is_number(expected):
        matches = rule.matches(given, expected)
        return None if matches else f"{path}: {differs(given, expected, rule)}"
    if isinstance(expected, list) and isinstance(given, list) and len(given) == len(expected):
        parts = [(f"{path}[{i}]", *pair) for i, pair in enumerate(zip(given, expected))]
    elif isinstance(expected, dict) and isinstance(given, dict) and set(given) == set(expected):
        parts = [(f"{path}.{key}", given[key], expected[key]) for key in expected]
    else:
        same = given == expected and type(given) is type(expected)
        return None if same else f"{path}: expected {shown(expected)}, got {shown(given)}"
    found = (first_difference(have, want, rule, place) for place, have, want in parts)
    return next((sentence for sentence in found if sentence), None)


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; True and False are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def distance(one: list[float], other: list[float]) -> float:
    """Return how far two points are apart; endless where one is in space, the other in a plane."""
    if len(one) != len(other):
        return float("inf")
    return float(np.linalg.norm(np.subtract(one, other)))


def place(point: list[float]) -> str:
    """Return a point for people: [1, 2]."""
    return f"[{', '.join(map(brief, point))}]"


def of(count: int) -> str:
    """Return a count of things that all match."""
    return f"{count} of {count}"


def shown(value: Any) -> str:
    """Return a JSON value for people, a long one by its kind."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object with {', '.join(value) or 'no keys'}"
    if is_number(value):
        return brief(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
