import { ModelHubError, RetryError } from "#ci/errors.ts";
import type { FetchedSubject } from "#ci/subject.ts";
import { type Workspace, workspace } from "#ci/workspace.ts";
import { type Common, say } from "./verb.ts";

type Stages = Awaited<ReturnType<typeof stages>>;

/**
 * Runs a stage over every named entry or folder, and returns what it gave of each. With `keepGoing`, a
 * name that fails is told, and the exit code is that of the worst.
 */
export async function eachSubject<Result>(
  names: string[],
  options: Common,
  stage: (stages: Stages, subject: FetchedSubject, at: Workspace) => Promise<Result>,
): Promise<Result[]> {
  const { fetchSubjects } = await import("#ci/subject.ts");
  const at = workspace(options);
  const all = await stages();
  const results: Result[] = [];
  if (!options.keepGoing) {
    const subjects = await fetchSubjects(names, at);
    if (subjects.length === 0) say(nothingOffered);
    for (const subject of subjects) results.push(await stage(all, subject, at));
    return results;
  }
  const wanted = names.length > 0 ? names : await offered(at);
  if (wanted.length === 0) say(nothingOffered);
  for (const name of wanted) {
    try {
      for (const subject of await fetchSubjects([name], at))
        results.push(await stage(all, subject, at));
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      say(`${name}: failed\n${error.message}`);
      process.exitCode = Math.max(Number(process.exitCode ?? 0), error.exitCode);
    }
  }
  return results;
}

const nothingOffered = "nothing to do: the registry offers no version";

async function offered(at: Workspace): Promise<string[]> {
  const { findEntries } = await import("#ci/subject.ts");
  const { nameOf } = await import("#ci/registry.ts");
  return (await findEntries([], at)).map(nameOf);
}

/** What each stage does with one entry or folder. */
async function stages() {
  const { build } = await import("#ci/commands/build.ts");
  const { buildOn, testOn } = await import("#ci/commands/one-platform.ts");
  const { test } = await import("#ci/commands/test.ts");
  const { machinePlatform, partOf } = await import("#ci/platforms.ts");
  const { publish } = await import("#ci/commands/publish.ts");
  const { lock } = await import("#ci/commands/lock.ts");
  const { requireStage } = await import("#ci/stage-files.ts");
  // A folder that is no entry yet is built for the machine that it is tried on.
  const whole = async (subject: FetchedSubject, { staging }: Workspace, platform?: string) => {
    if (subject.source) return subject;
    return partOf(await onItsOwn(subject, staging, askBriefly), platform ?? machinePlatform());
  };
  /** The images of all platforms, or of one; of one that can't be built there are none. */
  const built = async (subject: FetchedSubject, at: Workspace, platform?: string) => {
    const options = { staging: at.staging, say };
    if (subject.source && platform) return buildOn(platform, subject, options);
    return build(await whole(subject, at, platform), options);
  };
  const tested = async (subject: FetchedSubject, at: Workspace, platform?: string) => {
    const options = { staging: at.staging, say };
    if (subject.source && platform) {
      await buildOn(platform, subject, options);
      return testOn(platform, subject);
    }
    const all = await whole(subject, at, platform);
    return test(all, await build(all, options), say);
  };
  /** What the stages before wrote; publishing never builds or runs anything itself. */
  const before = (subject: FetchedSubject) => ({
    built: requireStage("build", subject),
    tested: requireStage("test", subject),
  });
  const published = async (subject: FetchedSubject) => {
    const { built, tested } = before(subject);
    return publish(subject, built, tested);
  };
  return { built, tested, published, lock, before };
}

/** Asks for an image twice: whoever works without a network waits for no more. */
async function askBriefly(reference: string): Promise<unknown> {
  const { splitName } = await import("#ci/images/oci.ts");
  const { OciClient } = await import("#ci/oci/client.ts");
  const { host, repository } = splitName(reference);
  const [name = "", tag = ""] = repository.split(":");
  return new OciClient(host, { attempts: 2 }).resolve(name, tag);
}

/**
 * A contributor's folder, which may be tried where the registry can't be reached: what could be had
 * from there is built then.
 */
export async function onItsOwn(
  subject: FetchedSubject,
  staging: string,
  ask: (reference: string) => Promise<unknown>,
): Promise<FetchedSubject> {
  const { images } = subject.instance;
  try {
    await ask(`${images}/base:any`);
  } catch (error) {
    // Whatever else it answers, it is there.
    if (!(error instanceof RetryError)) return subject;
    say(`${images} can't be reached: all of the image is built here`);
    return { ...subject, instance: { ...subject.instance, images: staging } };
  }
  return subject;
}
