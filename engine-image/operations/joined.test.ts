import { expect, test } from "vitest";
import type { NumberArray } from "./array.ts";
import vectors from "./joined.json" with { type: "json" };
import { joined } from "./joined.ts";

interface Numbers {
  shape: number[];
  data: number[];
}
interface Case {
  title: string;
  arrays: Numbers[];
  expected?: Numbers;
  fails?: string;
}

const packed = ({ shape, data }: Numbers): NumberArray => ({ shape, data: new Float32Array(data) });

test.each(vectors.cases as Case[])("$title", ({ arrays, expected, fails }) => {
  const join = () => joined(arrays.map(packed));
  if (expected) expect(join()).toEqual(packed(expected));
  else expect(join).toThrow(fails);
});
