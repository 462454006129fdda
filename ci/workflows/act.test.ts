import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJson } from "../files.ts";
import { root } from "../home.ts";
import { act, Repository } from "./act.ts";
import { GithubDouble } from "./github-double.ts";

if (!act) console.warn("skipped: no act to run workflows with, as scripts/setup found no Go");

describe.skipIf(!act)("the workflows, run by act", { timeout: 1_200_000 }, () => {
  const repository = new Repository();
  const github = new GithubDouble();
  const entry = { schemaVersion: "1", title: "Tiny", maintainers: [{ github: "someone" }] };
  let head = "";

  beforeAll(async () => {
    await repository.open();
    repository.env["GITHUB_API_URL"] = await github.open();
    await repository.commit({
      "registry/registry.json": readJson(join(root, "registry/registry.json")),
    });
    head = await repository.commit({
      "registry/models/tiny/model.json": { ...entry, repository: "https://example.org/tiny" },
      "registry/models/tiny/1.0.0/source.json": {
        schemaVersion: "1",
        repository: "https://example.org/tiny</pre>@everyone",
        revision: "main",
      },
    });
    github.head.sha = head;
  });
  afterAll(() => {
    github.close();
    repository.close();
  });

  function followed(sha: string) {
    const full_name = "stranger/modelhub";
    return {
      repository: {
        name: "modelhub",
        owner: { login: "modelhub-registry" },
        default_branch: "main",
      },
      workflow_run: {
        id: 1,
        event: "pull_request",
        conclusion: "failure",
        head_sha: sha,
        head_branch: "new-model",
        head_repository: { full_name, owner: { login: "stranger" } },
        html_url: "https://github.com/modelhub-registry/modelhub/actions/runs/1",
      },
    };
  }

  test("a pull request with a wrong entry fails, and hands its report on", async () => {
    const { output, exitCode } = await repository.run("model-pr.yml", "pull_request", {
      pull_request: { number: 7, head: { ref: "new-model", sha: head }, base: { ref: "main" } },
    });
    expect(exitCode, output).toBe(1);
    const trial = readJson(join(repository.artifacts, "trial", "trial.json")) as {
      problems: unknown[];
    };
    expect(trial.problems, output).not.toHaveLength(0);
  });

  test("its report becomes one comment, in which a stranger's words have no effect", async () => {
    github.files = [
      { filename: "registry/models/tiny/model.json" },
      { filename: "registry/schema/config.ts" },
      { filename: "registry/aside.ts", previous_filename: "ci/main.ts" },
    ];
    for (const round of ["written", "renewed"]) {
      const { output, exitCode } = await repository.run(
        "model-report.yml",
        "workflow_run",
        followed(head),
      );
      expect(exitCode, output).toBe(0);
      expect(output).toContain(`pull request 7: comment ${round}`);
    }
    expect(github.comments).toHaveLength(1);
    const body = github.comments[0]?.body ?? "";
    expect(body).toContain("Some things have to be mended");
    expect(body).toContain("also changes 2 files of code");
    expect(body.match(/<\/?pre>/g)).toEqual(["<pre>", "</pre>"]);
  });

  test("a commit that no pull request stands at any more is left alone", async () => {
    const { output, exitCode } = await repository.run(
      "model-report.yml",
      "workflow_run",
      followed("0".repeat(40)),
    );
    expect(exitCode, output).toBe(0);
    expect(output).toContain("no open pull request");
    expect(github.comments).toHaveLength(1);
  });

  test("a report that is not of its shape tells nothing", async () => {
    writeFileSync(
      join(repository.artifacts, "trial", "trial.json"),
      JSON.stringify({
        schemaVersion: "1",
        exitCode: 0,
        problems: [],
        models: [{ id: "# Approved" }],
      }),
    );
    const { output, exitCode } = await repository.run(
      "model-report.yml",
      "workflow_run",
      followed(head),
    );
    expect(exitCode, output).toBe(0);
    expect(github.comments[0]?.body).toContain("The check did not finish");
    expect(github.comments[0]?.body).not.toContain("Approved");
  });

  test("a run that left no report is told as one", async () => {
    rmSync(join(repository.artifacts, "trial"), { recursive: true });
    github.comments = [];
    const { output, exitCode } = await repository.run(
      "model-report.yml",
      "workflow_run",
      followed(head),
    );
    expect(exitCode, output).toBe(0);
    expect(github.comments[0]?.body).toContain("The check did not finish");
  });

  test("one issue tells at night of a version that was never built, and is closed after", async () => {
    await repository.commit({
      "registry/models/tiny/1.0.0/source.json": {
        schemaVersion: "1",
        repository: "https://example.org/tiny",
        revision: "a".repeat(40),
      },
    });
    const nightly = () => repository.run("nightly.yml", "schedule", { schedule: "23 3 * * *" });
    const { output } = await nightly();
    expect(github.issues, output).toHaveLength(1);
    expect(github.issues[0]?.body).toContain("expected a lock, got a version that was never built");
    await nightly();
    expect(github.issues).toHaveLength(1);

    await repository.remove("registry/models/tiny");
    const { output: after, exitCode } = await repository.run("nightly.yml", "workflow_dispatch");
    expect(exitCode, after).toBe(0);
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  });
});
