import type { Input } from "#schema/config.ts";
import { head } from "./head.ts";
import { recording } from "./recording.ts";

export interface InputExample {
  input: Input;
  /** Absent: the picture. */
  file?: () => File | Promise<File>;
}

const input = (kind: Input["kind"]): Input => ({
  id: `some_${kind}`,
  kind,
  mediaTypes: ["application/octet-stream"],
  axes: [],
  dtype: "float32",
});

/** One example for each kind of input. */
export const inputs: InputExample[] = [
  { input: input("image") },
  { input: input("volume"), file: head },
  { input: input("audio"), file: recording },
  { input: input("text"), file: () => new File(["A text,\nas it was typed."], "text.txt") },
  {
    input: input("table"),
    file: () => new File(['name,age\n"Doe, Jo",42\nRoe,7\n'], "people.csv"),
  },
  { input: input("file"), file: () => new File([new Uint8Array(2400)], "unknown.bin") },
];

export const scan = { input: input("volume"), file: head };
