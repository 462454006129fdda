import { expect, test } from "vitest";
import { linesOf } from "./lines.ts";

const base = "http://127.0.0.1:8080/models/a/";

test("a sample is asked for by its id, below the page's own path", () => {
  const { curl, python } = linesOf({ sample: "two words" }, base);
  expect(curl).toBe(
    "curl http://127.0.0.1:8080/models/a/api/predict_sample?filename=two%20words".replace(
      /(http.*)/,
      "'$1'",
    ),
  );
  expect(python).toContain(`requests.get("${base}api/predict_sample?filename=two%20words")`);
});

test("files go in fields named after their inputs, with their media types", () => {
  const files = [
    { input: "image", name: "it's mine.png", mediaType: "image/png" },
    { input: "scan", name: "a.dcm", mediaType: "application/dicom" },
  ];
  const { curl, python } = linesOf({ files }, base);
  expect(curl).toMatchInlineSnapshot(
    `"curl -F 'image=@it'\\''s mine.png;type=image/png' -F 'scan=@a.dcm;type=application/dicom' http://127.0.0.1:8080/models/a/api/predict"`,
  );
  expect(python).toMatchInlineSnapshot(`
    "import requests

    files = [
        ("image", ("it's mine.png", open("it's mine.png", "rb"), "image/png")),
        ("scan", ("a.dcm", open("a.dcm", "rb"), "application/dicom")),
    ]
    reply = requests.post("http://127.0.0.1:8080/models/a/api/predict", files=files)
    reply.raise_for_status()
    for output in reply.json()["output"]:
        print(output["name"], output["prediction"])"
  `);
});
