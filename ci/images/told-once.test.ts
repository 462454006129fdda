import { expect, test } from "vitest";
import { toldOnce } from "./told-once.ts";

const traceback = [
  "Traceback (most recent call last):",
  '  File "/opt/modelhub/model/model.py", line 4',
  "    def infer(model, image)",
  "                           ^",
  "SyntaxError: expected ':'",
].join("\n");
const summary =
  "modelhub: The model could not be loaded in 3 attempts. model.py raised SyntaxError";

test("a traceback that each start of the worker gives is told once, and the summary once", () => {
  const ended = "modelhub: the worker ended with exit code 1";
  const attempt = [traceback, ended];
  const again = `${summary} The last lines of its log:`;
  const log = [...attempt, ...attempt, ...attempt, summary, again, traceback].join("\n");
  expect(toldOnce(`${log}\n`)).toBe([traceback, ended, summary].join("\n"));
});

test("tracebacks that differ are both told, and words that a model prints stay", () => {
  const other = traceback.replace("line 4", "line 5");
  const log = `reading weights\n${traceback}\n${other}`;
  expect(toldOnce(log)).toBe(log);
});

test("of a long log the end is told", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  expect(toldOnce(lines.join("\n")).split("\n")).toEqual(lines.slice(60));
});
