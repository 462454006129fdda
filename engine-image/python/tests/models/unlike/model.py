"""Gives the colours of an image, and its pixels; its samples expect something else."""

from modelhub import LabelList


def load(context):
    return ["red", "green", "blue"]


def infer(model, image):
    sums = image.sum(axis=(0, 1), dtype="float32")
    return {"colours": LabelList.from_scores(sums / sums.sum(), model), "pixels": image[0]}
