import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { connect, ownRepository } from "./connect.ts";

/**
 * Makes GitHub's own release of a tag with a file, or adds the file to the one that is there.
 * A repository of research data that listens, such as Zenodo, then gives it a DOI.
 */
export async function publishRelease(
  name: string,
  file: string,
  say: (line: string) => void,
): Promise<void> {
  const { owner, repo } = ownRepository();
  const github = connect();
  const release = await there();
  const asset = basename(file);
  if (release.assets.some((one) => one.name === asset)) return say(`${name}: published already`);
  await github.request(`POST ${release.upload_url}`, {
    name: asset,
    headers: { "content-type": "application/gzip" },
    data: readFileSync(file),
  });
  say(`${name}: published with ${asset}`);

  async function there() {
    try {
      return (await github.rest.repos.getReleaseByTag({ owner, repo, tag: name })).data;
    } catch (error) {
      if ((error as { status?: number }).status !== 404) throw error;
      return (await github.rest.repos.createRelease({ owner, repo, tag_name: name })).data;
    }
  }
}
