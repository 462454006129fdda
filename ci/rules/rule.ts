import type { Weights } from "#schema/config.ts";
import type { Instance } from "#schema/instance.ts";
import type { Contribution } from "../contribution.ts";
import type { Problem } from "../problems.ts";
import type { Entry, Registry } from "../registry.ts";
import type { Base } from "./base.ts";

/** What is known when a registry's entries are checked. */
export interface Registered {
  registry: Registry;
  /** What the registry held at the commit that it is compared with; absent outside of git. */
  base: Base | undefined;
}

/** A fact that must hold for the entries of a registry; reports all that speaks against it. */
export type EntryRule = (registered: Registered) => Problem[];

/** What is known when a contributor's folder is checked. */
export interface Contributed {
  contribution: Contribution;
  policy: Instance["policy"];
  /** The entry that points to the folder; absent while it is on its author's machine. */
  entry?: Entry;
  /** Whether the entry's source is the registry's own repository. */
  isOurs?: boolean;
  /** Gets a weights file from its source; absent where nothing is to be fetched. */
  fetchWeights?: FetchWeights;
}

export type FetchWeights = (
  weights: Weights,
  options: { folder: string; maxBytes: number },
) => Promise<{ path: string; bytes: number; sha256: string }>;

/** A fact that must hold for a contributor's folder; reports all that speaks against it. */
export type ContributionRule = (contributed: Contributed) => Problem[] | Promise<Problem[]>;
