import { join } from "node:path";
import { z } from "zod";
import { Model } from "#schema/entry.ts";
import { readJson } from "../files.ts";
import type { Problem } from "../problems.ts";
import { run } from "../process.ts";
import { shownPath } from "../registry.ts";

/** GitHub's account of a pull request, as far as we read it. */
const Event = z.object({
  pull_request: z.object({ user: z.object({ login: z.string() }), author_association: z.string() }),
});

// GitHub's words for people whom the registry's owners have let in.
const insiders = ["OWNER", "MEMBER", "COLLABORATOR"];

/**
 * What a pull request changes that isn't its author's: models with other maintainers, what the pipeline
 * writes of any model, and the registry's own files. Empty for those who may merge anyway, and outside
 * of a pull request.
 */
export async function foreignChanges(
  paths: readonly string[],
  base: string,
  registry: string,
): Promise<Problem[]> {
  const path = process.env["GITHUB_EVENT_PATH"];
  const event = Event.safeParse(path && readJson(path));
  if (!event.success) return [];
  const { user, author_association: association } = event.data.pull_request;
  if (insiders.includes(association)) return [];
  const problems: Problem[] = paths.filter(isWritten).map((path) => ({
    file: shownPath(join(registry, path)),
    expected: "no change: the pipeline writes it",
    got: `one by ${user.login}`,
    hint: "leave it out of the pull request",
  }));
  const ids = new Set(paths.map((file) => /^models\/([^/]+)\//.exec(file)?.[1] ?? ""));
  for (const id of ids) {
    const maintainers = id === "" ? [] : await maintainersAt(base, id, registry);
    if (maintainers === undefined || isAmong(user.login, maintainers)) continue;
    problems.push({
      file: shownPath(id === "" ? registry : join(registry, "models", id)),
      expected: maintainers.length > 0 ? `a change by ${maintainers.join(" or ")}` : "no change",
      got: `one by ${user.login}`,
      hint:
        maintainers.length > 0
          ? "its maintainers are named in model.json; ask one of them to propose the change"
          : "a pull request of a contributor changes files below models/ alone",
    });
  }
  return problems;
}

/** Whether a file of the registry says what the pipeline did, which nobody else may say. */
function isWritten(path: string): boolean {
  return /^models\/[^/]+\/[^/]+\/(lock|scan|tests)\.json$/.test(path);
}

/** Who answered for a model at a commit; undefined where it is new. */
async function maintainersAt(
  base: string,
  id: string,
  registry: string,
): Promise<string[] | undefined> {
  const file = `./models/${id}/model.json`;
  const there = await run("git", ["ls-tree", "--name-only", base, "--", file], { cwd: registry });
  if (there === "") return undefined;
  const text = await run("git", ["show", `${base}:${file}`], { cwd: registry });
  const model = Model.safeParse(JSON.parse(text));
  return model.success ? model.data.maintainers.map(({ github }) => github) : [];
}

function isAmong(login: string, maintainers: readonly string[]): boolean {
  return maintainers.some((one) => one.toLowerCase() === login.toLowerCase());
}
