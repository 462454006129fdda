import type { Figures } from "./figures.ts";
import { ours } from "./subjects.ts";

/** A measure that brings figures whose names begin with its own. */
export type Measure = "start" | "picture" | "numbers" | "decode" | "volume" | "bomb" | "layers";

/** What ours must reach: a number, or ratios to what peers reach on the same machine. */
export interface Goal {
  id: string;
  title: string;
  measures: Measure[];
  figure: string;
  is: "at most" | "at least";
  value?: number;
  ratios?: Record<string, number>;
  /** The figure of the peers, where it is another one. */
  peerFigure?: string;
}

const legacy = "modelhub-engine";

export const goals: Goal[] = [
  {
    id: "picture-cpu",
    title: "CPU µs per 224x224 JPEG",
    measures: ["picture"],
    figure: "picture.1.cpuMicroseconds",
    is: "at most",
    ratios: { [legacy]: 0.4, FastAPI: 0.8 },
  },
  {
    id: "picture-speed",
    title: "successful JPEGs per s, 8 connections",
    measures: ["picture"],
    figure: "picture.8.perSecond",
    is: "at least",
    ratios: { [legacy]: 4, LitServe: 1.6, MLServer: 1.3, BentoML: 3 },
  },
  {
    id: "failed-8",
    title: "failed JPEGs, 8 connections",
    measures: ["picture"],
    figure: "picture.8.failed",
    is: "at most",
    value: 0,
  },
  {
    id: "failed-64",
    title: "failed JPEGs, 64 connections",
    measures: ["picture"],
    figure: "picture.64.failed",
    is: "at most",
    value: 0,
  },
  {
    id: "numbers-speed",
    title: "no-op JSON per s, 8 connections",
    measures: ["numbers"],
    figure: "numbers.8.perSecond",
    is: "at least",
    ratios: { FastAPI: 2, LitServe: 8, MLServer: 7 },
  },
  {
    id: "decode",
    title: "p50 ms of a JPEG beyond Pillow's decode",
    measures: ["picture", "decode"],
    figure: "decode.overMs",
    is: "at most",
    value: 0.6,
  },
  {
    id: "start",
    title: "seconds from start to ready",
    measures: ["start"],
    figure: "start.seconds",
    is: "at most",
    ratios: { [legacy]: 0.6, LitServe: 0.2, MLServer: 0.2 },
  },
  {
    id: "memory",
    title: "MB resident when idle",
    measures: ["start"],
    figure: "start.idleMB",
    is: "at most",
    ratios: { [legacy]: 0.6, LitServe: 0.4, MLServer: 0.4 },
  },
  {
    id: "layer",
    title: "MB of the engine's layers, unpacked",
    measures: ["layers"],
    figure: "layers.unpackedMB",
    is: "at most",
    ratios: { [legacy]: 0.35 },
  },
  {
    id: "layer-compressed",
    title: "MB of the engine's layers, gzip",
    measures: ["layers"],
    figure: "layers.compressedMB",
    is: "at most",
    ratios: { [legacy]: 0.8 },
  },
  {
    id: "layer-code",
    title: "MB that a change of the engine's code ships",
    measures: ["layers"],
    figure: "layers.codeMB",
    is: "at most",
    value: 1,
  },
  {
    id: "volume-lists",
    title: "CPU ms per 240x240x155 reply, to JSON lists",
    measures: ["volume"],
    figure: "volume.cpuMs",
    is: "at most",
    ratios: { Starlette: 0.01 },
    peerFigure: "lists.cpuMs",
  },
  {
    id: "volume-file",
    title: "CPU ms per 240x240x155 reply, to a file",
    measures: ["volume"],
    figure: "volume.cpuMs",
    is: "at most",
    ratios: { Starlette: 0.6 },
  },
  {
    id: "bomb-status",
    title: "status for a 516 kB PNG of 13300x13300",
    measures: ["bomb"],
    figure: "bomb.status",
    is: "at least",
    value: 422,
  },
  {
    id: "bomb-seconds",
    title: "seconds for that PNG",
    measures: ["bomb"],
    figure: "bomb.seconds",
    is: "at most",
    value: 0.1,
  },
  {
    id: "bomb-memory",
    title: "MB of growth by that PNG",
    measures: ["bomb"],
    figure: "bomb.growthMB",
    is: "at most",
    value: 50,
  },
];

/** One line of the table. */
export interface Row {
  goal: string;
  title: string;
  ours: number | null;
  peer: string;
  theirs: number | null;
  ratio: number | null;
  limit: string;
  met: boolean | null;
}

/** The lines of a goal: one for each peer, or one against its number. */
export function rows(goal: Goal, figures: Figures): Row[] {
  const { id, title, figure, is, value, ratios, peerFigure = figure } = goal;
  const own = figures.get(ours.name, figure) ?? null;
  const sign = is === "at most" ? "<=" : ">=";
  const meets = (found: number, limit: number) =>
    is === "at most" ? found <= limit : found >= limit;
  if (value !== undefined) {
    const met = own === null ? null : meets(own, value);
    const theirs = figures.get(legacy, figure) ?? null;
    const peer = theirs === null ? "" : legacy;
    const limit = `${sign} ${value}`;
    return [{ goal: id, title, ours: own, peer, theirs, ratio: null, limit, met }];
  }
  return Object.entries(ratios ?? {}).map(([peer, wanted]) => {
    const theirs = figures.get(peer, peerFigure) ?? null;
    const ratio = own === null || theirs === null ? null : own / theirs;
    const met = ratio === null ? null : meets(ratio, wanted);
    return { goal: id, title, ours: own, peer, theirs, ratio, limit: `${sign} ${wanted}x`, met };
  });
}

/** Names of the subjects that the goals are about. */
export function subjectsOf(wanted: Goal[]): Set<string> {
  return new Set([ours.name, legacy, ...wanted.flatMap(({ ratios }) => Object.keys(ratios ?? {}))]);
}
