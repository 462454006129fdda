import {
  configMatchesSource,
  idMatchesEntry,
  idsAreUnique,
  pathsExist,
  titleMatchesEntry,
} from "./config.ts";
import { benchmarksAreWhole, collectionsAreWhole } from "./curated.ts";
import {
  idIsUnique,
  lockMatchesEntry,
  repositoryMatches,
  sourceIsFrozen,
  sourceIsUnique,
  successorExists,
  versionsDiffer,
  yankedVersionsExist,
} from "./entries.ts";
import { formIsFilledIn, guideIsReplaced, templateIsReplaced } from "./leftovers.ts";
import { licencesAreSpdx, licenceTextIsThere } from "./licences.ts";
import { removedVersionsAreGone, yankHasSuccessor } from "./life.ts";
import { tensorsFit } from "./network.ts";
import { drawnAxesAreLeft, operationsFit } from "./operations.ts";
import { entrypointIsPython, filesWithinPolicy, noSecrets } from "./policy.ts";
import { releasesAreFrozen } from "./releases.ts";
import { packagesArePinned } from "./requirements.ts";
import type { ContributionRule, EntryRule } from "./rule.ts";
import {
  dockerfileCopiesLocalOnly,
  dockerfileHasNoSyntaxDirective,
  dockerfileHasNoTriggers,
  dockerfileIsClear,
  dockerfileStartsFromBase,
  onlyBaseArgs,
} from "./runtime.ts";
import { dockerfileFilesExist } from "./runtime-files.ts";
import { noWideTolerance, sampleHasExpectation, sampleInputsComplete } from "./samples.ts";
import { weightsHaveOwnNames, weightsMatch } from "./weights.ts";

/** What must hold for the entries of a registry. */
export const entryRules: readonly EntryRule[] = [
  idIsUnique,
  sourceIsUnique,
  sourceIsFrozen,
  lockMatchesEntry,
  repositoryMatches,
  versionsDiffer,
  yankedVersionsExist,
  successorExists,
  yankHasSuccessor,
  removedVersionsAreGone,
  releasesAreFrozen,
  benchmarksAreWhole,
  collectionsAreWhole,
  guideIsReplaced,
];

/** What must hold for a contributor's folder. */
export const contributionRules: readonly ContributionRule[] = [
  idMatchesEntry,
  titleMatchesEntry,
  configMatchesSource,
  idsAreUnique,
  licencesAreSpdx,
  licenceTextIsThere,
  pathsExist,
  weightsMatch,
  weightsHaveOwnNames,
  sampleInputsComplete,
  sampleHasExpectation,
  noWideTolerance,
  operationsFit,
  drawnAxesAreLeft,
  tensorsFit,
  entrypointIsPython,
  filesWithinPolicy,
  noSecrets,
  dockerfileIsClear,
  dockerfileStartsFromBase,
  dockerfileHasNoSyntaxDirective,
  dockerfileHasNoTriggers,
  dockerfileCopiesLocalOnly,
  onlyBaseArgs,
  dockerfileFilesExist,
  packagesArePinned,
  templateIsReplaced,
  formIsFilledIn,
];
