import { readFileSync } from "node:fs";

// Prints "passed failed skipped" of one report: Vitest's JSON, Playwright's JSON or pytest's JUnit XML.

interface Vitest {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

interface Playwright {
  stats: { expected: number; flaky: number; unexpected: number; skipped: number };
}

function count(report: string): number[] {
  if (report.startsWith("<")) {
    const [tests = 0, failures = 0, errors = 0, skipped = 0] = [
      "tests",
      "failures",
      "errors",
      "skipped",
    ].map((name) => Number(report.match(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`))?.[1]));
    return [tests - failures - errors - skipped, failures + errors, skipped];
  }
  const json = JSON.parse(report) as Vitest | Playwright;
  if ("stats" in json) {
    const { expected, flaky, unexpected, skipped } = json.stats;
    return [expected + flaky, unexpected, skipped];
  }
  return [json.numPassedTests, json.numFailedTests, json.numPendingTests + json.numTodoTests];
}

console.log(count(readFileSync(process.argv[2] ?? "", "utf8")).join(" "));
