import { writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { readInputs } from "./environment.ts";
import { Figures } from "./figures.ts";
import { goals, type Measure, rows, subjectsOf } from "./goals.ts";
import { measureBomb } from "./measures/bomb.ts";
import { measureDecode } from "./measures/decode.ts";
import { measureLayers } from "./measures/layers.ts";
import type { Plan } from "./measures/plan.ts";
import { measureSpeed } from "./measures/speed.ts";
import { measureStart } from "./measures/start.ts";
import { measureVolume } from "./measures/volume.ts";
import { table } from "./table.ts";

/**
 * Measures the engine beside other servers with models that do nothing, and prints each goal with
 * what was reached. It needs Linux, and a machine that does nothing else.
 *   npm run bench:engine                     all goals, about 10 minutes
 *   npm run bench:engine -- --quick          short turns: for a first look
 *   npm run bench:engine -- --only GOAL      one goal; more than once for several
 *   npm run bench:engine -- --json FILE      writes all figures, too
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
  },
});

const unknown = options.only.filter((id) => !goals.some((goal) => goal.id === id));
if (unknown.length > 0) {
  const known = goals.map(({ id }) => id).join(", ");
  console.error(`--only: expected a goal of ${known}; got ${unknown.join(", ")}`);
  process.exit(2);
}

const wanted = goals.filter(({ id }) => options.only.length === 0 || options.only.includes(id));
const plan: Plan = {
  subjects: subjectsOf(wanted),
  inputs: await readInputs(),
  ...(options.quick
    ? { rounds: 3, sliceSeconds: 1, starts: 2 }
    : { rounds: 10, sliceSeconds: 1, starts: 5 }),
};
const figures = new Figures();
const measures: Record<Measure, () => Promise<void>> = {
  start: () => measureStart(plan, figures),
  picture: () => measureSpeed("picture", plan, figures),
  numbers: () => measureSpeed("numbers", plan, figures),
  decode: () => measureDecode(figures),
  volume: () => measureVolume(plan, figures),
  bomb: () => measureBomb(plan, figures),
  layers: () => measureLayers(plan, figures),
};
for (const [name, measure] of Object.entries(measures)) {
  if (!wanted.some((goal) => goal.measures.includes(name as Measure))) continue;
  console.error(`measuring ${name} …`);
  await measure();
}

const found = wanted.flatMap((goal) => rows(goal, figures));
const machine = `${cpus().length} x ${cpus()[0]?.model} (${arch()}), load ${loadavg()[0]?.toFixed(1)}`;
console.log(`${machine}\n\n${table(found)}`);
for (const note of figures.notes) console.log(`\nnote: ${note}`);
if (options.json)
  writeFileSync(options.json, JSON.stringify({ machine, goals: found, figures }, null, 2));
process.exit(0);
