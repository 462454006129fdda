"""Outputs, samples and models as people read them in a terminal."""

from __future__ import annotations

from typing import Any

from .arrays import Array
from .axes import Axis, by
from .config import Config
from .outputs import LabelList, Prediction
from .samples import SampleResult

#: How many numbers of a vector are shown before the rest is left out.
SHOWN = 8


def prediction_text(title: str, outputs: list[Prediction], seconds: float) -> str:
    """Return the outputs of one prediction under a title."""
    lines = [f"{title} ({seconds:.3f} s)"]
    for output in outputs:
        described = f": {output.description}" if output.description else ""
        lines.append(f"  {output.name}{described}")
        text = (
            labels_text(output.value)
            if isinstance(output.value, LabelList)
            else vector_text(output.value)
        )
        lines.extend(f"    {line}" for line in text)
    return "\n".join(lines)


def labels_text(labels: LabelList) -> list[str]:
    """Return one line per label, percentages aligned."""
    width = max((len(label) for label, _ in labels), default=0)
    return [f"{label:<{width}}  {probability:>7.2%}" for label, probability in labels]


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
