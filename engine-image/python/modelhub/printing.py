"""Outputs, samples and models as people read them in a terminal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .arrays import Array
from .axes import Axis, by
from .config import Config
from .outputs import LabelList, Prediction
from .samples import SampleResult

#: How many numbers of a vector, and lines of any output, are shown before the rest is left out.
SHOWN, SHOWN_LINES = 8, 12


def prediction_text(title: str, outputs: list[Prediction], seconds: float) -> str:
    """Return the outputs of one prediction under a title."""
    lines = [f"{title} ({seconds:.3f} s)"]
    for output in outputs:
        described = f": {output.description}" if output.description else ""
        lines.append(f"  {output.name}{described}")
        lines.extend(f"    {line}" for line in output_text(output))
    return "\n".join(lines)


def output_text(output: Prediction) -> list[str]:
    """Return the lines of one output, by its type."""
    value = output.value
    if output.type == "label_list":
        return labels_text(value)
    if output.type == "mask":
        return mask_text(value, output.output.labels or {})
    if isinstance(value, np.ndarray):
        return vector_text(value)
    if output.type == "bounding_boxes":
        return shortened([box_text(box) for box in value])
    if output.type == "keypoints":
        return shortened([f"{point['name']}  {row(point['point'])}" for point in value])
    if output.type == "contour":
        return shortened([f"{len(line['points'])} points" for line in value])
    if output.type == "table":
        return shortened([row(value["columns"]), *map(row, value["rows"])])
    if output.type == "text":
        return value.splitlines() or [""]
    return shortened(json.dumps(value, indent=2, ensure_ascii=False).splitlines())


def box_text(box: dict[str, Any]) -> str:
    """Return label, score and corners of a box."""
    return f"{box['label']}  {box['score']:.2%}  {row(box['box'])}"


def row(values: list[Any]) -> str:
    """Return values in one line."""
    return "  ".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in values)


def shortened(lines: list[str]) -> list[str]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - SHOWN_LINES
    return [*lines[:SHOWN_LINES], f"… ({more} more)"] if more > 0 else lines or ["none"]


def mask_text(array: Array, labels: dict[int, str]) -> list[str]:
    """Return the shape, and for each value what it stands for and how much of the mask it has."""
    lines = []
    for value, count in zip(*np.unique(array, return_counts=True)):
        name = labels.get(int(value), "background" if value == 0 else "")
        lines.append(f"{value:>3}  {count / array.size:>7.2%}  {name}".rstrip())
    return [f"shape {by(array.shape)}", *shortened(lines)]


def labels_text(labels: LabelList) -> list[str]:
    """Return one line per label, likeliest first, the percentages of the shown ones aligned."""
    # Old models may leave them in their own order.
    ranked = LabelList(labels)
    width = max((len(label) for label, _ in ranked[:SHOWN_LINES]), default=0)
    return shortened([f"{label:<{width}}  {probability:>7.2%}" for label, probability in ranked])


def vector_text(array: Array) -> list[str]:
    """Return shape, smallest and largest number, and the first numbers."""
    shape = f"shape {by(array.shape)}"
    if array.size == 0:
        return [f"{shape}, no numbers"]
    flat = array.reshape(-1)
    numbers = [f"{number:.6g}" for number in flat[:SHOWN].tolist()]
    if flat.size > SHOWN:
        numbers.append(f"… ({flat.size - SHOWN} more)")
    least, most = array.min().item(), array.max().item()
    return [f"{shape}, min {least:.6g}, max {most:.6g}", "  ".join(numbers)]


def sample_text(result: SampleResult) -> str:
    """Return the verdict on a sample, and below it each output that differs."""
    sample = result.sample
    if result.passed:
        return f"passed  {sample.id} ({result.seconds:.3f} s)"
    lines = [f"FAILED  {sample.id} ({sample.title})"]
    if result.error is not None:
        lines.append(f"  {result.error}")
    else:
        lines.extend(
            f"  {difference.output}: {difference.message}"
            for difference in result.differences
            if not difference.passed
        )
    return "\n".join(lines)


def info_text(config: Config, identity: dict[str, Any]) -> str:
    """Return which model this is, what it takes and gives."""
    version = identity["version"] or "no version (not from an image)"
    lines = [
        f"{config.title}: {config.summary}",
        f"  id        {config.id}",
        f"  version   {version}",
        f"  revision  {identity['revision'] or 'unknown'}",
        f"  engine    {identity['engine']}",
    ]
    for input in config.inputs:
        lines.append(f"  input     {input.id}: {input.kind}, {', '.join(input.media_types)}")
        lines.append(f"            {input.dtype} {axes_text(input.axes)}")
    for output in config.outputs:
        described = f", {output.description}" if output.description else ""
        lines.append(f"  output    {output.id}: {output.type}{described}")
    lines.extend(f"  sample    {sample.id}: {sample.title}" for sample in config.samples)
    lines.extend(f"  weights   {id}: sha256 {sha256}" for id, sha256 in identity["weights"].items())
    return "\n".join(lines)


def axes_text(axes: tuple[Axis, ...]) -> str:
    """Return axes with their sizes: y 224, x 224, channel 3."""
    return ", ".join(
        axis.name if axis.size is None else f"{axis.name} {axis.size}" for axis in axes
    )
