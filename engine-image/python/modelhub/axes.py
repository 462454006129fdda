"""Axes of an array as the config declares them, and whether a shape fits."""

from __future__ import annotations

from typing import NamedTuple, Sequence


class Size(NamedTuple):
    """Sizes that an axis takes: from `min` to `max` (None: no end), in steps of `step`."""

    min: int
    max: int | None
    step: int

    @property
    def fixed(self) -> bool:
        """Whether there is one size only."""
        return self.min == self.max

    def allows(self, size: int) -> bool:
        """Whether an axis may have this many elements."""
        if size < self.min or (self.max is not None and size > self.max):
            return False
        return (size - self.min) % self.step == 0

    def __str__(self) -> str:
        if self.fixed:
            return str(self.min)
        words = f"{self.min} or more" if self.max is None else f"{self.min} to {self.max}"
        return words if self.step == 1 else f"{words} in steps of {self.step}"


class Axis(NamedTuple):
    """One axis: its name, what runs along it, its sizes (None: they follow from the input)."""

    name: str
    type: str
    size: Size | None


def misfit(axes: Sequence[Axis], shape: Sequence[int]) -> str | None:
    """Say how the shape breaks the axes, all of it in one clause; None when it fits."""
    if len(axes) != len(shape):
        names = ", ".join(axis.name for axis in axes)
        return f"has {len(shape)} axes; expected {len(axes)} ({names})"
    wrong = [
        f"axis {axis.name} takes {axis.size}"
        for axis, size in zip(axes, shape)
        if axis.size is not None and not axis.size.allows(size)
    ]
    if not wrong:
        return None
    names = ", ".join(axis.name for axis in axes)
    return f"is {by(shape)} ({names}); {', '.join(wrong)}"


def by(shape: Sequence[int]) -> str:
    """Return a shape for people: 224 × 224 × 3."""
    return " × ".join(map(str, shape)) if shape else "a single number"
