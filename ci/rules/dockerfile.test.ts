// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the builder puts in what stands in braces
import { describe, expect, test } from "vitest";
import { readDockerfile, wordsOf } from "./dockerfile.ts";

/** Instructions as short texts: line, name, flags, rest. */
function read(...lines: string[]): string[] {
  return readDockerfile(lines.join("\n")).instructions.map(({ line, name, flags, rest }) =>
    [line, name, ...flags, rest].join(" ").trim(),
  );
}

describe("readDockerfile", () => {
  test("splits instructions, whatever their case", () => {
    expect(read("arg BASE_IMAGE", "", "from $BASE_IMAGE")).toEqual([
      "1 ARG BASE_IMAGE",
      "3 FROM $BASE_IMAGE",
    ]);
  });

  test("joins continued lines, past comments and empty lines between them", () => {
    expect(read("RUN a \\", "  # why", "", "  b \\  ", "c", "RUN d")).toEqual([
      "1 RUN a   b c",
      "6 RUN d",
    ]);
  });

  test("sees a FROM that stands behind two backslashes, which continue nothing", () => {
    expect(read("RUN echo \\\\", "FROM evil")).toEqual(["1 RUN echo \\\\", "2 FROM evil"]);
  });

  test("heeds the escape directive", () => {
    expect(read("# escape=`", "RUN a `", "b \\", "FROM evil")).toEqual([
      "2 RUN a b \\",
      "4 FROM evil",
    ]);
  });

  test("takes an escape directive behind another comment for a comment", () => {
    expect(read("# hello", "# escape=`", "RUN a `", "FROM evil")).toHaveLength(2);
  });

  test("reads flags, but not those behind the first word", () => {
    const { instructions } = readDockerfile("RUN --mount=type=bind --network=none pip --quiet");
    expect(instructions[0]).toMatchObject({
      flags: ["--mount=type=bind", "--network=none"],
      rest: "pip --quiet",
    });
  });

  test("skips what heredocs hold", () => {
    expect(
      read("RUN <<EOF", "FROM a", "EOF", "COPY <<A <<-'B' /x/", "A", "FROM b", "A", "\tB", "RUN c"),
    ).toEqual(["1 RUN <<EOF", "4 COPY <<A <<-'B' /x/", "9 RUN c"]);
  });

  test("ends an empty heredoc at once", () => {
    expect(read("COPY <<A /x", "A", "FROM b")).toEqual(["1 COPY <<A /x", "3 FROM b"]);
  });

  test.each([
    ["a here-string", 'RUN cat <<<"x"'],
    ["a shift", "RUN echo $((1<<2))"],
    ["a quoted text", 'RUN echo "<<EOF"'],
    ["the middle of a word", "RUN cat a<<EOF"],
    ["an instruction without heredocs", "ENV A=1 <<EOF"],
  ])("takes %s for no heredoc", (_, line) => {
    expect(read(line, "FROM evil")).toContain("2 FROM evil");
    expect(readDockerfile(`${line}\nFROM evil`).unclear).toEqual([]);
  });

  test.each([
    ["braces", "RUN echo ${X:-a <<EOF }"],
    ["a quote that stays open", "RUN cat <<EOF '"],
    ["an end that never comes", "RUN <<OTHER"],
    ["an odd end", "RUN cat <<EOF;"],
  ])("says so when a heredoc is unclear: %s", (_, line) => {
    const file = readDockerfile(`${line}\nFROM evil\nEOF\nEOF;`);
    expect(file.unclear).toHaveLength(1);
    expect(file.instructions.map(({ name }) => name)).toContain("FROM");
  });

  test("keeps the head apart, past a byte order mark and line ends of Windows", () => {
    const file = readDockerfile("\uFEFF# syntax=evil\r\n\r\nARG A \\\r\nB\r\n# later");
    expect(file.head).toEqual([{ line: 1, text: "# syntax=evil" }]);
    expect(file.instructions).toMatchObject([{ name: "ARG", rest: "A B" }]);
  });

  test("opens ONBUILD", () => {
    expect(read("ONBUILD copy --from=evil / /")).toEqual(["1 ONBUILD COPY --from=evil / /"]);
  });
});

test("wordsOf reads both forms", () => {
  const words = (text: string) => readDockerfile(text).instructions.flatMap(wordsOf);
  expect(words('COPY ["a b", "/c"]')).toEqual(["a b", "/c"]);
  expect(words('COPY "a" /c')).toEqual(["a", "/c"]);
  expect(words("COPY [broken /c")).toEqual(["[broken", "/c"]);
});
