"""Operations that end a chain: out of an array, a list of labels, boxes or points."""

from __future__ import annotations

import json
from typing import Any, Callable, Mapping

import numpy as np

from ..arrays import Array
from ..axes import by
from .placement import Placement, Placements, Span
from .step import (
    Axes,
    Misfit,
    Step,
    as_float,
    input_of,
    known_size,
    names,
    place,
    pure,
    require_one,
)

#: How many numbers follow the box of a row, at least.
SCORES = {"single": 2, "per_class": 1, "objectness": 2}


def top_k(given: Axes, *, k: int) -> Step:
    """Return the k largest values of a vector as items with label and probability."""

    def run(array: Array) -> list[dict[str, Any]]:
        if array.size not in array.shape:
            raise Misfit(f"is {by(array.shape)}; top_k takes one axis that is larger than 1")
        values = as_float(array).reshape(-1)
        order = np.argsort(-values, kind="stable")[:k]
        return [{"label": str(index), "probability": values[index]} for index in order.tolist()]

    return pure(None, run)


def labels(
    given: None,
    *,
    read: Callable[[str], str],
    file: str | None = None,
    values: list[str] | None = None,
) -> Step:
    """Put names in the place of numbers."""
    require_one(file=file, values=values)
    found = values if values is not None else label_names(read(str(file)))

    def named(item: dict[str, Any]) -> dict[str, Any]:
        index = int(item["label"])
        if not 0 <= index < len(found):
            raise Misfit(f"has class {index}; labels names {len(found)}, from 0")
        return {**item, "label": found[index]}

    return pure(None, lambda items: [named(item) for item in items])


def label_names(text: str) -> list[str]:
    """Return the names in a JSON list, or on the lines of a text."""
    if not text.lstrip().startswith("["):
        return text.splitlines()
    try:
        return [str(name) for name in json.loads(text)]
    except ValueError as error:
        raise Misfit(f"has a file that is no JSON list: {error}") from error


def non_max_suppression(
    given: Axes,
    *,
    inputs: Mapping[str, Axes],
    input: str | None = None,
    format: str = "xyxy",
    scores: str = "single",
    score_threshold: float = 0.25,
    iou_threshold: float = 0.45,
    max: int = 100,
    relative: bool = False,
) -> Step:
    """Return boxes in pixels of the input, surest first."""
    id = plane_input(inputs, input)
    rows_of = rows(given, least=4 + SCORES[scores])

    def run(array: Array, placements: Placements) -> list[dict[str, Any]]:
        found = rows_of(array)
        boxes = corners(found[:, :4], format)
        sureness, classes = scored(found[:, 4:], scores)
        kept = survivors(boxes, sureness, classes, (score_threshold, iou_threshold, max))
        x, y = plane(placements[id], relative)
        items = []
        for index in kept:
            x0, y0, x1, y1 = boxes[index].tolist()
            box = [x(x0), y(y0), x(x1), y(y1)]
            if box[0] < box[2] and box[1] < box[3]:
                label = str(int(classes[index]))
                items.append({"label": label, "score": sureness[index], "box": box})
        return items

    return Step(None, run)


def keypoints(
    given: Axes,
    *,
    inputs: Mapping[str, Axes],
    input: str | None = None,
    format: str = "xy",
    names: list[str] | None = None,
    relative: bool = False,
) -> Step:
    """Return points in pixels of the input."""
    id = plane_input(inputs, input)
    rows_of = rows(given, least=2)

    def run(array: Array, placements: Placements) -> list[dict[str, Any]]:
        found = rows_of(array)
        if names is not None and len(names) != len(found):
            raise Misfit(f"has {len(found)} points; keypoints names {len(names)}")
        x, y = plane(placements[id], relative)
        items = []
        for index, row in enumerate(found):
            first, second = row[:2].tolist()
            point = [x(first), y(second)] if format == "xy" else [x(second), y(first)]
            name = names[index] if names else str(index)
            score = {"score": row[2]} if len(row) > 2 else {}
            items.append({"name": name, **score, "point": point})
        return items

    return Step(None, run)


def rows(given: Axes, least: int) -> Callable[[Array], Array]:
    """Return a function that gives an array's numbers along channel as rows [n, channel]."""
    index = place(given, "channel")
    known = known_size(given[index])
    require_numbers(known, least)

    def of(array: Array) -> Array:
        require_numbers(array.shape[index], least)
        return np.moveaxis(as_float(array), index, -1).reshape(-1, array.shape[index])

    return of


def require_numbers(size: int | None, least: int) -> None:
    """Raise Misfit for rows that are too short."""
    if size is not None and size < least:
        raise Misfit(f"has {size} numbers along channel; a row needs at least {least}")


def corners(numbers: Array, format: str) -> Array:
    """Return boxes [n, 4] as xmin, ymin, xmax, ymax in float64."""
    a, b, c, d = numbers.astype(np.float64).T
    if format == "yxyx":
        a, b, c, d = b, a, d, c
    elif format == "xywh":
        c, d = a + c, b + d
    elif format == "cxcywh":
        a, b, c, d = a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return np.stack([a, b, c, d], axis=1)


def scored(numbers: Array, scores: str) -> tuple[Array, Array]:
    """Return score and class of each row, both of shape [n]."""
    if scores == "single":
        return numbers[:, 0], np.rint(numbers[:, 1])
    each = numbers[:, 1:] * numbers[:, :1] if scores == "objectness" else numbers
    classes = each.argmax(axis=1)
    return each[np.arange(len(each)), classes], classes


def survivors(
    boxes: Array, scores: Array, classes: Array, limits: tuple[float, float, int]
) -> list[int]:
    """Return places of the boxes that stay, surest first; of equals the first.

    `limits` are the score that they exceed, the overlap that they may have, and how many they are.
    """
    least_score, most_overlap, most = limits
    candidates = np.flatnonzero(scores > np.float32(least_score))
    waiting = candidates[np.argsort(-scores[candidates], kind="stable")]
    kept: list[int] = []
    while len(waiting) and len(kept) < most:
        first, waiting = waiting[0], waiting[1:]
        kept.append(int(first))
        same = classes[waiting] == classes[first]
        overlap = overlaps(boxes[first], boxes[waiting])
        waiting = waiting[~(same & (overlap > most_overlap))]
    return kept


def overlaps(box: Array, others: Array) -> Array:
    """Return intersection over union of a box with others; 0 where both are empty."""
    least, most = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.maximum(most - least, 0).prod(axis=1)
    union = area(box) + area(others) - shared
    return np.asarray(shared / np.where(union > 0, union, 1))


def area(boxes: Array) -> Array:
    """Return the area of each box, along the last axis."""
    return np.asarray((boxes[..., 2:] - boxes[..., :2]).prod(axis=-1))


def plane_input(inputs: Mapping[str, Axes], input: str | None) -> str:
    """Return the id of the input in whose pixels the list is. Raises Misfit without x and y."""
    id = input_of(inputs, input)
    had = {axis.name for axis in inputs[id]}
    if not ({"x", "y"} <= had or {"width", "height"} <= had):
        raise Misfit(f"needs the axes x and y of input '{id}', which has {names(inputs[id])}")
    return id


def plane(
    placement: Placement, relative: bool
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Return two functions that bring x and y of the network's input back to the input's pixels."""

    def back(span: Span) -> Callable[[float], float]:
        unit = span.move.size if relative else 1
        return lambda position: span.back(position * unit)

    x = placement.get("x") or placement["width"]
    y = placement.get("y") or placement["height"]
    return back(x), back(y)
