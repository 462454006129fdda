"""Golden vectors of operations that change shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from modelhub.arrays import Array

from .cases import FLOATS, RANDOM, RGB, Y_X, Y_X_C, Case, before, case, f32, failing, op, refused
from .runtime import run


def resize() -> list[Case]:
    """Pillow, channel by channel."""

    def one(title: str, array: Array, y: int, x: int, interpolation: str, **more: str) -> Case:
        filters = {"linear": Image.Resampling.BILINEAR, "nearest": Image.Resampling.NEAREST}
        expected = by_channel(array, lambda image: image.resize((x, y), filters[interpolation]))
        dtype = array.dtype if interpolation == "nearest" else np.float32
        kwargs = {"shape": {"y": y, "x": x}, "interpolation": interpolation, **more}
        return case(title, array, Y_X_C, kwargs, expected.astype(dtype), rtol=1e-5, atol=1e-4)

    large = RANDOM.integers(0, 256, (37, 29, 1)).astype(np.uint8)
    linear_only = case("leaves axes that aren't named", RGB, Y_X_C, {"shape": {"x": 3}},
                       by_channel(RGB, lambda i: i.resize((3, 5), Image.Resampling.BILINEAR)),
                       rtol=1e-5, atol=1e-4)  # fmt: skip
    cover = one("covers: 5 × 7 into 3 × 3 is 3 × 4", RGB, 3, 4, "linear", fit="cover")
    cover["kwargs"]["shape"] = {"y": 3, "x": 3}
    contain = one("is contained: 5 × 7 in 10 × 7 stays", RGB, 5, 7, "linear", fit="contain")
    contain["kwargs"]["shape"] = {"y": 10, "x": 7}
    thin = one("never gets to 0: 1 × 9 in 2 × 2 is 1 × 2", large[:1, :9], 1, 2, "linear",
               fit="contain")  # fmt: skip
    thin["kwargs"]["shape"] = {"y": 2, "x": 2}
    half = one("rounds half up: 5 × 2 in 3 × 3 is 3 × 1, 4 × 5 covering 2 × 2 is 2 × 3",
               large[:4, :5], 2, 3, "linear", fit="cover")  # fmt: skip
    half["kwargs"]["shape"] = {"y": 2, "x": 2}
    half["title"] = "rounds half up: 4 × 5 covering 2 × 2 is 2 × 3"
    rising = np.arange(26, dtype=np.uint8).reshape(1, 26, 1)
    return [
        one("shrinks odd sizes", RGB, 2, 3, "linear"),
        one("grows", RGB, 9, 16, "linear"),
        one("shrinks one axis and grows the other", RGB, 3, 11, "linear"),
        one("shrinks far", large, 3, 2, "linear"),
        one("shrinks to one", large, 1, 1, "linear"),
        one("grows from one", RGB[:1, :1], 3, 2, "linear"),
        one("keeps values of the same size", RGB, 5, 7, "linear"),
        one("takes the nearest when it shrinks", RGB, 2, 3, "nearest"),
        one("takes the nearest when it grows", RGB, 12, 15, "nearest"),
        one("takes the nearest on the border of two", large[:2, :6], 1, 3, "nearest"),
        case(
            "takes the nearest where floats fall just short of the border",
            rising,
            Y_X_C,
            {"shape": {"x": 23}, "interpolation": "nearest"},
            rising[:, [(2 * i + 1) * 26 // 46 for i in range(23)]],
        ),
        linear_only,
        cover,
        contain,
        thin,
        half,
        refused("knows its axes", RGB, Y_X_C, {"shape": {"z": 2}}),
        refused("knows no negative axes", RGB, Y_X_C, {"shape": {"-1": 2}}),
        refused("wants a shape", RGB, Y_X_C, {"fit": "cover"}),
    ]


def center_crop() -> list[Case]:
    """Slices written out."""
    row = np.arange(50, dtype=np.uint8)
    return [
        case("leaves the smaller half at the start", RGB, Y_X_C, {"shape": {"y": 2, "x": 4}},
             RGB[1:3, 1:5]),
        case("cuts one axis", RGB, Y_X_C, {"shape": {"x": 1}}, RGB[:, 3:4]),
        case("keeps an equal size", RGB, Y_X_C, {"shape": {"y": 5}}, RGB),
        case("cuts a square", RGB, Y_X_C, {"fraction": 0.875}, RGB[0:4, 1:5]),
        case("cuts the whole square", RGB, Y_X_C, {"fraction": 1}, RGB[:, 1:6]),
        case("keeps one element at least", RGB, Y_X_C, {"fraction": 0.01}, RGB[2:3, 3:4]),
        case("takes 0.58 of 50 as 29, which floats make a little less", row, ["x"],
             {"fraction": 0.58}, row[10:39]),
        failing("can't cut more than there is", RGB, Y_X_C, {"shape": {"y": 6}}),
        refused("knows its axes", RGB, Y_X_C, {"shape": {"height": 2}}),
        refused("takes shape or fraction", RGB, Y_X_C, {"shape": {"y": 2}, "fraction": 0.5}),
        refused("needs one of them", RGB, Y_X_C, {}),
    ]  # fmt: skip


def pad() -> list[Case]:
    """ONNX Runtime's Pad."""

    def one(title: str, kwargs: Case, widths: list[int], mode: str = "constant") -> Case:
        array = FLOATS[:, :, :2]
        inputs: list[Array] = [array, np.array(widths, dtype=np.int64)]
        if mode == "constant":
            inputs.append(f32(kwargs.get("value", 0)))
        return case(title, array, Y_X_C, kwargs, run("Pad", inputs, mode=mode))

    return [
        one("adds at the end", {"shape": {"y": 4, "x": 5}}, [0, 0, 0, 2, 2, 0]),
        one("adds a value", {"shape": {"x": 4}, "value": -1.5}, [0, 0, 0, 0, 1, 0]),
        one("adds the smaller half at the start", {"shape": {"y": 5, "x": 4}, "align": "center"},
            [1, 0, 0, 2, 1, 0]),
        one("repeats the edge", {"shape": {"y": 4, "x": 6}, "mode": "edge", "align": "center"},
            [1, 1, 0, 1, 2, 0], "edge"),
        one("goes to a multiple", {"multiple_of": 4}, [0, 0, 0, 2, 1, 0]),
        one("stays where it is a multiple", {"multiple_of": 1}, [0] * 6),
        one("stays where it is larger", {"shape": {"y": 1, "x": 3}}, [0] * 6),
        refused("takes shape or multiple_of", RGB, Y_X_C, {"shape": {"y": 8}, "multiple_of": 8}),
        refused("needs an axis to pad", f32([1]), ["channel"], {"multiple_of": 8}),
    ]  # fmt: skip


def grayscale() -> list[Case]:
    """Pillow to its rounding, and the formula."""
    pillow = np.asarray(Image.fromarray(RGB).convert("L"), dtype=np.float32)[..., np.newaxis]
    exact = [[0.299 * r + 0.587 * g + 0.114 * b] for r, g, b in RGB.reshape(-1, 3).tolist()]
    first = np.moveaxis(RGB, 2, 0)
    return [
        case("is Pillow's, to its rounding", RGB, Y_X_C, {}, pillow, atol=0.51),
        case("weighs the channels", RGB, Y_X_C, {}, f32(exact).reshape(5, 7, 1), rtol=1e-6),
        case("weighs channels that come first", first, ["channel", "y", "x"], {},
             f32(exact).reshape(1, 5, 7), rtol=1e-6),
        failing("takes three channels", RGB[:, :, :2], Y_X_C, {}),
        refused("needs an axis channel", RGB[:, :, 0], Y_X, {}),
    ]  # fmt: skip


def select() -> list[Case]:
    """ONNX Runtime's Gather."""

    def gather(indices: list[int], axis: int) -> Array:
        return run("Gather", [RGB, np.array(indices)], axis=axis)

    return [
        case("turns RGB into BGR", RGB, Y_X_C, {"indices": [2, 1, 0]}, gather([2, 1, 0], 2)),
        case("keeps the axis of one", RGB, Y_X_C, {"indices": [1]}, gather([1], 2)),
        case("takes twice", RGB, Y_X_C, {"axis": "y", "indices": [4, 0, 4]}, gather([4, 0, 4], 0)),
        failing("takes what is there", RGB, Y_X_C, {"indices": [3]}),
        refused("counts from 0", RGB, Y_X_C, {"indices": [-1]}),
        refused("knows its axes", RGB, Y_X, {"indices": [0]}),
    ]


def transpose() -> list[Case]:
    """ONNX Runtime's Transpose; axes of size 1 by reshape."""
    turned = run("Transpose", [RGB], perm=[2, 0, 1])
    names = ["batch", "channel", "y", "x"]
    return [
        case("brings axes into an order", RGB, Y_X_C, {"axes": names[1:]}, turned, names[1:]),
        case("adds axes of size 1", RGB, Y_X_C, {"axes": names}, turned.reshape(1, 3, 5, 7), names),
        case("adds an axis at the end", RGB[..., 0], Y_X, {"axes": ["x", "y", "channel"]},
             RGB[..., 0].T.reshape(7, 5, 1), ["x", "y", "channel"]),
        case("leaves out axes of size 1", FLOATS[:1, :, :1], names[1:], {"axes": ["y"]},
             FLOATS[0, :, 0], ["y"]),
        failing("leaves out no others", RGB, Y_X_C, {"axes": Y_X}),
        refused("names an axis once", RGB, Y_X_C, {"axes": ["y", "x", "y"]}),
    ]  # fmt: skip


def name_axes() -> list[Case]:
    """The array stays; its axes have names."""
    names = ["batch", "channel", "y"]
    return [
        case("gives names", FLOATS, Y_X, {"axes": names}, FLOATS, names),
        failing("wants a name for each axis", FLOATS, Y_X, {"axes": Y_X}),
        refused("names an axis once", FLOATS, Y_X, {"axes": ["y", "x", "y"]}),
    ]


def restore_to_input() -> list[Case]:
    """Pillow for what was resized; zeros around what was cropped; slices of what was padded."""
    bilinear, nearest = Image.Resampling.BILINEAR, Image.Resampling.NEAREST
    mask = RANDOM.integers(0, 4, (4, 6)).astype(np.uint8)
    heat = RANDOM.normal(0, 1, (4, 6)).astype(np.float32)

    def resized(array: Array, y: int, x: int, how: Image.Resampling) -> Array:
        return by_channel(array[..., np.newaxis], lambda i: i.resize((x, y), how))[..., 0]

    def one(title: str, array: Array, image: Case, expected: Array, **kwargs: Any) -> Case:
        return {**case(title, array, Y_X, kwargs, expected, rtol=1e-5, atol=1e-5), "image": image}

    stretched = before([9, 7, 3], op("resize", shape={"y": 4, "x": 6}))
    cropped = before([6, 9, 3], op("center_crop", shape={"y": 4, "x": 6}))
    padded = before([3, 5, 3], op("pad", shape={"y": 4, "x": 6}, align="center"))
    coarse = before([16, 12, 3], op("resize", shape={"y": 8, "x": 12}))
    letterbox = before([8, 24, 3], op("resize", shape={"y": 4, "x": 6}, fit="contain"),
                       op("pad", shape={"y": 4, "x": 6}, align="center"))  # fmt: skip
    around = np.zeros((6, 9), np.uint8)
    around[1:5, 1:7] = mask
    channels = case("restores each channel", np.stack([heat, -heat]), ["channel", "y", "x"], {},
                    np.stack([resized(heat, 9, 7, bilinear), -resized(heat, 9, 7, bilinear)]),
                    rtol=1e-5, atol=1e-5)  # fmt: skip
    return [
        one("takes the nearest of integers", mask, stretched,
            resized(mask, 9, 7, nearest).astype(np.uint8)),
        one("weighs floats", heat, stretched, resized(heat, 9, 7, bilinear)),
        one("takes the nearest if told", heat, stretched, resized(heat, 9, 7, nearest),
            interpolation="nearest"),
        one("weighs integers if told", mask, stretched, resized(mask, 9, 7, bilinear),
            interpolation="linear"),
        one("puts 0 where it was cropped", mask, cropped, around),
        one("takes away what was padded", mask, padded, mask[0:3, 0:5]),
        one("restores an array that is coarser than the network's input", heat, coarse,
            resized(heat, 16, 12, bilinear)),
        one("restores an array that is finer", heat, before([2, 3, 3]),
            resized(heat, 2, 3, bilinear)),
        one("undoes a letterbox", mask, letterbox,
            mask[1:3].repeat(4, axis=0).repeat(4, axis=1), interpolation="nearest"),
        {**channels, "image": stretched},
        {**refused("knows the inputs", mask, Y_X, {"input": "other"}), "image": stretched},
        {**refused("wants an axis of the input", f32([1]), ["channel"], {}), "image": stretched},
    ]  # fmt: skip


def by_channel(array: Array, change: Any) -> Array:
    """Return an array [y, x, channel] with each channel changed as an image of floats."""
    images = [
        Image.fromarray(np.ascontiguousarray(part, np.float32)) for part in array.transpose(2, 0, 1)
    ]
    return np.stack([np.asarray(change(image)) for image in images], axis=2)
