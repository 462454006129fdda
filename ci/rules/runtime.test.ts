// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the builder puts in what stands in braces
import { describe, expect, test } from "vitest";
import { problems } from "../e2e/contributed.ts";

describe("the Dockerfile", () => {
  const files = { "runtime/a": "", "runtime/files.tar.gz": "", "runtime/folder/b": "" };
  const head = ["ARG BASE_IMAGE", "FROM ${BASE_IMAGE} AS base"];
  const dockerfile = async (...lines: string[]) =>
    (await problems({}, { ...files, "runtime/Dockerfile": lines.join("\n") })).map((text) =>
      text.replace("tiny/runtime/Dockerfile ", ""),
    );

  test.each([
    ["a stage of its own", ["FROM base AS two", "FROM TWO"]],
    ["files of a stage above", ["FROM base", "COPY --from=base /a /b", "COPY --from=0 /a /b"]],
    ["a mount of the folder", ["RUN --mount=type=bind,source=a,target=/a pip install -r /a"]],
    ["a mount of a stage", ["FROM base", "RUN --mount=from=base,target=/a true"]],
    ["the builder's certificates", ["RUN --mount=type=secret,id=ca,target=/ca pip install x"]],
    ["a run without network", ["RUN --network=none true"]],
    ["local archives", ["ADD --chown=1:1 files.tar.gz /files/"]],
    ["arguments with defaults", ["ARG A=1 B=2", "ARG TARGETARCH"]],
    ["a check directive", []],
    ["from in a heredoc", ["RUN python3 <<EOF", "from os import path", "EOF"]],
  ])("may have %s", async (_, lines) => {
    expect(await dockerfile("# check=error=true", ...head, ...lines)).toEqual([]);
  });

  test("may repeat in a stage an argument of the head", async () => {
    expect(await dockerfile("ARG V=1", ...head, "ARG V")).toEqual([]);
  });

  test.each([
    ["ARG V=1\nFROM ${BASE_IMAGE}\nARG V", 'a default, as in ARG NAME=value | "V"'],
    ["FROM python:3.13", 'FROM ${BASE_IMAGE}, or from a stage above | "python:3.13"'],
    ["FROM scratch", 'FROM ${BASE_IMAGE}, or from a stage above | "scratch"'],
    [
      "from ${BASE_IMAGE:-evil}",
      'FROM ${BASE_IMAGE}, or from a stage above | "${BASE_IMAGE:-evil}"',
    ],
    ["FROM later", 'FROM ${BASE_IMAGE}, or from a stage above | "later"'],
    ["FROM --platform=linux/386 base", "FROM without flags | --platform=linux/386"],
    ["COPY --from=nginx /a /b", '--from a stage above | "nginx"'],
    ["COPY --from=base /a /b", '--from a stage above | "base"'],
    ["COPY --from=7 /a /b", '--from a stage above | "7"'],
    ["COPY --link --from=$X /a /b", '--from a stage above | "$X"'],
    [
      "ADD https://example.org/a /a",
      'ADD of files in the runtime folder | "https://example.org/a /a"',
    ],
    ['ADD ["ht\\u0074ps://example.org/a", "/a"]', "ADD of files in the runtime folder"],
    ['ADD h"tt"ps://example.org/a /a', "ADD of files in the runtime folder"],
    ["ADD git@example.org:a.git /a", "ADD of files in the runtime folder"],
    ["ADD $URL /a", "ADD of files in the runtime folder"],
    ["RUN --network=host true", 'RUN without --network | "--network=host"'],
    ["RUN --security=insecure true", 'RUN without --security | "--security=insecure"'],
    ["RUN --device=gpu true", 'RUN with --mount only | "--device=gpu"'],
    [
      "RUN --mount=type=bind,from=evil,target=/a true",
      "a mount from the runtime folder or a stage above",
    ],
    ["RUN --mount=FROM=evil,target=/a true", "a mount from the runtime folder or a stage above"],
    ['RUN --mount="type=bind,from=evil" true', "flags without quotes"],
    ['RUN --mount=type=bind,target="/a b",from=evil true', "flags without quotes"],
    ["RUN --mount=type=cache,target=/a true", "no cache mount"],
    ["RUN --mount=type=secret,id=token true", "a mount of type bind or tmpfs"],
    ["RUN --mount=type=ssh true", "a mount of type bind or tmpfs"],
    ["ARG VERSION", 'a default, as in ARG NAME=value | "VERSION"'],
    ["ARG BASE_IMAGE=evil", 'ARG BASE_IMAGE without a default | "BASE_IMAGE=evil"'],
    ["ONBUILD RUN evil", "no ONBUILD | one"],
    ["RUN cat <<EOF '", "a heredoc of the form RUN <<EOF, with EOF alone on its last line"],
    ["RUN a \\\n# comment\n\n  b\nFROM evil", 'FROM ${BASE_IMAGE}, or from a stage above | "evil"'],
  ])("may not have %s", async (text, problem) => {
    const found = await dockerfile(...head, text);
    expect(found.join("\n")).toContain(problem);
  });

  test.each([
    "# syntax=docker/dockerfile:1",
    "#syntax = evil",
    "# SYNTAX=evil",
    "\uFEFF# syntax=evil",
    "# a comment\n# syntax=evil",
    "#!/bin/sh\n# syntax=evil",
    "// syntax=evil",
    '{"syntax": "evil"}',
  ])("may not name a frontend: %j", async (text) => {
    const found = await dockerfile(text, ...head);
    expect(found.join("\n")).toContain("no syntax directive");
  });

  test.each([
    "COPY folder folder/b ./a /to/",
    "COPY *.txt /to/",
    'COPY ["a", "/to a"]',
    "COPY . /to",
    "COPY <<EOF /to\nnone\nEOF",
    "RUN --mount=type=tmpfs,target=/none true",
  ])("may read what is in its folder: %j", async (text) => {
    expect(await dockerfile(...head, text)).toEqual([]);
  });

  test.each([
    ["COPY a none.txt /to/", "none.txt"],
    ['ADD ["none", "/to"]', "none"],
    ["RUN --mount=type=bind,source=none.txt,target=/to true", "none.txt"],
    ["RUN --mount=src=folder/none,target=/to true", "folder/none"],
  ])("may not read what is not there: %s", async (text, path) => {
    expect(await dockerfile(...head, text)).toEqual([
      `line 3: files of the Dockerfile's folder | "${path}", which is not there`,
    ]);
  });

  test("of a variant is held to the same", async () => {
    const variants = { cuda: { runtime: "runtime-cuda" } };
    const text = "ARG BASE_IMAGE\nFROM nvidia/cuda:12\n";
    expect(await problems({ variants }, { "runtime-cuda/Dockerfile": text })).toEqual([
      'tiny/runtime-cuda/Dockerfile line 2: FROM ${BASE_IMAGE}, or from a stage above | "nvidia/cuda:12"',
    ]);
    expect((await problems({ variants: { cuda: { runtime: "nowhere" } } })).join()).toContain(
      "variants.cuda.runtime",
    );
  });

  test("says what is missing when it is empty", async () => {
    expect(await dockerfile("")).toEqual(["line 1: FROM ${BASE_IMAGE} | no FROM"]);
  });

  test("says what is missing when the base image is not asked for", async () => {
    expect(await dockerfile("FROM $BASE_IMAGE")).toEqual([
      "line 1: ARG BASE_IMAGE before the first FROM | none",
    ]);
  });
});
