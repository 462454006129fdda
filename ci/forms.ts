import { Config, Weights } from "#schema/config.ts";
import { Model, Source } from "#schema/entry.ts";
import { Instance } from "#schema/instance.ts";
import {
  Digest,
  Doi,
  HttpsUrl,
  Id,
  Orcid,
  Person,
  RelativePath,
  Revision,
  Sha256,
  Spdx,
  Version,
} from "#schema/primitives.ts";
import { Instant } from "#schema/queue.ts";
import { Address } from "#schema/record.ts";
import { ReleaseName } from "#schema/release.ts";

/** What a regular expression of the schema means to a person, and what to do when a text does not fit it. */
export interface Form {
  expected: string;
  hint?: (got: unknown) => string | undefined;
}

const publication = Config.shape.publications.unwrap().element;
const affiliation = Person.shape.affiliation.unwrap();

const forms: [{ toJSONSchema(): unknown }, Form][] = [
  [
    Id,
    {
      expected: "an id of 3 to 64 lower-case letters, digits and hyphens",
      hint: (got) => {
        const id = typeof got === "string" ? got.toLowerCase().replace(/[^a-z0-9]+/g, "-") : "";
        const trimmed = id.replace(/^-+|-+$/g, "").slice(0, 64);
        return trimmed.length >= 3 ? `such as "${trimmed}"` : undefined;
      },
    },
  ],
  [
    Version,
    {
      expected: "a semantic version such as 1.0.0",
      hint: (got) =>
        typeof got === "string" && got.startsWith("v") ? "write it without the v" : undefined,
    },
  ],
  [
    Revision,
    {
      expected: "a full commit SHA (40 hex digits)",
      hint: (got) => {
        const name = typeof got === "string" && /^[\w./-]{1,80}$/.test(got) ? got : "HEAD";
        return `\`git rev-parse ${name}\` in your repository prints it`;
      },
    },
  ],
  [
    Sha256,
    {
      expected: "a SHA-256 of 64 lower-case hex digits",
      hint: () => "`sha256sum FILE` prints it",
    },
  ],
  [Digest, { expected: "a digest: sha256: and 64 hex digits" }],
  [
    RelativePath,
    {
      expected: 'a path inside the folder (forward slashes, no "..")',
      hint: (got) =>
        typeof got === "string" ? "copy the file into the folder and name it there" : undefined,
    },
  ],
  [HttpsUrl, { expected: "an address that begins with https://", hint: publicAddress }],
  [
    Spdx,
    {
      expected: "an SPDX licence such as Apache-2.0",
      hint: (got) => (got === undefined ? undefined : "https://spdx.org/licenses lists them"),
    },
  ],
  [Orcid, { expected: "an ORCID iD such as 0000-0002-1825-0097" }],
  [
    Doi,
    {
      expected: "a DOI such as 10.1000/182",
      hint: (got) =>
        typeof got === "string" && got.includes("doi.org/")
          ? `leave out the address: "${got.slice(got.indexOf("doi.org/") + 8)}"`
          : undefined,
    },
  ],
  [affiliation.shape.ror, { expected: "a ROR address such as https://ror.org/03vek6s52" }],
  [Weights.shape.id, { expected: "a name of lower-case letters, digits and underscores" }],
  [
    Weights.shape.source,
    {
      expected: "a package URL with its file after #, or an https address",
      hint: () => "such as pkg:pypi/silero-vad@6.2.3#silero_vad/data/silero_vad.onnx",
    },
  ],
  [publication.shape.arxiv, { expected: "an arXiv identifier such as 1905.11946" }],
  [
    Config.shape.inputs.element.shape.mediaTypes.element,
    { expected: "a media type such as image/png" },
  ],
  [
    Config.shape.outputs.element.shape.labels.unwrap().keyType,
    { expected: "a whole number, as the mask has it" },
  ],
  [Address, { expected: "a data: address, or a path below /api/output/" }],
  [Model.shape.maintainers.element.shape.github, { expected: "a GitHub account without the @" }],
  [Model.shape.yanked.unwrap().valueType.shape.since, { expected: "a day such as 2026-01-31" }],
  [Instant, { expected: "a moment in UTC such as 2026-01-31T06:00:00Z" }],
  [Source.shape.tag.unwrap(), { expected: "the name of a tag in git" }],
  [ReleaseName, { expected: "a name such as v2026.1" }],
  [
    Instance.shape.site,
    { expected: "an address such as https://example.org/models/, with the slash" },
  ],
  [
    Instance.shape.signing.unwrap().shape.keys.element,
    {
      expected: "a public key in PEM",
      hint: () => "`openssl ec -in KEY.pem -pubout` prints that of a private one",
    },
  ],
  [
    Instance.shape.images,
    { expected: "an image namespace such as ghcr.io/owner/modelhub, in lower case" },
  ],
];

/** The https address of what git also takes by ssh; for a place on one machine, what takes it as it is. */
function publicAddress(got: unknown): string | undefined {
  if (typeof got !== "string") return undefined;
  const [, host, path] = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(got) ?? [];
  if (host && path) return `such as "https://${host}/${path}"`;
  if (got.startsWith("http://")) return `such as "https://${got.slice(7)}"`;
  return /^(file:|~?\/|\.{1,2}\/)/.test(got)
    ? "push it to a host that others can fetch from; `check`, `build` and `test` take the folder as it is"
    : undefined;
}

const byPattern = new Map(
  forms.map(([schema, form]) => [(schema.toJSONSchema() as { pattern: string }).pattern, form]),
);

/** The form that a pattern of the schema stands for. */
export function formOf(pattern: string | undefined): Form | undefined {
  return pattern === undefined ? undefined : byPattern.get(pattern);
}
