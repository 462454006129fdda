import busboy from "busboy";
import { describe, expect, it } from "vitest";
import { type FormFile, onlyFile } from "./one-file.ts";

const type = "multipart/form-data; boundary=----b-1";
const disposition = 'Content-Disposition: form-data; name="file"; filename="a photo.jpg"';
const part = `------b-1\r\n${disposition}\r\nContent-Type: image/jpeg\r\n\r\nbytes\r\n`;
const plain = `${part}------b-1--\r\n`;

function read(body: string, contentType = type): FormFile | undefined {
  return onlyFile(Buffer.from(body, "latin1"), contentType);
}

/** What busboy finds in a form, all of it; nothing where it finds a fault. */
function readByBusboy(body: string, contentType: string): Promise<FormFile[] | undefined> {
  return new Promise((resolve) => {
    const found: FormFile[] = [];
    const form = busboy({ headers: { "content-type": contentType } });
    form.on("file", (name, stream, { mimeType }) => {
      const file = { name, type: mimeType, content: Buffer.alloc(0) };
      found.push(file);
      stream.on("data", (chunk) => {
        file.content = Buffer.concat([file.content, chunk]);
      });
      stream.on("error", () => resolve(undefined));
    });
    form.on("field", (name) => found.push({ name, type: "field", content: Buffer.alloc(0) }));
    form.on("error", () => resolve(undefined));
    form.on("close", () => resolve(found));
    form.end(Buffer.from(body, "latin1"));
  });
}

describe("the only file of a form", () => {
  it.each([
    ["as curl writes it", plain, type],
    [
      "of a long boundary",
      plain.replaceAll("----b-1", "x".repeat(70)),
      type.replace("----b-1", "x".repeat(70)),
    ],
    ["with its media type in capitals", plain.replace("image/jpeg", "Image/JPEG"), type],
    ["that is empty", plain.replace("bytes", ""), type],
    ["that ends like a line", plain.replace("bytes", "\r\n\r\n--\r\n"), type],
    ["that holds what looks like a boundary", plain.replace("bytes", "bytes------b-1\r\n"), type],
    ["of every byte", plain.replace("bytes", String.fromCharCode(...Array(256).keys())), type],
  ])("%s is what busboy finds", async (_, body, contentType) => {
    const found = read(body, contentType);
    expect(found).toBeDefined();
    expect([found]).toEqual(await readByBusboy(body, contentType));
  });

  it.each([
    ["a field", plain.replace('; filename="a photo.jpg"', "")],
    ["a file without a name", plain.replace("a photo.jpg", "")],
    ["a name that is escaped", plain.replace("a photo", '\\"')],
    ["a type with a charset", plain.replace("jpeg", "jpeg; charset=utf-8")],
    ["no type", plain.replace("Content-Type: image/jpeg\r\n", "")],
    ["another header", plain.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: binary\r\n\r\n")],
    ["a long head", plain.replace("\r\n\r\n", `\r\nX-Long: ${"x".repeat(2000)}\r\n\r\n`)],
    ["two parts", part + plain],
    ["a boundary that begins as the last one does", `${part}------b-1x\r\n${plain}`],
    ["something before", `before\r\n${plain}`],
    ["something after", `${plain}after`],
    ["no end", part],
    ["half an end", plain.slice(0, -3)],
    ["nothing", ""],
  ])("isn't taken out of a form with %s", (_, body) => {
    expect(read(body)).toBeUndefined();
  });

  it.each([
    undefined,
    "multipart/form-data",
    `${type}; charset=utf-8`,
    'multipart/form-data; boundary="----b-1"',
  ])("isn't taken out of a body of the type %s", (contentType) => {
    expect(onlyFile(Buffer.from(plain), contentType)).toBeUndefined();
  });
});
