import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Input } from "#schema/config.ts";
import { mediaTypeOf } from "#viewers/signature.ts";
import { pythonLack } from "../../../../engine-image/front/tests/server.ts";
import { refusal } from "./media-type.ts";

const starting = (text: string, at = 0) => {
  const bytes = Buffer.alloc(400);
  bytes.write(text, at, "latin1");
  return bytes;
};
const nifti = starting("n+1\0", 344);
const nrrd = starting("NRRD0005\n");
const scan = (...mediaTypes: string[]) =>
  ({ id: "scan", kind: "volume", mediaTypes }) as unknown as Input;

test.skipIf(pythonLack)("a page and the engine see the same in a file's first bytes", async () => {
  const files = [
    ...[
      "\x89PNG\r\n\x1a\n",
      "\xff\xd8\xff\xe0",
      "II*\0",
      "MM\0*",
      "II+\0",
      "MM\0+",
      "\x93NUMPY",
      "GIF87a",
      "GIF89a",
    ],
    ...["%PDF-1.4", "\x89HDF\r\n\x1a\n", "NRRD0004", "fLaC", "RIFF----WEBP", "RIFF----WAVE"],
    ...["RIFF----AVI ", "BM1234\0\0\0\0", "BMI of all", "PK\x05\x06", "a,b\n1,2", ""],
    `PK\x03\x04${"-".repeat(22)}\x05\0\0\0a.npy`,
    `PK\x03\x04${"-".repeat(22)}\x05\0\0\0a.txt`,
    "1234n+2\0\r\n\x1a\n",
  ].map((text) => starting(text));
  files.push(nifti, starting("DICM", 128), gzipSync(nifti), gzipSync(nrrd), starting("\x1f\x8b"));
  const script = `import base64, json, sys
from modelhub.signatures import sniff
print(json.dumps([sniff(base64.b64decode(one)) for one in json.load(sys.stdin)]))`;
  const engine: (string | null)[] = JSON.parse(
    execFileSync(process.env["MODELHUB_PYTHON"] ?? "python3", ["-c", script], {
      input: JSON.stringify(files.map((bytes) => bytes.toString("base64"))),
      cwd: "engine-image/python",
      encoding: "utf8",
    }),
  );
  const own = await Promise.all(files.map((bytes) => mediaTypeOf(new Blob([bytes]))));
  expect(own.map((found) => found ?? null)).toEqual(engine);
});

test("a scan of a format that the config doesn't list is refused in the engine's words", async () => {
  expect(await refusal(new Blob([nrrd]), scan("application/x-nifti", "application/dicom"))).toBe(
    "Input 'scan' accepts application/x-nifti, application/dicom; got application/x-nrrd.",
  );
});

test.each([
  ["is listed", nrrd, ["application/x-nrrd"]],
  ["is listed under another name", nrrd, ["image/nrrd"]],
  ["is an array", starting("\x93NUMPY"), ["application/x-nifti"]],
  ["is packed", gzipSync(nifti), ["application/x-nifti"]],
  ["says nothing of its kind", starting("1 2 3"), ["application/x-nifti"]],
])("a file that %s is taken", async (_, bytes, mediaTypes) => {
  expect(await refusal(new Blob([bytes]), scan(...mediaTypes))).toBeUndefined();
});
