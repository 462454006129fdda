"""How far numbers may lie apart, and how sentences show them."""

from __future__ import annotations

from typing import NamedTuple, Tuple

#: Whether a comparison passed, and the sentence.
Verdict = Tuple[bool, str]


class Rule(NamedTuple):
    """A config's tolerance with its defaults."""

    rtol: float = 0.001
    atol: float = 0.001
    mismatchedPpm: float = 0
    top: float = 1
    dice: float | None = None
    iou: float = 0.9

    def matches(self, given: float, expected: float) -> bool:
        """Whether a number lies within the tolerance of the expected one."""
        return abs(given - expected) <= self.atol + self.rtol * abs(expected)

    def __str__(self) -> str:
        return f"atol {brief(self.atol)}, rtol {brief(self.rtol)}"


def brief(number: float) -> str:
    """Return a number in at most six digits."""
    return f"{number:.6g}"


def differs(given: float, expected: float, rule: Rule) -> str:
    """Return the sentence on a number that doesn't match."""
    return f"expected {brief(expected)}, got {brief(given)} {apart(given, expected, rule)}"


def apart(given: float, expected: float, rule: Rule) -> str:
    """Return by how much two numbers differ, and by how much they may."""
    return f"(differs by {abs(given - expected):.3g}; {rule})"
