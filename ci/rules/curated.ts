import { readBenchmarks } from "../benchmarks/read.ts";
import { readCollections } from "../collections.ts";
import type { EntryRule } from "./rule.ts";

/** A benchmark is whole, and each of its results is of a registered version and of its own figures. */
export const benchmarksAreWhole: EntryRule = ({ registry }) => readBenchmarks(registry).problems;

/** A collection is whole, and each of its models is registered. */
export const collectionsAreWhole: EntryRule = ({ registry }) => readCollections(registry).problems;
