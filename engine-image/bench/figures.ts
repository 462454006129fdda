/** All that was measured: numbers by subject and name. */
export class Figures {
  readonly #values: Record<string, Record<string, number>> = {};
  /** Why a subject has no numbers of some kind. */
  readonly notes: string[] = [];

  set(subject: string, name: string, value: number): void {
    this.#values[subject] ??= {};
    this.#values[subject][name] = value;
  }

  get(subject: string, name: string): number | undefined {
    return this.#values[subject]?.[name];
  }

  note(text: string): void {
    this.notes.push(text);
    console.error(text);
  }

  toJSON(): object {
    return this.#values;
  }
}

export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
