/** Reads a file bit by bit, the highest of each byte first. Throws a sentence's end where it stops too early. */
export class BitReader {
  readonly #file: Uint8Array;
  /** In bits. */
  #at = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  /** A number of up to 32 bits. */
  read(bits: number): number {
    let value = 0;
    let left = bits;
    while (left > 0) {
      const byte = this.#byte();
      const free = 8 - (this.#at & 7);
      const taken = Math.min(free, left);
      value = value * 2 ** taken + ((byte >> (free - taken)) & (2 ** taken - 1));
      this.#at += taken;
      left -= taken;
    }
    return value;
  }

  /** A number in two's complement. */
  readSigned(bits: number): number {
    if (bits === 0) return 0;
    const value = this.read(bits);
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  /** How many zeros come before the next one; both are read. */
  readUnary(): number {
    let count = 0;
    while (this.read(1) === 0) count += 1;
    return count;
  }

  /** A number in the code of Rice, which is short where the number is near to zero. */
  readRice(parameter: number): number {
    const value = this.readUnary() * 2 ** parameter + this.read(parameter);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  skip(bits: number): void {
    this.#at += bits;
  }

  /** Goes on with the next whole byte. */
  align(): void {
    this.#at = Math.ceil(this.#at / 8) * 8;
  }

  #byte(): number {
    const byte = this.#file[this.#at >> 3];
    if (byte === undefined) throw new Error("it is shorter than its header says");
    return byte;
  }
}
