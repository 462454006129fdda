"""Where the elements of an input have gone, so that what a network finds can be put back there."""

from __future__ import annotations

from typing import Dict, Mapping, NamedTuple


class Move(NamedTuple):
    """What an operation does to one axis: new = old * scale + shift, and its size afterwards.

    Element i reaches from i to i + 1, so its centre is i + 0.5.
    """

    scale: float
    shift: float
    size: int


class Span(NamedTuple):
    """One axis of an input: its size as it came in, and the sum of all moves since."""

    before: int
    move: Move

    def then(self, move: Move) -> Span:
        """Return the span after one more move."""
        scale, shift, _ = self.move
        return Span(
            self.before, Move(scale * move.scale, shift * move.scale + move.shift, move.size)
        )

    def back(self, position: float) -> float:
        """Return where a position in the moved axis was before, at most at the ends."""
        before = (position - self.move.shift) / self.move.scale
        return min(max(before, 0.0), float(self.before))


#: Each axis of one input by its name; and that by the input's id.
Placement = Dict[str, Span]
Placements = Mapping[str, Placement]


def unmoved(sizes: Mapping[str, int]) -> Placement:
    """Return the placement of an input that nothing has been done to."""
    return {name: Span(size, Move(1.0, 0.0, size)) for name, size in sizes.items()}


def moved(placement: Placement, moves: Mapping[str, Move]) -> Placement:
    """Return the placement after the moves. Axes that the input didn't have are left out."""
    return {
        name: span.then(moves[name]) if name in moves else span for name, span in placement.items()
    }
