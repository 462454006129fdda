import { parse } from "yaml";
import { z } from "zod";

/**
 * What every workflow of ours keeps to, told from its parsed YAML. Each rule is named for the fact
 * that it secures and gives a sentence for each breach.
 */

const Permissions = z.union([z.string(), z.record(z.string(), z.string())]);

const Step = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
});

const Job = z.object({
  permissions: Permissions.optional(),
  "timeout-minutes": z.unknown().optional(),
  "runs-on": z.unknown().optional(),
  environment: z.unknown().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  uses: z.string().optional(),
  secrets: z.unknown().optional(),
  steps: z.array(Step).default([]),
});

const Workflow = z.object({
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: Permissions.optional(),
  concurrency: z
    .object({ group: z.string(), "cancel-in-progress": z.unknown().optional() })
    .optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  jobs: z.record(z.string(), Job),
});

type Workflow = z.infer<typeof Workflow>;
type Job = z.infer<typeof Job>;
type Rule = (workflow: Workflow) => string[];

/** Everything that a workflow does against the rules; empty when it keeps to them. */
export function breaches(text: string): string[] {
  const workflow = Workflow.parse(parse(text));
  return rules.flatMap((rule) => rule(workflow));
}

/**
 * Jobs that call another workflow of ours without the permissions that its jobs ask for: GitHub starts no
 * such run. `textOf` gives the file that a path names.
 */
export function ungranted(text: string, textOf: (path: string) => string): string[] {
  const { jobs } = Workflow.parse(parse(text));
  return Object.entries(jobs).flatMap(([name, { uses, permissions = {} }]) => {
    if (!uses?.startsWith("./") || typeof permissions === "string") return [];
    const called = Object.values(Workflow.parse(parse(textOf(uses))).jobs);
    const asked = called.flatMap(({ permissions: own = {} }) =>
      typeof own === "string" ? [] : Object.entries(own),
    );
    const missing = asked.filter(([scope, wish]) => !grants(permissions[scope], wish));
    return [...new Set(missing.map(([scope, wish]) => `${scope}: ${wish}`))].map(
      (wish) => `job ${name} calls ${uses} without ${wish}`,
    );
  });
}

function grants(given = "none", wish: string): boolean {
  const levels = ["none", "read", "write"];
  return levels.indexOf(given) >= levels.indexOf(wish);
}

/** Verbs that build, start or run what a contributor wrote. */
const runsContributions = ["build", "test", "try", "pipeline", "predict", "samples", "benchmark"];

const noPullRequestTarget: Rule = (workflow) =>
  eventsOf(workflow).includes("pull_request_target")
    ? ["pull_request_target gives a stranger's change our token"]
    : [];

/** What an expression gives is pasted into the shell's text, and may end the line that it stands in. */
const noExpressionInShell: Rule = eachJob((job, name) =>
  job.steps.flatMap(({ run = "" }) =>
    run.includes("${{") ? [`job ${name} pastes an expression into a line of shell`] : [],
  ),
);

/** Two runs that write at once would undo each other's work, and one that is cancelled leaves half of it. */
const writesOneAtATime: Rule = (workflow) => {
  if (eventsOf(workflow).join() === "workflow_call") return [];
  const { concurrency, jobs } = workflow;
  const isOne = concurrency && concurrency["cancel-in-progress"] === false;
  return Object.entries(jobs).flatMap(([name, { permissions = {} }]) =>
    isOne || typeof permissions === "string" || !Object.values(permissions).includes("write")
      ? []
      : [`job ${name} writes, and the workflow's runs may overlap or be cancelled`],
  );
};

const nothingPermittedOnTop: Rule = ({ permissions }) =>
  typeof permissions === "object" && Object.keys(permissions).length === 0
    ? []
    : ["`permissions: {}` is missing on top"];

const timeLimits: Rule = eachJob((job, name) =>
  job.uses || typeof job["timeout-minutes"] === "number"
    ? []
    : [`job ${name} has no timeout-minutes`],
);

const pinnedActions: Rule = eachJob((job, name) =>
  [job.uses, ...job.steps.map(({ uses }) => uses)].flatMap((uses) =>
    uses === undefined || uses.startsWith("./") || /@[0-9a-f]{40}$/.test(uses)
      ? []
      : [`job ${name} uses ${uses}, which is no full commit`],
  ),
);

const credentialsStayOut: Rule = eachJob((job, name) =>
  job.steps.flatMap(({ uses = "", with: options }) =>
    uses.startsWith("actions/checkout@") && options?.["persist-credentials"] !== false
      ? [`job ${name} leaves its token in the checkout`]
      : [],
  ),
);

/** A job trusts either the contributor's code or a token with us, never both. */
const noCodeBesideToken: Rule = (workflow) =>
  Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const verbs = verbsOf(job);
    const risky = verbs.filter((verb) => runsContributions.includes(verb));
    const power = powerOf(job, workflow);
    return risky.length > 0 && power
      ? [`job ${name} runs \`modelhub ${risky.join("`, `modelhub ")}\` and has ${power}`]
      : [];
  });

/**
 * Any job on the branch can fill a cache, one that ran a contributor's code too. Neither a job with a token
 * nor one whose work is published takes its tools from there; what a pull request keeps, it alone gets.
 */
const noToolsFromCache: Rule = (workflow) => {
  const isPublished = eventsOf(workflow).join() !== "pull_request";
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const verbs = verbsOf(job);
    const runs = verbs.some((verb) => runsContributions.includes(verb));
    if (!(runs && isPublished) && !powerOf(job, workflow)) return [];
    return job.steps.flatMap(({ uses = "", with: options }) =>
      uses.startsWith("actions/cache") ||
      (uses === "./.github/actions/setup" && options?.["cache"] !== "false")
        ? [`job ${name} takes its tools from a cache, which any job can fill`]
        : [],
    );
  });
};

/** What a Dockerfile did to a machine is not there when the model is tested, nor the other way round. */
const buildsApartFromTests: Rule = eachJob((job, name) => {
  const verbs = verbsOf(job);
  return verbs.includes("build") && verbs.includes("test")
    ? [`job ${name} builds and tests on one machine`]
    : [];
});

/** What another job handed on never lies among the files of a job with a token. */
const handedOnApart: Rule = eachDownload((options, name) =>
  /needs\.(build|test)\./.test(String(options["artifact-ids"])) &&
  !/^\$\{\{ runner\.temp \}\}\//.test(String(options["path"]))
    ? [`job ${name} mixes what another job handed on with its own files`]
    : [],
);

/**
 * Any job of a run can leave an artifact under any name, so one with a token takes them by number, of the job
 * that it needs. Without any number the action brings all artifacts, and fails where there is but a comma.
 */
const handedOnByNumber: Rule = eachDownload((options, name, verbs) =>
  /^(\$\{\{ (needs\.[\w.-]+|inputs\.\w+) \}\},)/.test(String(options["artifact-ids"])) ||
  verbs.some((verb) => takesByName.includes(verb))
    ? []
    : [`job ${name} takes an artifact by a name, which any job may give`],
);

/** Verbs that trust no artifact: a lock is held against the OCI registry, a report is a stranger's in any case. */
const takesByName = ["push-locks", "report"];

/**
 * GitHub takes the site by the name of its artifact, which any job of a run may give. So no other workflow
 * has the site among its jobs.
 */
const siteByItself: Rule = (workflow) =>
  eventsOf(workflow).includes("workflow_call")
    ? eachJob((job, name) =>
        job.steps.some(({ uses = "" }) => uses.startsWith("actions/deploy-pages@"))
          ? [
              `job ${name} deploys in a run that has other jobs, which may leave a site of their own`,
            ]
          : [],
      )(workflow)
    : [];

/** Nobody but the branch says what is checked out: a commit of a fork has an address here too. */
const noForeignCheckout: Rule = eachJob((job, name) =>
  job.steps.flatMap(({ uses = "", with: options }) =>
    uses.startsWith("actions/checkout@") &&
    (options?.["repository"] || String(options?.["ref"]).includes("${{"))
      ? [`job ${name} checks out what a stranger may have chosen`]
      : [],
  ),
);

/** A machine of our own runs nothing before a person has looked at it, and nothing that a stranger starts. */
const ownMachinesByApproval: Rule = (workflow) => {
  const events = eventsOf(workflow);
  return eachJob((job, name) => {
    if (!JSON.stringify(job["runs-on"] ?? "").includes("self-hosted")) return [];
    const found: string[] = [];
    if (job.environment !== approvedGpu)
      found.push(`job ${name} runs on a machine of our own without the environment ${approvedGpu}`);
    if (events.some((event) => event !== "workflow_dispatch"))
      found.push(`job ${name} runs on a machine of our own for more than workflow_dispatch`);
    return found;
  })(workflow);
};

const approvedGpu = "gpu";

const rules: readonly Rule[] = [
  noPullRequestTarget,
  noExpressionInShell,
  writesOneAtATime,
  nothingPermittedOnTop,
  timeLimits,
  pinnedActions,
  credentialsStayOut,
  noCodeBesideToken,
  noToolsFromCache,
  buildsApartFromTests,
  handedOnApart,
  handedOnByNumber,
  siteByItself,
  noForeignCheckout,
  ownMachinesByApproval,
];

function eventsOf({ on }: Pick<Workflow, "on">): string[] {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on : Object.keys(on);
}

function eachJob(check: (job: Job, name: string) => string[]): Rule {
  return ({ jobs }) => Object.entries(jobs).flatMap(([name, job]) => check(job, name));
}

/** Looks at the options of each step that brings artifacts to a job with a token. */
function eachDownload(
  check: (options: Record<string, unknown>, name: string, verbs: string[]) => string[],
): Rule {
  return (workflow) =>
    eachJob((job, name) =>
      job.steps.flatMap(({ uses = "", with: options = {} }) =>
        uses.startsWith("actions/download-artifact@") && powerOf(job, workflow)
          ? check(options, name, verbsOf(job))
          : [],
      ),
    )(workflow);
}

/** What a job runs of ours, by the verb; the demo, a rebuild and the action for authors run models too. */
function verbsOf({ steps }: Job): string[] {
  return steps.flatMap(({ run = "", uses = "" }) => {
    const verbs = [...run.matchAll(/\bmodelhub\s+([a-z-]+)/g)].map(([, verb = ""]) => verb);
    const runsModels =
      /\bmodelhub\s+verify\b.*--(rebuild|retest)|\bscripts\/(demo|bench-pipeline)\b/s.test(run) ||
      uses === "./.github/actions/check";
    return runsModels ? [...verbs, "pipeline"] : verbs;
  });
}

/** What a job may do beyond reading, in words; undefined when nothing. */
function powerOf(job: Job, { env }: Workflow): string | undefined {
  const { permissions = {}, steps, environment } = job;
  if (typeof permissions === "string") return `\`permissions: ${permissions}\``;
  const writes = Object.keys(permissions).filter((scope) => permissions[scope] === "write");
  if (writes.length > 0) return `${writes.join(", ")}: write`;
  const told = JSON.stringify([env, job.env, job.secrets, steps]);
  // Both spellings: `secrets.NAME` and `secrets['NAME']`; the token of the job is one of them.
  if (/\$\{\{[^}]*\b(secrets\b|github\.token\b)/.test(told) || job.secrets) return "a secret";
  // Of this one people approve each run; it holds no secret.
  if (environment === undefined || environment === approvedGpu) return undefined;
  return "an environment, which may hold secrets";
}
