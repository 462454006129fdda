import { join } from "node:path";
import { Record as ModelRecord } from "#schema/record.ts";
import { makeFolder, readJson } from "./files.ts";
import { homeFolder } from "./home.ts";
import { pullArtifact } from "./images/oci.ts";

/** A record with the folder that holds its samples' files; kept by digest, so fetched once. */
export async function fetchRecord(
  image: string,
  digest: string,
): Promise<{ record: ModelRecord; folder: string }> {
  const folder = join(homeFolder("records"), digest.replace("sha256:", ""));
  await makeFolder(folder, (aside) => pullArtifact(`${image}@${digest}`, aside));
  return { record: ModelRecord.parse(readJson(join(folder, "record.json"))), folder };
}
