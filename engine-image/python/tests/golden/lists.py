"""Golden vectors of operations that end in a list."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelhub.arrays import Array

from .cases import FLOATS, RANDOM, Case, before, box, ending, f32, failing, op, refused, shortest
from .runtime import run, run_all


def top_k() -> list[Case]:
    """ONNX Runtime's TopK."""
    scores = RANDOM.permutation(np.linspace(0, 1, 9)).astype(np.float32)

    def largest(k: int) -> list[Case]:
        values, indices = run_all("TopK", [scores, np.array([k])], 2)
        return [
            {"label": str(int(index)), "probability": shortest(value)}
            for index, value in zip(indices, values)
        ]

    ties = [{"label": "1", "probability": 2.0}, {"label": "3", "probability": 2.0}]
    # Sorts that are quicker change the order of equals, though only among many.
    many = [{"label": str(place), "probability": 2.0} for place in (1, 3, 5)]
    names = ["batch", "channel"]
    return [
        ending("finds the largest", scores.reshape(1, 9), names, {"k": 3}, largest(3)),
        ending("finds all of fewer", scores, ["channel"], {"k": 50}, largest(9)),
        ending("takes the first of equals", f32([1, 2, 0, 2, 2]), ["channel"], {"k": 2}, ties),
        ending("takes the first of many equals", f32([1, 2] * 20), ["channel"], {"k": 3}, many),
        failing("takes a vector", FLOATS[0], names, {"k": 1}),
        refused("wants k", scores, ["channel"], {}),
    ]


def labels() -> list[Case]:
    """Names for places."""
    found = [{"label": "2", "probability": 0.75}, {"label": "0", "probability": 0.25}]
    named = [{"label": "c", "probability": 0.75}, {"label": "a", "probability": 0.25}]

    def one(title: str, kwargs: Case, expected: Any = None, **more: Any) -> Case:
        return {"title": title, "list": found, "kwargs": kwargs, "expected": expected, **more}

    return [
        one("takes names", {"values": ["a", "b", "c"]}, named),
        one("reads lines", {"file": "l.txt"}, named, files={"l.txt": "a\nb\r\nc\n"}),
        one("reads a JSON list", {"file": "l.json"}, named, files={"l.json": '["a", "b", "c"]'}),
        one("wants a name for each place", {"values": ["a", "b"]}, fails="run"),
        one("wants a list or a file", {}, fails="bind"),
        refused("comes after a list", f32([1]), ["channel"], {"values": ["a"]}),
    ]


def non_max_suppression() -> list[Case]:
    """ONNX Runtime's NonMaxSuppression, class by class; places by hand."""
    count = 40
    low = RANDOM.uniform(0, 60, (count, 2))
    size = RANDOM.uniform(10, 40, (count, 2))
    boxes = np.concatenate([low, low + size], axis=1).astype(np.float32)
    classes = RANDOM.integers(0, 3, count)
    scores = RANDOM.permutation(np.linspace(0.05, 0.99, count)).astype(np.float32)
    rows = np.concatenate([boxes, scores[:, None], classes[:, None].astype(np.float32)], axis=1)
    each = np.zeros((count, 3), np.float32)
    each[np.arange(count), classes] = scores
    names = ["batch", "index", "channel"]
    image = before([100, 100, 3])

    def onnx(score: float, iou: float, most: int) -> list[Case]:
        inputs = [boxes[None], each.T[None].copy(), np.array([count]), f32([iou]), f32([score])]
        found = run("NonMaxSuppression", inputs)
        chosen = sorted((int(row[2]) for row in found), key=lambda index: -scores[index])
        return [box(str(classes[i]), scores[i], boxes[i]) for i in chosen[:most]]

    def one(title: str, array: Array, kwargs: Case, expected: list[Case], **more: Any) -> Case:
        axes = more.pop("axes", names)
        return {**ending(title, array, axes, kwargs, expected), "image": image, "rtol": 1e-5,
                "atol": 1e-4, **more}  # fmt: skip

    wide = {"format": "xywh", "scores": "per_class"}
    xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2], each], axis=1)
    cxcywh = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, xywh[:, 2:]], axis=1)
    yxyx = np.concatenate([boxes[:, [1, 0, 3, 2]], rows[:, 4:]], axis=1)
    product = np.concatenate([boxes, np.full((count, 1), 0.5), each * 2], axis=1)
    one_box = f32([[[20, 10, 60, 40, 0.9, 1]]])
    tie = f32([[[0, 0, 10, 10, 0.5, 0], [0, 0, 10, 10, 0.5, 0], [0, 0, 10, 10, 0.5, 1]]])
    resized = before([50, 200, 3], op("resize", shape={"y": 100, "x": 100}))
    cropped = before([120, 140, 3], op("center_crop", shape={"y": 100, "x": 100}))
    twice = before(
        [100, 120, 3],
        op("center_crop", shape={"y": 80, "x": 80}),
        op("resize", shape={"y": 40, "x": 40}),
    )
    padded = before([100, 50, 3], op("pad", shape={"y": 100, "x": 100}, align="center"))
    standard = onnx(0.25, 0.45, 100)
    return [
        one("finds ONNX Runtime's boxes", rows[None], {}, standard),
        one("has other limits", rows[None],
            {"score_threshold": 0.5, "iou_threshold": 0.1, "max": 4}, onnx(0.5, 0.1, 4)),
        one("takes a corner and a size, a score for each class", xywh[None], wide, standard),
        one("takes a centre and a size, numbers first", cxcywh.T[None].copy(),
            {**wide, "format": "cxcywh"}, standard, axes=["batch", "channel", "index"]),
        one("takes y before x", yxyx, {"format": "yxyx"}, standard, axes=["index", "channel"]),
        one("multiplies by objectness", product[None], {"scores": "objectness"}, standard),
        one("takes shares of width and height", np.concatenate([boxes / 100, rows[:, 4:]], 1)[None],
            {"relative": True}, standard),
        one("keeps the first of equals, of each class", tie, {},
            [box("0", 0.5, [0, 0, 10, 10]), box("1", 0.5, [0, 0, 10, 10])]),
        one("leaves out a score at its limit, and keeps an overlap at its own",
            f32([[[0, 0, 10, 10, 0.9, 0], [0, 0, 5, 10, 0.8, 0], [50, 50, 60, 60, 0.1, 0]]]),
            {"score_threshold": 0.1, "iou_threshold": 0.5},
            [box("0", 0.9, [0, 0, 10, 10]), box("0", 0.8, [0, 0, 5, 10])]),
        one("finds nothing among low scores", rows[None], {"score_threshold": 1}, []),
        one("finds nothing in nothing", np.zeros((1, 0, 6), np.float32), {}, []),
        one("goes back to the input's pixels", one_box, {}, [box("1", 0.9, [40, 5, 120, 20])],
            image=resized),
        one("goes back through a crop", one_box, {}, [box("1", 0.9, [40, 20, 80, 50])],
            image=cropped),
        one("goes back through a crop and a resize", f32([[[10, 5, 30, 20, 0.9, 1]]]), {},
            [box("1", 0.9, [40, 20, 80, 50])], image=twice),
        one("clips to the input what lies in its padding", one_box, {},
            [box("1", 0.9, [0, 10, 35, 40])], image=padded),
        one("leaves out what lies outside", f32([[[0, 0, 20, 20, 0.9, 1]]]), {}, [], image=padded),
        {**failing("wants a row of 6 numbers", FLOATS, names, {}), "image": image},
        {**refused("wants a picture", one_box, names, {}), "image": before([4], axes=["index"])},
    ]  # fmt: skip


def keypoints() -> list[Case]:
    """Places by hand."""
    image = before([50, 200, 3], op("resize", shape={"y": 100, "x": 100}))
    names = ["batch", "index", "channel"]
    points = f32([[[10, 40, 0.75], [100, 0, 0.25]]])
    named = ["left", "right"]

    def one(title: str, array: Array, kwargs: Case, expected: list[Case]) -> Case:
        return {**ending(title, array, names, kwargs, expected), "image": image, "rtol": 1e-6,
                "atol": 1e-5}  # fmt: skip

    scored = [
        {"name": "left", "score": 0.75, "point": [20, 20]},
        {"name": "right", "score": 0.25, "point": [200, 0]},
    ]
    return [
        one("goes back to the input's pixels", points, {"names": named}, scored),
        one("takes y before x", points[..., [1, 0, 2]], {"names": named, "format": "yx"}, scored),
        one("takes shares, without scores and names", points[..., :2] / 100, {"relative": True},
            [{"name": "0", "point": [20, 20]}, {"name": "1", "point": [200, 0]}]),
        {**failing("wants a name for each", points, names, {"names": ["left"]}), "image": image},
        {**refused("wants a picture", points, names, {}), "image": before([4], axes=["index"])},
    ]  # fmt: skip
