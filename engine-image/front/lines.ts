const longest = 8192;

/** Whole lines out of pieces of text, however they are cut. A line that is too long comes in pieces. */
export class Lines {
  #rest = "";

  /** The lines that this piece completes. */
  push(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > longest) lines.push(...this.flush());
    return lines;
  }

  /** What has no end yet, as a line; nothing if there is none. */
  flush(): string[] {
    const rest = this.#rest.slice(0, longest);
    this.#rest = "";
    return rest ? [rest] : [];
  }
}
