import { describe, expect, it } from "vitest";
import { parseJson } from "./json-body.ts";

const nested = (depth: number) => Buffer.from("[".repeat(depth) + "]".repeat(depth));

describe("a body of JSON", () => {
  it("is read when it is nested 32 levels deep", () => {
    expect(parseJson(nested(32))).toBeInstanceOf(Array);
  });

  it("is refused when it is nested deeper, before it is parsed", () => {
    expect(() => parseJson(nested(33))).toThrow("nested more than 32 levels");
    expect(() => parseJson(Buffer.from("[".repeat(1_000_000)))).toThrow("nested more than");
  });

  it("may hold brackets, quotes and backslashes in its strings", () => {
    const value = { text: `${"[".repeat(50)}\\"${"{".repeat(50)}\\` };
    expect(parseJson(Buffer.from(JSON.stringify(value)))).toEqual(value);
  });

  it.each(["", "{", '"abc', "[1,]", "abc"])("is refused when it is %j", (text) => {
    expect(() => parseJson(Buffer.from(text))).toThrow("can't be read as JSON");
  });

  it("is refused beyond 8 MiB", () => {
    expect(() => parseJson(Buffer.alloc(8 * 2 ** 20 + 1, " "))).toThrow("8388608 bytes");
  });
});
