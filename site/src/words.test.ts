import { describe, expect, test } from "vitest";
import { words } from "#viewers/format.ts";
import { models } from "../e2e/catalog.ts";
import { axes } from "./axes.ts";
import { shortDigest } from "./format.ts";
import { jsonLd } from "./json-ld.ts";
import { sourceLink } from "./links.ts";
import { runCommands } from "./run.ts";
import { fold } from "./search.ts";
import { spdxParts } from "./spdx.ts";

test("slugs and digests are short", () => {
  expect(words("voice-activity-detection")).toBe("Voice activity detection");
  expect(shortDigest(`sha256:${"ab".repeat(32)}`)).toBe("sha256:abababababab");
});

test("axes say what sizes they take", () => {
  expect(
    axes([
      { name: "batch", type: "batch", size: 1 },
      { name: "time", type: "time", size: { min: 512, step: 512 }, unit: "s", scale: 0.0000625 },
      { name: "x", type: "space", size: { min: 32, max: 512 }, unit: "mm" },
      { name: "class", type: "index" },
    ]),
  ).toBe("batch 1, time ≥ 512 by 512 (0.0000625 s), x 32–512 (mm), class");
});

test("text is compared without case and accents", () => {
  expect(fold("Bartholomäus, Vision")).toBe("bartholomaus, vision");
});

test("each licence of an expression leads to its text", () => {
  const links = spdxParts("(MIT OR Apache-2.0) AND GPL-2.0-or-later WITH Classpath-exception-2.0");
  expect(links.map(({ text }) => text).join("")).toBe(
    "(MIT OR Apache-2.0) AND GPL-2.0-or-later WITH Classpath-exception-2.0",
  );
  expect(links.flatMap(({ href }) => href ?? [])).toHaveLength(4);
  expect(spdxParts("LicenseRef-Mine")).toEqual([{ text: "LicenseRef-Mine" }]);
});

test("the commit is shown in its folder", () => {
  expect(sourceLink("https://github.com/a/b.git", "c0ffee", "models/x")).toBe(
    "https://github.com/a/b/tree/c0ffee/models/x",
  );
  expect(sourceLink("https://github.com/a/b/", "c0ffee", ".")).toBe(
    "https://github.com/a/b/tree/c0ffee",
  );
});

test("JSON for a script element can't end it", () => {
  const text = jsonLd({ name: "</script><script>" });
  expect(text).not.toContain("<");
  expect(JSON.parse(text)).toEqual({ name: "</script><script>" });
});

describe("run", () => {
  const inputs = models[0]?.versions[0]?.built?.record.config.inputs ?? [];

  const commands = (all: typeof inputs) => runCommands("tiny", "ghcr.io/a/b@sha256:00", all);

  test("an image that reads one file predicts, serves and answers", () => {
    expect(commands(inputs).usual.map(({ command }) => command)).toEqual([
      "docker run --rm -i ghcr.io/a/b@sha256:00 predict - < photo.jpg",
      "docker run --rm -p 8080:8080 ghcr.io/a/b@sha256:00",
      'curl --data-binary @photo.jpg -H "Content-Type: image/jpeg" http://localhost:8080/api/predict',
    ]);
  });

  test("others ask from Python, take a folder, and run it by Podman, Apptainer and Kubernetes", () => {
    expect(
      commands(inputs)
        .others.map(({ command }) => command)
        .join("\n\n"),
    ).toMatchInlineSnapshot(`
      "import json, pathlib, urllib.request

      request = urllib.request.Request(
          "http://localhost:8080/api/predict",
          data=pathlib.Path("photo.jpg").read_bytes(),
          headers={"Content-Type": "image/jpeg"},
      )
      with urllib.request.urlopen(request) as reply:
          print(json.load(reply)["output"])

      mkdir -p out
      docker run --rm -v "$PWD:/in:ro" -v "$PWD/out:/out" --user "$(id -u)" ghcr.io/a/b@sha256:00 batch /in --out /out --resume

      podman run --rm -i ghcr.io/a/b@sha256:00 predict - < photo.jpg

      apptainer run docker://ghcr.io/a/b@sha256:00 predict photo.jpg

      kubectl create deployment tiny --image=ghcr.io/a/b@sha256:00 --port=8080
      kubectl expose deployment tiny --port=8080"
    `);
  });

  test.each([
    ["application/x-nifti", "scan.nii.gz"],
    ["text/csv", "table.csv"],
    ["application/x-npy", "array.npy"],
  ])("an input of %s is asked with a file of that kind", (mediaType, file) => {
    const input = { ...inputs[0], kind: "array", mediaTypes: [mediaType] } as never;
    expect(commands([input]).usual[0]?.command).toContain(`< ${file}`);
  });

  test("an image with several inputs only serves", () => {
    const { usual, others } = commands([...inputs, ...inputs]);
    expect(usual.map(({ title }) => title)).toEqual(["Serve it on port 8080"]);
    expect(others.map(({ title }) => title)).toEqual(["Serve it on Kubernetes"]);
  });
});
