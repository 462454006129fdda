import type { Config } from "#schema/config.ts";
import { chooser } from "./chooser.ts";
import { drawLine } from "./line.ts";
import { linesOf } from "./lines.ts";
import { type Read, Result } from "./result.ts";
import { drawSamples, press, type Sample, sampleFiles } from "./samples.ts";
import { ServerRunner } from "./server-runner.ts";

const $ = (id: string) => document.getElementById(id) as HTMLElement;

const [config, { samples }] = (await Promise.all(
  ["api/get_config", "api/samples"].map(async (path) => (await fetch(path)).json()),
)) as [Config, { samples: Sample[] }];
const runner = new ServerRunner(config.inputs);
const result = new Result(config, runner, $("shown"), $("result"));
const chosen = new Map<string, File[]>();

introduce();
drawSamples($("samples"), samples, chooseSample);
const choosers = new Map(
  config.inputs.map((input) => {
    const take = (files: File[]) => chooseFiles(input.id, files);
    return [input.id, chooser(input, config.inputs.length === 1, take)] as const;
  }),
);
$("inputs").append(...[...choosers.values()].map(({ node }) => node));
document.addEventListener("paste", paste);
const [first] = samples;
if (first) tell({ sample: first.id });
await untilReady();

function introduce(): void {
  document.title = config.title;
  $("title").textContent = config.title;
  $("summary").textContent = config.summary;
  const { model, licenses } = config;
  $("facts").textContent = [
    model?.architecture,
    model?.framework,
    licenses && `code ${licenses.code}`,
    licenses && `weights ${licenses.weights}`,
  ]
    .filter(Boolean)
    .join(" · ");
  $("notice").hidden = !config.use?.notForClinicalUse;
}

function chooseSample(sample: Sample): Promise<void> {
  tell({ sample: sample.id });
  return predict(async (signal) => {
    const files = await sampleFiles(sample, signal);
    for (const [id, list] of files) show(id, list);
    // The next file that is chosen begins anew, instead of joining the sample's others.
    chosen.clear();
    return files;
  });
}

async function chooseFiles(id: string, files: File[]): Promise<void> {
  press($("samples"));
  chosen.set(id, files);
  show(id, files);
  if (chosen.size < config.inputs.length) return result.say(missing());
  const asked = [...chosen].flatMap(([input, list]) =>
    list.map((file) => ({ input, name: file.name, mediaType: runner.mediaTypeOf(input, file) })),
  );
  tell({ files: asked });
  const all = new Map(chosen);
  await predict(async () => all);
}

function missing(): string {
  const names = config.inputs.filter(({ id }) => !chosen.has(id)).map(({ id }) => `“${id}”`);
  return `Now choose ${names.join(" and ")}.`;
}

function show(id: string, files: readonly File[]): void {
  choosers.get(id)?.show(files);
}

async function predict(read: Read): Promise<void> {
  // On a phone the result lies below what was just pressed.
  $("result-heading").scrollIntoView({ block: "nearest" });
  await result.predict(read);
}

/** Say what the server waits for, until the model is loaded. */
async function untilReady(): Promise<void> {
  for (;;) {
    const response = await fetch("health/ready").catch(() => undefined);
    if (result.isAsked || response?.ok) return;
    const problem = await response?.json().catch(() => undefined);
    result.say(problem?.title ?? "The server doesn't answer.");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (!result.isAsked) result.say("Choose a sample or a file.");
  }
}

function paste(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])];
  const input = config.inputs.find(({ id }) => !chosen.has(id)) ?? config.inputs[0];
  if (files.length > 0 && input) chooseFiles(input.id, files);
}

/** How a program asks the same. */
function tell(asked: Parameters<typeof linesOf>[0]): void {
  const { curl, python } = linesOf(asked, document.baseURI);
  $("lines").replaceChildren(drawLine("curl", curl), drawLine("Python", python));
}
