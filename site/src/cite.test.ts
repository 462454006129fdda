import { describe, expect, test } from "vitest";
import type { Publication } from "#schema/config.ts";
import { catalog, models } from "../e2e/catalog.ts";
import { bibtex, type Citation, citation, citationTags, citationText } from "./cite.ts";

const versions = models.flatMap((model) => model.versions);

function cite(id: string): Citation {
  const model = versions.find((version) => version.id === id);
  if (model === undefined) throw new Error(`no model ${id}`);
  return citation(model, catalog.registry);
}

/** Of a model that has these publications, and no day of registration. */
function citationWith(publications: Publication[]): Citation {
  const model = structuredClone(versions.find(({ id }) => id === "efficientnet-lite0"));
  if (model?.built === undefined) throw new Error("not built");
  delete model.published;
  model.built.record.config.publications = publications;
  return citation(model, catalog.registry);
}

const bare: Citation = {
  key: "echo-1.0.0",
  title: "Echo",
  version: "1.0.0",
  authors: [],
  year: undefined,
  publisher: "ModelHub",
  url: "https://example.org/models/echo/1.0.0/",
  digest: undefined,
  revision: "c0ffee",
  publication: undefined,
};

describe("bibtex", () => {
  test("cites the model that ran and the work that describes it", () => {
    expect(bibtex(cite("efficientnet-lite0"))).toMatchInlineSnapshot(`
      "@software{efficientnet-lite0-1.1.0,
        title = {{EfficientNet-Lite0}},
        author = {{Liu}, Renjie and {Tan}, Mingxing},
        version = {1.1.0},
        year = {2026},
        publisher = {ModelHub},
        url = {https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/},
        note = {Container image sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62, source commit 8aa3250bc3f7277955ccd5d18294d03970acb93c},
      }

      @article{efficientnet-lite0-1.1.0-publication,
        title = {{EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks}},
        author = {Mingxing Tan and Quoc V. Le},
        year = {2019},
        journal = {International Conference on Machine Learning},
        eprint = {1905.11946},
        archiveprefix = {arXiv},
      }"
    `);
  });

  test("says what is known of a version that waits for its build", () => {
    expect(bibtex(bare)).toMatchInlineSnapshot(`
      "@software{echo-1.0.0,
        title = {{Echo}},
        version = {1.0.0},
        publisher = {ModelHub},
        url = {https://example.org/models/echo/1.0.0/},
        note = {source commit c0ffee},
      }"
    `);
  });

  test("keeps what TeX would read as a command", () => {
    const text = bibtex({ ...bare, title: "100% {of} A&B_1 #2 $3 ~ ^ \\" });
    expect(text).toContain(
      "{{100\\% \\{of\\} A\\&B\\_1 \\#2 \\$3 \\textasciitilde{} \\textasciicircum{} \\textbackslash{}}}",
    );
  });

  test.each([
    ["Mingxing Tan, Quoc V. Le", "Mingxing Tan and Quoc V. Le"],
    ["Ada Lovelace and Charles Babbage", "Ada Lovelace and Charles Babbage"],
    [
      "Ada Lovelace, Charles Babbage, and Mary Somerville",
      "Ada Lovelace and Charles Babbage and Mary Somerville",
    ],
    ["O'Hara, Z; Smith, J", "O'Hara, Z and Smith, J"],
    ["Tan, M., Le, Q.", "{Tan, M., Le, Q.}"],
    ["Silero Team", "Silero Team"],
  ])("reads the authors %s", (authors, expected) => {
    const text = bibtex({ ...bare, publication: { title: "Work", authors } });
    expect(text).toContain(`author = {${expected}}`);
  });

  test("no field can end its entry", () => {
    const work = { title: "A }\n@misc{", doi: "10.1000/}{", url: "https://example.org/}" };
    const text = bibtex({ ...bare, publication: work });
    expect(text.match(/^@/gm)).toHaveLength(2);
    expect(text).toContain("doi = {10.1000/%7D%7B}");
  });

  test("takes the work that describes the model before the one that trained it", () => {
    const trained = { title: "A recipe", relation: "trainedBy" } as const;
    expect(citationWith([trained, { title: "A network" }]).publication?.title).toBe("A network");
    expect(citationWith([trained]).publication?.title).toBe("A recipe");
  });

  test("takes neither work nor year from a publication on data that the model only uses", () => {
    const data = { title: "A data set", year: 1993, relation: "uses" } as const;
    expect(citationWith([data])).toMatchObject({ publication: undefined, year: undefined });
  });
});

test("the text names authors, year, version, address and digest", () => {
  expect(citationText(cite("efficientnet-lite0"))).toMatchInlineSnapshot(
    `"Liu, R. & Tan, M. (2026). EfficientNet-Lite0, version 1.1.0 [Computer software]. ModelHub. https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/. Container image sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62."`,
  );
  expect(citationText(bare)).toMatchInlineSnapshot(
    `"Echo, version 1.0.0 [Computer software]. ModelHub. https://example.org/models/echo/1.0.0/."`,
  );
});

test("tags never give a publication's DOI as the model's", () => {
  const tags = citationTags(cite("cell-counter"));
  expect(tags.map(({ name }) => name)).not.toContain("citation_doi");
  expect(tags).toContainEqual({
    name: "citation_title",
    content: 'Cells <b>counted</b> & "typed", version 0.1.0-beta.1',
  });
});

test("tags have what reference managers ask of a page", () => {
  const tags = citationTags(cite("efficientnet-lite0"));
  expect(tags.map(({ name, content }) => `${name}: ${content}`)).toMatchInlineSnapshot(`
    [
      "citation_title: EfficientNet-Lite0, version 1.1.0",
      "citation_author: Liu, Renjie",
      "citation_author: Tan, Mingxing",
      "citation_publication_date: 2026",
      "citation_publisher: ModelHub",
      "citation_public_url: https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
      "DC.type: Software",
    ]
  `);
});
