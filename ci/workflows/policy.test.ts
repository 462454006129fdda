import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../home.ts";
import { breaches, ungranted } from "./policy.ts";

const workflows = join(root, ".github", "workflows");

test.each(readdirSync(workflows))("%s keeps to every rule", (file) => {
  expect(breaches(readFileSync(join(workflows, file), "utf8"))).toEqual([]);
});

test.each([
  ["pull-request-target", "pull_request_target gives a stranger's change our token"],
  ["permissions-on-top", "`permissions: {}` is missing on top"],
  ["no-time-limit", "job one has no timeout-minutes"],
  ["action-by-tag", "job one uses actions/upload-artifact@v4, which is no full commit"],
  ["token-in-checkout", "job one leaves its token in the checkout"],
  ["code-beside-write", "job one runs `modelhub pipeline` and has packages: write"],
  ["code-beside-secret", "job one runs `modelhub build` and has a secret"],
  ["rebuild-beside-write", "job one runs `modelhub pipeline` and has issues: write"],
  ["action-beside-write", "job one runs `modelhub pipeline` and has checks: write"],
  ["build-beside-test", "job one builds and tests on one machine"],
  ["handed-on-among-own", "job one mixes what another job handed on with its own files"],
  ["handed-on-by-name", "job one takes an artifact by a name, which any job may give"],
  [
    "site-among-other-jobs",
    "job one deploys in a run that has other jobs, which may leave a site of their own",
  ],
  ["gpu-without-approval", "job one runs on a machine of our own without the environment gpu"],
  ["gpu-for-a-stranger", "job one runs on a machine of our own for more than workflow_dispatch"],
  ["expression-in-shell", "job one pastes an expression into a line of shell"],
  ["writes-that-overlap", "job one writes, and the workflow's runs may overlap or be cancelled"],
  ["cancelled-write", "job one writes, and the workflow's runs may overlap or be cancelled"],
  ["cache-beside-token", "job one takes its tools from a cache, which any job can fill"],
  ["cache-beside-code", "job one takes its tools from a cache, which any job can fill"],
  ["foreign-checkout", "job one checks out what a stranger may have chosen"],
])("refuses a workflow with %s", (name, sentence) => {
  const file = join(import.meta.dirname, "fixtures", `${name}.yml`);
  expect(breaches(readFileSync(file, "utf8"))).toEqual([sentence]);
});

/** A workflow that keeps to every rule, but for what a test adds to its one job, or on top. */
const workflow = (job: object, top: object = {}) =>
  JSON.stringify({
    ...{ on: "workflow_dispatch", permissions: {} },
    concurrency: { group: "one", "cancel-in-progress": false },
    ...top,
    jobs: { one: { "runs-on": "ubuntu-24.04", "timeout-minutes": 5, ...job } },
  });

test.each([
  ["every permission", { permissions: "write-all" }, {}, "`permissions: write-all`"],
  ["its caller's secrets", { secrets: "inherit" }, {}, "a secret"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  ["a secret of all jobs", {}, { env: { TOKEN: "${{ secrets.TOKEN }}" } }, "a secret"],
  ["an environment", { environment: "publish" }, {}, "an environment, which may hold secrets"],
])("a job that runs models and has %s is refused", (_, job, top, power) => {
  const found = (run: string) => breaches(workflow({ ...job, steps: [{ run }] }, top));
  expect(found("npx modelhub try")).toEqual([`job one runs \`modelhub try\` and has ${power}`]);
  expect(found("./scripts/demo")).toEqual([`job one runs \`modelhub pipeline\` and has ${power}`]);
});

test("a cache beside a token and a checkout of another repository are refused however they are written", () => {
  const uses = (name: string) => `${name}@${"0".repeat(40)}`;
  const cached = { permissions: { packages: "write" }, steps: [{ uses: uses("actions/cache") }] };
  expect(breaches(workflow(cached))).toEqual([
    "job one takes its tools from a cache, which any job can fill",
  ]);
  const options = { repository: "a/b", "persist-credentials": false };
  const foreign = { steps: [{ uses: uses("actions/checkout"), with: options }] };
  expect(breaches(workflow(foreign))).toEqual([
    "job one checks out what a stranger may have chosen",
  ]);
});

test.each(readdirSync(workflows))("%s grants what the workflows that it calls ask for", (file) => {
  const textOf = (path: string) => readFileSync(join(root, path), "utf8");
  expect(ungranted(textOf(join(".github/workflows", file)), textOf)).toEqual([]);
});

test("a call without a permission that the called workflow asks for is told", () => {
  const job = (rest: object) => JSON.stringify({ on: "push", jobs: { one: rest } });
  const called = job({ permissions: { contents: "read", packages: "write" } });
  const call = (permissions: object) =>
    ungranted(job({ uses: "./called.yml", permissions }), () => called);
  expect(call({ contents: "read", packages: "read" })).toEqual([
    "job one calls ./called.yml without packages: write",
  ]);
  expect(call({ contents: "write", packages: "write" })).toEqual([]);
});

test("the lines of shell in our own actions have no expression pasted into them", () => {
  const actions = join(root, ".github", "actions");
  for (const name of readdirSync(actions)) {
    const { runs } = parse(readFileSync(join(actions, name, "action.yml"), "utf8"));
    for (const { run = "" } of runs.steps) expect(run).not.toContain("${{");
  }
});

test("every workflow is looked at, and every fixture has a rule", () => {
  expect(readdirSync(workflows)).toContain("model-pr.yml");
  expect(readdirSync(join(import.meta.dirname, "fixtures"))).toHaveLength(21);
});
