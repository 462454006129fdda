/** Where the elements of an input have gone, so that what a network finds can be put back there. */

/**
 * What an operation does to one axis: new = old * scale + shift, and its size afterwards. Element i
 * reaches from i to i + 1, so its centre is i + 0.5.
 */
export interface Move {
  scale: number;
  shift: number;
  size: number;
}

/** One axis of an input: its size as it came in, and the sum of all moves since. */
export interface Span {
  before: number;
  move: Move;
}

/** Each axis of one input by its name. */
export type Placement = Readonly<Record<string, Span>>;

/** The placement of an input that nothing has been done to. */
export function unmoved(sizes: Readonly<Record<string, number>>): Placement {
  return Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [
      name,
      { before: size, move: { scale: 1, shift: 0, size } },
    ]),
  );
}

/** The placement after the moves. Axes that the input didn't have are left out. */
export function moved(placement: Placement, moves: Readonly<Record<string, Move>>): Placement {
  return Object.fromEntries(
    Object.entries(placement).map(([name, span]) => [name, then(span, moves[name])]),
  );
}

/** Where a position in the moved axis was before, at most at the ends. */
export function back({ before, move }: Span, position: number): number {
  return Math.min(Math.max((position - move.shift) / move.scale, 0), before);
}

function then(span: Span, next: Move | undefined): Span {
  if (!next) return span;
  const { scale, shift } = span.move;
  const move = {
    scale: scale * next.scale,
    shift: shift * next.scale + next.shift,
    size: next.size,
  };
  return { before: span.before, move };
}
